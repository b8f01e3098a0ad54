import { v7 } from 'uuid';
import { putOnSale } from './offers';

type Sql = (text: string, values?: readonly unknown[]) => Promise<unknown>;

export interface PayableProvider {
  readonly tenantId: string;
  /** Minor units by currency; negative: more went back than came in. */
  readonly earned: Readonly<Record<string, number>>;
}

/** Sold, fulfilled and past the refund deadline: the rows that such purchases leave behind, as far as payouts look at them. */
export async function haveEarned(sql: Sql, providers: readonly PayableProvider[]): Promise<void> {
  const { listingId, planId, courseId, courseVersionId } = await putOnSale(sql);
  const sales = providers.flatMap(({ tenantId, earned }) => Object.entries(earned).map(([currency, minor]) => {
    const sold = minor > 0 ? minor : 1_000;
    return { provider: tenantId, buyer: v7(), currency, sold, back: sold - minor, order_id: v7(), line_id: v7(), sale_id: v7(), back_id: v7(), refund_id: v7() };
  }));
  await sql(SOLD, [JSON.stringify(sales), listingId, planId, courseId, courseVersionId]);
}

const SOLD = `with s as (
    select *, marketplace.clock() - interval '30 days' as at, marketplace.clock() - interval '1 day' as available
    from jsonb_to_recordset($1::jsonb) as s (provider uuid, buyer uuid, currency text, sold bigint, back bigint, order_id uuid, line_id uuid, sale_id uuid, back_id uuid, refund_id uuid)),
  ordered as (
    insert into marketplace.orders (id, number, source, status, tenant_id, buyer_id, currency, subtotal_minor, total_minor, idempotency_key, request_hash, version, placed_at)
    select order_id, 'GE-' || order_id, 'CHECKOUT', 'PLACED', buyer, buyer, currency, sold, sold, order_id::text, '\\x00', 1, at from s),
  lines as (
    insert into marketplace.order_line (id, order_id, tenant_id, buyer_id, position, listing_id, provider_tenant_id, plan_id, plan_revision, title, terms, course_id,
      course_version_id, play_package_id, package_format, quantity, unit_price_minor, subtotal_minor, total_minor)
    select line_id, order_id, buyer, buyer, 0, $2::uuid, provider, $3::uuid, 1, 'Knots', '{}', $4::uuid, $5::uuid, 'package-1', 'CMI5', 1, sold, sold, sold from s),
  sales as (
    insert into marketplace.provider_sale (id, order_id, provider_tenant_id, order_number, order_status, listing_id, plan_name, quantity, currency, gross_minor, discount_minor, fee_minor, placed_at)
    select line_id, order_id, provider, 'GE-' || order_id, 'FULFILLED', $2::uuid, 'For one', 1, currency, sold, 0, 0, at from s),
  paid as (
    insert into marketplace.payment (payment_id, order_id, tenant_id, buyer_id, attempt, idempotency_key, currency, asked_minor, paid_minor, created_at)
    select 'pay-' || order_id, order_id, buyer, buyer, 1, order_id || ':1', currency, sold, sold, at from s),
  returned as (
    insert into marketplace.refund (id, payment_id, order_id, tenant_id, buyer_id, kind, initiated_by, status, amount_minor, currency, requested_at)
    select refund_id, 'pay-' || order_id, order_id, buyer, buyer, 'UNASKED', 'BILLING', 'FAILED', 1, currency, at from s where back > 0),
  entries as (
    insert into marketplace.journal_entry (id, kind, provider_tenant_id, order_id, order_line_id, refund_id, currency, gross_minor, fee_minor, net_minor, at, available_at)
    select sale_id, 'SALE', provider, order_id, line_id, null::uuid, currency, sold, 0, sold, at, available from s
    union all select back_id, 'DISPUTE', provider, order_id, line_id, refund_id, currency, -back, 0, -back, at, available from s where back > 0)
  insert into marketplace.journal_posting (entry_id, position, order_id, account, currency, amount_minor)
  select sale_id, 0, order_id, 'buyer_clearing', currency, sold from s union all select sale_id, 1, order_id, 'provider_payable', currency, -sold from s
  union all select back_id, 0, order_id, 'buyer_clearing', currency, -back from s where back > 0 union all select back_id, 1, order_id, 'provider_payable', currency, back from s where back > 0`;

/** Accounts at the sandbox's Stripe, verified and past their hold. */
export async function haveAccounts(sql: Sql, sandboxUrl: string, accounts: readonly { readonly tenantId: string; readonly currency: string }[]): Promise<void> {
  for (const { tenantId, currency } of accounts) {
    const body = new URLSearchParams({ 'metadata[tenantId]': tenantId, default_currency: currency.toLowerCase() });
    const { id } = (await (await fetch(`${sandboxUrl}/stripe/v1/accounts`, { method: 'POST', body })).json()) as { id: string };
    await sql(`insert into marketplace.payout_account (provider_tenant_id, stripe_account_id, currency, payouts_enabled, created_at, held_until)
      values ($1, $2, $3, false, marketplace.clock() - interval '30 days', marketplace.clock() - interval '23 days')`, [tenantId, id, currency]);
  }
}

/** Every way in which what is owed, what is paid out, what Stripe moved and what statements say contradict each other. */
export const PAYOUT_CONTRADICTIONS = `
  select 'provider ' || e.provider_tenant_id || ': ' || e.currency || ' does not add up' as what
  from marketplace.journal_entry e left join marketplace.payout_entry p on p.entry_id = e.id and p.live
  where e.provider_tenant_id is not null
  group by e.provider_tenant_id, e.currency
  having coalesce(sum(e.net_minor) filter (where e.payout_id is null and p.entry_id is not null), 0) <> -coalesce(sum(e.net_minor) filter (where e.payout_id is not null), 0)
  union all
  select 'payout ' || o.id || ' is ' || o.status || ' and takes ' || coalesce(sum(p.amount_minor), 0) || ' of ' || o.amount_minor
  from marketplace.payout o left join marketplace.journal_entry e on e.payout_id = o.id left join marketplace.journal_posting p on p.entry_id = e.id and p.account = 'payout_clearing'
  group by o.id having -coalesce(sum(p.amount_minor), 0) <> case when o.status = 'FAILED' then 0 else o.amount_minor end
  union all
  select 'entry ' || entry_id || ' tips' from marketplace.journal_posting group by entry_id, currency having sum(amount_minor) <> 0`;
