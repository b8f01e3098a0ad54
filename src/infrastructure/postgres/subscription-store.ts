import type { LicenseId, ListingId, OrderId, OrderLineId, SubscriptionId, TenantId, UserId } from '../../domain/ids';
import type { License } from '../../domain/license/license';
import type { OrderLine } from '../../domain/order/order';
import { firstPeriod } from '../../domain/subscription/periods';
import type { Subscription } from '../../domain/subscription/subscription';
import type { LicenseChange, PaidPeriod, SubscriptionOfOrder, SubscriptionStore } from '../../application/ports/subscriptions';
import type { Tx } from '../../application/ports/unit-of-work';
import { LICENSE_COLUMNS, licenseOf } from './license-rows';
import type { LicenseRow } from './license-rows';
import { ORDER_LINE_COLUMNS, orderLineOf } from './order-rows';
import type { OrderLineRow } from './order-rows';
import { STOP_ASKING, UNCLAIM_LICENSES } from './seat-store';
import { SUBSCRIPTION_COLUMNS, subscriptionOf } from './subscription-rows';
import type { SubscriptionRow } from './subscription-rows';
import { inside } from './transaction';

/* The price is the plan revision's own: the line of a trial says zero. */
const START = `with w as (select * from jsonb_to_recordset($2::jsonb) as w (id uuid, line_id uuid, anchor_at timestamptz, trial boolean, ends_at timestamptz)),
  s as (
    insert into marketplace.subscription (id, tenant_id, buyer_id, license_id, listing_id, plan_id, plan_revision, terms, quantity, unit_price_minor, currency,
      state, anchor_at, trial, period, current_period_start, current_period_end, started_at)
    select w.id, l.tenant_id, l.buyer_id, l.id, l.listing_id, ol.plan_id, ol.plan_revision, ol.terms, ol.quantity, price.amount_minor, price.currency,
      case when w.trial then 'TRIALING' else 'ACTIVE' end, w.anchor_at, w.trial, 0, l.valid_from, w.ends_at, $3
    from w join marketplace.order_line ol on ol.id = w.line_id join marketplace.orders o on o.id = ol.order_id join marketplace.license l on l.order_line_id = ol.id
      join marketplace.pricing_plan_price price on price.plan_id = ol.plan_id and price.revision = ol.plan_revision and price.currency = o.currency
    where o.id = $1 returning *),
  paid as (
    insert into marketplace.subscription_period (subscription_id, period, order_id, order_line_id, license_id, tenant_id, buyer_id, starts_at, ends_at)
    select s.id, 0, $1, w.line_id, s.license_id, s.tenant_id, s.buyer_id, s.current_period_start, s.current_period_end from s join w on w.id = s.id)
  select ${SUBSCRIPTION_COLUMNS} from s`;

const LOCK_DUE = `select ${SUBSCRIPTION_COLUMNS} from marketplace.subscription s
  where s.state in ('TRIALING', 'ACTIVE') and s.renewal_order_id is null and s.current_period_end <= $2 and s.id <> all ($3::uuid[])
    and not exists (select 1 from marketplace.subscription_period sp join marketplace.refund r on r.order_id = sp.order_id
      where sp.subscription_id = s.id and sp.period = s.period and r.status = 'REQUESTED' and r.kind in ('POLICY', 'OPERATOR'))
  order by s.current_period_end limit $1 for update of s skip locked`;

const LOCK_OF_ORDER = `select ${SUBSCRIPTION_COLUMNS}, sp.period as paid_period, sp.order_line_id, sp.starts_at, sp.ends_at
  from marketplace.subscription_period sp join marketplace.subscription s on s.id = sp.subscription_id where sp.order_id = $1 order by s.id for update of s`;

const SAVE = `update marketplace.subscription set state = $2, period = $3, current_period_start = $4, current_period_end = $5, cancel_at_period_end = $6,
  renewal_order_id = $7, next_retry_at = $8, grace_ends_at = $9, ended_at = $10 where id = $1`;

const CHANGE_LICENSE = `update marketplace.license set state = $2, valid_until = coalesce($3, valid_until), state_reason = null
  where id = $1 and state not in ('EXPIRED', 'REVOKED') returning ${LICENSE_COLUMNS}`;

const RESERVE_TRIALS = `with taken as (
    insert into marketplace.subscription_trial (tenant_id, buyer_id, listing_id, order_id) select $2::uuid, $3::uuid, w.listing_id, $1::uuid from unnest($4::uuid[]) as w (listing_id) order by w.listing_id
    on conflict do nothing returning listing_id)
  select count(*)::integer as taken from taken`;

type OfOrderRow = SubscriptionRow & { paid_period: number; order_line_id: OrderLineId; starts_at: Date; ends_at: Date };
type Buyer = { readonly tenantId: TenantId; readonly userId: UserId };

/** Subscriptions in PostgreSQL. */
export class PostgresSubscriptionStore implements SubscriptionStore {
  async start(tx: Tx, orderId: OrderId, lines: readonly OrderLine[]): Promise<readonly Subscription[]> {
    const licenses = await inside(tx).prepared<{ line_id: OrderLineId; valid_from: Date }>('subscription-licenses', 'select order_line_id as line_id, valid_from from marketplace.license where order_id = $1', [orderId]);
    const begun = lines.flatMap(({ id, terms }) => licenses.filter((license) => license.line_id === id).map(({ valid_from }) => {
      const { anchorAt, trial, endsAt } = firstPeriod(terms, valid_from);
      return { id: tx.ids.next<SubscriptionId>(), line_id: id, anchor_at: anchorAt, trial, ends_at: endsAt };
    }));
    return (await inside(tx).prepared<SubscriptionRow>('subscription-start', START, [orderId, JSON.stringify(begun), tx.now])).map(subscriptionOf);
  }

