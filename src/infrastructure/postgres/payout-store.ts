import type { JournalEntryId, PayoutId, TenantId } from '../../domain/ids';
import type { CurrencyCode } from '../../domain/money';
import type { PayoutEntry } from '../../domain/payout/bookings';
import type { Payout, PayoutAccount } from '../../domain/payout/payout';
import type { AvailableBalance, Candidate, PayoutStore } from '../../application/ports/payouts';
import type { Tx } from '../../application/ports/unit-of-work';
import { ACCOUNT_COLUMNS, accountOf, PAYOUT_COLUMNS, payoutColumns, payoutOf, PAYOUTS } from './payout-rows';
import type { AccountRecord, PayoutRecord } from './payout-rows';
import { moneyOf } from './rows';
import { inside } from './transaction';

const ACCOUNT = `select ${ACCOUNT_COLUMNS} from marketplace.payout_account where provider_tenant_id = $1`;
const ADD_ACCOUNT = `insert into marketplace.payout_account (${ACCOUNT_COLUMNS}) values ($1, $2, $3, $4, $5, $6) on conflict (provider_tenant_id) do nothing`;

/* Earned for good, not held by an open refund, and in no payout that lives. */
const AVAILABLE = `marketplace.journal_entry e join marketplace.provider_sale s on s.id = e.order_line_id
  where e.available_at <= marketplace.clock() and s.order_status <> 'REFUND_PENDING'
    and not exists (select 1 from marketplace.payout_entry p where p.entry_id = e.id and p.live)`;

const CANDIDATES = `select b.provider_tenant_id, jsonb_agg(jsonb_build_object('currency', b.currency, 'minor', b.minor::text)) as balances,
    a.stripe_account_id, a.currency, a.payouts_enabled, a.created_at, a.held_until
  from (select e.provider_tenant_id, e.currency, sum(e.net_minor) as minor from ${AVAILABLE}
      and ($2::uuid is null or e.provider_tenant_id > $2)
      and not exists (select 1 from marketplace.payout p where p.provider_tenant_id = e.provider_tenant_id and p.scheduled_for = $1::date and p.status <> 'FAILED')
    group by e.provider_tenant_id, e.currency) b
  left join marketplace.payout_account a on a.provider_tenant_id = b.provider_tenant_id
  group by b.provider_tenant_id, a.provider_tenant_id order by b.provider_tenant_id limit $3`;

const BALANCE = `select e.currency, sum(e.net_minor)::bigint as minor, array_agg(e.id order by e.id) as ids from ${AVAILABLE} and e.provider_tenant_id = $1 group by e.currency order by e.currency`;

const ADD = `with payout as (
    insert into marketplace.payout (id, provider_tenant_id, status, stripe_account_id, currency, amount_minor, scheduled_for, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)),
  source as (
    insert into marketplace.payout_source (payout_id, provider_tenant_id, currency, balance_minor, rate, rate_as_of, converted_minor, residue_minor)
    select $1, $2, currency, balance_minor, rate, rate_as_of, converted_minor, residue_minor
    from jsonb_to_recordset($9::jsonb) as s (currency text, balance_minor bigint, rate text, rate_as_of timestamptz, converted_minor bigint, residue_minor bigint))
  insert into marketplace.payout_entry (payout_id, entry_id, provider_tenant_id) select $1, entry_id, $2 from unnest($10::uuid[]) entry_id`;

const BOOK = `with entry as (
    insert into marketplace.journal_entry (id, kind, provider_tenant_id, payout_id, currency, gross_minor, fee_minor, net_minor, at)
    select id, kind, provider_tenant_id, payout_id, currency, net_minor, 0, net_minor, at
    from jsonb_to_recordset($1::jsonb) as e (id uuid, kind text, provider_tenant_id uuid, payout_id uuid, currency text, net_minor bigint, at timestamptz))
  insert into marketplace.journal_posting (entry_id, position, account, currency, amount_minor)
  select entry_id, position, account, currency, amount_minor
  from jsonb_to_recordset($2::jsonb) as p (entry_id uuid, position integer, account text, currency text, amount_minor bigint)`;

const FAIL = `with failed as (update marketplace.payout set status = 'FAILED', failure_message = $2 where id = $1 returning id)
  update marketplace.payout_entry set live = false where payout_id in (select id from failed)`;

/** Payouts, the accounts that they go to and the ledger entries that book them. Written by the worker role only. */
export class PostgresPayoutStore implements PayoutStore {
  async account(tx: Tx, providerTenantId: TenantId): Promise<PayoutAccount | null> {
    const [row] = await inside(tx).prepared<AccountRecord>('payout-account', ACCOUNT, [providerTenantId]);
    return row ? accountOf(row) : null;
  }