  async trialsUsed(tx: Tx, { tenantId, userId }: Buyer, listingIds: readonly ListingId[]): Promise<ReadonlySet<ListingId>> {
    const rows = await inside(tx).prepared<{ id: ListingId }>('subscription-trials', `select listing_id as id from marketplace.subscription_trial
      where tenant_id = $1 and buyer_id = $2 and listing_id = any ($3::uuid[])`, [tenantId, userId, listingIds]);
    return new Set(rows.map((row) => row.id));
  }

  async reserveTrials(tx: Tx, orderId: OrderId, { tenantId, userId }: Buyer, listingIds: readonly ListingId[]): Promise<boolean> {
    if (listingIds.length === 0) return true;
    const [row] = await inside(tx).prepared<{ taken: number }>('subscription-reserve-trials', RESERVE_TRIALS, [orderId, tenantId, userId, listingIds]);
    return row?.taken === listingIds.length;
  }

  async releaseTrials(tx: Tx, orderId: OrderId): Promise<void> {
    await inside(tx).prepared('subscription-release-trials', 'delete from marketplace.subscription_trial where order_id = $1', [orderId]);
  }

  async lockDue(tx: Tx, limit: number, except: readonly SubscriptionId[]): Promise<readonly Subscription[]> {
    return (await inside(tx).prepared<SubscriptionRow>('subscription-lock-due', LOCK_DUE, [limit, tx.now, except])).map(subscriptionOf);
  }

  async lock(tx: Tx, id: SubscriptionId): Promise<Subscription | null> {
    const [row] = await inside(tx).prepared<SubscriptionRow>('subscription-lock', `select ${SUBSCRIPTION_COLUMNS} from marketplace.subscription s where s.id = $1 for update`, [id]);
    return row ? subscriptionOf(row) : null;
  }

  async lockOfOrder(tx: Tx, orderId: OrderId): Promise<readonly SubscriptionOfOrder[]> {
    const rows = await inside(tx).prepared<OfOrderRow>('subscription-lock-of-order', LOCK_OF_ORDER, [orderId]);
    return rows.map((row) => ({
      subscription: subscriptionOf(row),
      paid: { period: row.paid_period, orderId, lineId: row.order_line_id, startsAt: row.starts_at, endsAt: row.ends_at },
    }));
  }

  async lockOfLicense(tx: Tx, licenseId: LicenseId): Promise<Subscription | null> {
    const [row] = await inside(tx).prepared<SubscriptionRow>('subscription-lock-of-license', `select ${SUBSCRIPTION_COLUMNS} from marketplace.subscription s where s.license_id = $1 for update`, [licenseId]);
    return row ? subscriptionOf(row) : null;
  }

  async lockLiveOfBuyer(tx: Tx, buyerId: UserId): Promise<readonly Subscription[]> {
    const rows = await inside(tx).prepared<SubscriptionRow>('subscription-lock-live-of-buyer', `select ${SUBSCRIPTION_COLUMNS} from marketplace.subscription s
      where s.buyer_id = $1 and s.ended_at is null order by s.id for update`, [buyerId]);
    return rows.map(subscriptionOf);
  }

  async firstLine(tx: Tx, id: SubscriptionId): Promise<OrderLine> {
    const [row] = await inside(tx).prepared<OrderLineRow>('subscription-first-line', `select ${ORDER_LINE_COLUMNS} from marketplace.subscription_period sp
      join marketplace.order_line ol on ol.id = sp.order_line_id join marketplace.orders o on o.id = ol.order_id where sp.subscription_id = $1 and sp.period = 0`, [id]);
    if (!row) throw new Error(`subscription ${id} has no first period`);
    return orderLineOf(row);
  }

  async addPeriod(tx: Tx, { id, licenseId, tenantId, buyerId }: Subscription, { period, orderId, lineId, startsAt, endsAt }: PaidPeriod): Promise<void> {
    await inside(tx).prepared('subscription-add-period', `insert into marketplace.subscription_period
      (subscription_id, period, order_id, order_line_id, license_id, tenant_id, buyer_id, starts_at, ends_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [id, period, orderId, lineId, licenseId, tenantId, buyerId, startsAt, endsAt]);
  }

  async save(tx: Tx, subscription: Subscription): Promise<void> {
    const { id, state, period, currentPeriodStart, currentPeriodEnd, cancelAtPeriodEnd, renewalOrderId, nextRetryAt, graceEndsAt, endedAt } = subscription;
    await inside(tx).prepared('subscription-save', SAVE, [id, state, period, currentPeriodStart, currentPeriodEnd, cancelAtPeriodEnd, renewalOrderId, nextRetryAt, graceEndsAt, endedAt]);
  }

  async changeLicense(tx: Tx, licenseId: LicenseId, { state, validUntil }: LicenseChange): Promise<License | null> {
    const [row] = await inside(tx).prepared<LicenseRow>('subscription-change-license', CHANGE_LICENSE, [licenseId, state, validUntil ?? null]);
    if (row && state === 'EXPIRED') {
      await inside(tx).prepared('subscription-unclaim', UNCLAIM_LICENSES, [[licenseId]]);
      await inside(tx).prepared('subscription-stop-asking', STOP_ASKING, [[licenseId]]);
    }
    return row ? licenseOf(row) : null;
  }

  async takeBackValidity(tx: Tx, licenseId: LicenseId, validUntil: Date): Promise<void> {
    await inside(tx).prepared('subscription-take-back-validity', 'update marketplace.license set valid_until = greatest($2, valid_from) where id = $1 and valid_until > $2', [licenseId, validUntil]);
  }
}