  async addAccount(tx: Tx, { providerTenantId, stripeAccountId, currency, payoutsEnabled, createdAt, heldUntil }: PayoutAccount): Promise<PayoutAccount> {
    await inside(tx).query(ADD_ACCOUNT, [providerTenantId, stripeAccountId, currency, payoutsEnabled, createdAt, heldUntil]);
    const stored = await this.account(tx, providerTenantId);
    if (!stored) throw new Error(`the payout account of ${providerTenantId} is missing`);
    return stored;
  }

  async enableAccount(tx: Tx, providerTenantId: TenantId): Promise<void> {
    await inside(tx).query('update marketplace.payout_account set payouts_enabled = true where provider_tenant_id = $1', [providerTenantId]);
  }

  async candidates(tx: Tx, scheduledFor: string, after: TenantId | null, limit: number): Promise<Candidate[]> {
    type Row = Omit<AccountRecord, 'stripe_account_id'> & { stripe_account_id: string | null; balances: { currency: CurrencyCode; minor: string }[] };
    const rows = await inside(tx).prepared<Row>('payout-candidates', CANDIDATES, [scheduledFor, after, limit]);
    return rows.map(({ stripe_account_id, balances, ...row }) => ({
      providerTenantId: row.provider_tenant_id, account: stripe_account_id === null ? null : accountOf({ ...row, stripe_account_id }),
      balances: balances.map(({ currency, minor }) => moneyOf(BigInt(minor), currency)),
    }));
  }

  async lockBalance(tx: Tx, providerTenantId: TenantId): Promise<{ readonly account: PayoutAccount; readonly available: readonly AvailableBalance[] } | null> {
    const [account] = await inside(tx).prepared<AccountRecord>('payout-account-lock', `${ACCOUNT} for update`, [providerTenantId]);
    if (!account) return null;
    const rows = await inside(tx).prepared<{ currency: CurrencyCode; minor: bigint; ids: JournalEntryId[] }>('payout-balance', BALANCE, [providerTenantId]);
    return { account: accountOf(account), available: rows.map(({ currency, minor, ids }) => ({ balance: moneyOf(minor, currency), entryIds: ids })) };
  }

  async hasLive(tx: Tx, providerTenantId: TenantId, scheduledFor: string): Promise<boolean> {
    const text = `select 1 from marketplace.payout where provider_tenant_id = $1 and scheduled_for = $2 and status <> 'FAILED'`;
    return (await inside(tx).prepared('payout-live', text, [providerTenantId, scheduledFor])).length > 0;
  }

  async add(tx: Tx, payout: Payout, entryIds: readonly JournalEntryId[]): Promise<void> {
    await inside(tx).prepared('payout-add', ADD, [...payoutColumns(payout), entryIds]);
  }

  async book(tx: Tx, entries: readonly PayoutEntry[]): Promise<void> {
    const headers = entries.map(({ id, kind, providerTenantId, payoutId, net, at }) =>
      ({ id, kind, provider_tenant_id: providerTenantId, payout_id: payoutId, currency: net.currency, net_minor: net.amountMinor.toString(), at }));
    const postings = entries.flatMap(({ id, postings: sides }) => sides.map(({ account, amount }, position) =>
      ({ entry_id: id, position, account, currency: amount.currency, amount_minor: amount.amountMinor.toString() })));
    await inside(tx).prepared('payout-book', BOOK, [JSON.stringify(headers), JSON.stringify(postings)]);
  }

  async get(tx: Tx, id: PayoutId): Promise<Payout> {
    const [row] = await inside(tx).prepared<PayoutRecord>('payout-get', `select ${PAYOUT_COLUMNS} from ${PAYOUTS} where id = $1`, [id]);
    if (!row) throw new Error(`payout ${id} is missing`);
    return payoutOf(row);
  }

  async begin(tx: Tx, id: PayoutId): Promise<void> {
    await inside(tx).prepared('payout-begin', `update marketplace.payout set status = 'PROCESSING' where id = $1`, [id]);
  }

  async pay(tx: Tx, id: PayoutId, transferId: string): Promise<void> {
    await inside(tx).prepared('payout-pay', `update marketplace.payout set status = 'PAID', transfer_id = $2, paid_at = marketplace.clock() where id = $1`, [id, transferId]);
  }

  async fail(tx: Tx, id: PayoutId, message: string): Promise<void> {
    await inside(tx).prepared('payout-fail', FAIL, [id, message]);
  }
}
