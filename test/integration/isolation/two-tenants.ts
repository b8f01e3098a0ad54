import { v7 } from 'uuid';
import type { AuthenticatedUser, Role } from '../../../src/application/actor';
import type { Tx } from '../../../src/application/ports/unit-of-work';
import type { TenantId, UserId } from '../../../src/domain/ids';
import { inside } from '../../../src/infrastructure/postgres/transaction';

/** The people of one tenant. The buyer and the colleague have an order each; the learner has a seat of the buyer's. */
export interface People {
  readonly tenantId: TenantId;
  readonly buyer: AuthenticatedUser;
  readonly colleague: AuthenticatedUser;
  readonly orgAdmin: AuthenticatedUser;
  readonly provider: AuthenticatedUser;
  readonly learner: AuthenticatedUser;
}
export interface Offer {
  readonly listingId: string;
  readonly providerTenantId: TenantId;
  readonly planId: string;
  readonly courseId: string;
  readonly courseVersionId: string;
}

export function somePeople(): People {
  const tenantId = v7() as TenantId;
  const person = (...roles: Role[]): AuthenticatedUser =>
    ({ kind: 'user', tenantId, userId: v7() as UserId, roles: new Set(roles), expiresAtSeconds: Number.MAX_SAFE_INTEGER });
  return { tenantId, buyer: person('buyer'), colleague: person('buyer'), orgAdmin: person('org_admin'), provider: person('provider'), learner: person() };
}

type Row = Readonly<Record<string, unknown>>;

/** Plain SQL, so that what is under test has no part in making its own examples. */
async function insert(tx: Tx, table: string, ...rows: readonly Row[]): Promise<void> {
  for (const row of rows) {
    const columns = Object.keys(row).join(', ');
    await inside(tx).query(`insert into marketplace.${table} (${columns}) select ${columns} from jsonb_populate_record(null::marketplace.${table}, $1)`, [JSON.stringify(row)]);
  }
}

const AT = '2026-01-05T09:00:00Z';
const TERMS = {
  name: 'Three seats', kind: 'SEAT_PACK', seatsIncluded: 3, accessDays: null, perpetualOffline: false, trialDays: 0,
  refundPolicy: { windowDays: 14, partial: true }, seatReassignmentLimit: null,
};
const TO_SALE = ['DRAFT', 'SUBMITTED', 'APPROVED', 'LIVE'] as const;

/** A listing with one plan, brought to its status by the legal way. Writes 1 row of each table, and as many of the history as it has states. */
export async function anOffer(tx: Tx, providerTenantId: TenantId, status: 'DRAFT' | 'LIVE'): Promise<Offer> {
  const [listingId, planId, courseId, courseVersionId] = [v7(), v7(), v7(), v7()] as const;
  const owner = { provider_tenant_id: providerTenantId };
  await insert(tx, 'course_version', {
    course_version_id: courseVersionId, course_id: courseId, owner_tenant_id: providerTenantId, title: 'Knots', published_at: AT,
    play_package_id: 'package-1', package_format: 'CMI5', built_at: AT,
  });
  await insert(tx, 'listing', {
    id: listingId, ...owner, course_id: courseId, course_version_id: courseVersionId, title: 'Knots for sailors', description: 'Twelve knots that hold.',
    status: 'DRAFT', created_at: AT, updated_at: AT,
  });
  await insert(tx, 'pricing_plan', { id: planId, listing_id: listingId, ...owner, kind: 'SEAT_PACK', created_at: AT });
  await insert(tx, 'pricing_plan_revision', { plan_id: planId, revision: 1, ...owner, terms: TERMS, valid_from: AT });
  await insert(tx, 'pricing_plan_price', { plan_id: planId, revision: 1, ...owner, currency: 'EUR', amount_minor: 4900 });
  for (const [index, to] of TO_SALE.slice(0, TO_SALE.indexOf(status) + 1).entries()) {
    await inside(tx).query('update marketplace.listing set status = $2, version = $3 where id = $1', [listingId, to, index + 1]);
    await insert(tx, 'listing_transition', { listing_id: listingId, version: index + 1, ...owner, from_status: TO_SALE[index - 1], to_status: to, at: AT });
  }
  return { listingId, providerTenantId, planId, courseId, courseVersionId };
}

/** A storefront with one listing in its window. */
export async function aStorefront(tx: Tx, tenantId: TenantId, { listingId }: Offer): Promise<void> {
  const id = v7();
  await insert(tx, 'storefront', {
    id, slug: `shop-${id}`, tenant_id: tenantId, name: 'Knots & Co', currencies: ['EUR'], default_currency: 'EUR', curated: true, created_at: AT, updated_at: AT,
  });
  await insert(tx, 'storefront_listing', { storefront_id: id, listing_id: listingId, tenant_id: tenantId, position: 0 });
}

const ORDER_PATH = [['PLACED', 'RESERVE'], ['AWAITING_PAYMENT', 'PAYMENT'], ['LICENSING', 'LICENSING'], ['ENROLLING', 'ENROLLMENT'], ['FULFILLED', 'FULFILMENT']] as const;

/**
 * All that a fulfilled purchase of a three-seat pack leaves behind: 1 order with 1 line, 5 status changes, 1 payment and
 * 1 partial refund of it with 1 line and 1 seat, 1 licence with 3 seats (the learner's, the buyer's, a free one that was somebody's), 2 claims, 1 saga
 * with 2 transitions, a coupon of the provider's with its use, its place in the month's spending, the provider's sale with 1 entry of the ledger,
 * 2 events: one in today's partition, one of a day that has none.
 */
export async function aPurchase(tx: Tx, buyer: AuthenticatedUser, learnerId: string, offer: Offer): Promise<void> {
  const side = { tenant_id: buyer.tenantId, buyer_id: buyer.userId };
  const [orderId, lineId] = [v7(), v7()];
  const course = { course_id: offer.courseId, course_version_id: offer.courseVersionId, play_package_id: 'package-1', package_format: 'CMI5' };
  await anOrder(tx, side, orderId);
  await aCouponUse(tx, side, orderId, offer.providerTenantId);
  await insert(tx, 'order_line', {
    id: lineId, order_id: orderId, ...side, position: 0, listing_id: offer.listingId, provider_tenant_id: offer.providerTenantId, plan_id: offer.planId,
    plan_revision: 1, title: 'Knots for sailors', terms: TERMS, ...course, quantity: 1, unit_price_minor: 4900, subtotal_minor: 4900, discount_minor: 0,
    total_minor: 4900, learner_ids: [learnerId, buyer.userId],
  });
  await insert(tx, 'course_claim', ...[learnerId, buyer.userId].map((learner) => ({ ...side, learner_id: learner, course_id: offer.courseId, order_id: orderId })));
  await aSale(tx, orderId, lineId, offer);
  const refundId = await aPayment(tx, side, orderId);
  await insert(tx, 'refund_line', { refund_id: refundId, line_id: lineId, ...side, amount_minor: 900 });
  const freeSeat = await aLicense(tx, side, learnerId, {
    order_id: orderId, order_line_id: lineId, listing_id: offer.listingId, plan_id: offer.planId, plan_revision: 1, terms: TERMS, ...course,
  });
  await insert(tx, 'refund_seat', { refund_id: refundId, seat_id: freeSeat, ...side });
  await aSubscription(tx, side, orderId, lineId, offer);
  await aSaga(tx, side, orderId);
  await anEvent(tx, buyer.tenantId, orderId);
  await insert(tx, 'subject_request', {
    id: v7(), request_id: orderId, kind: 'erasure', subject_id: buyer.userId, tenant_id: buyer.tenantId, correlation_id: v7(), causation_id: v7(), received_at: AT,
    created_at: AT, look_at: AT,
  });
}

/** A subscription on that licence, with its first period and the trial it had. */
async function aSubscription(tx: Tx, side: Row, orderId: string, lineId: string, { listingId, planId }: Offer): Promise<void> {
  const [license] = await inside(tx).query<{ id: string }>('select id from marketplace.license where order_line_id = $1', [lineId]);
  const [id, period] = [v7(), { starts_at: AT, ends_at: '2026-02-05T09:00:00Z' }];
  await insert(tx, 'subscription', {
    id, ...side, license_id: license?.id, listing_id: listingId, plan_id: planId, plan_revision: 1, terms: TERMS, quantity: 1, unit_price_minor: 4900, currency: 'EUR', state: 'ACTIVE',
    anchor_at: AT, trial: false, period: 0, current_period_start: period.starts_at, current_period_end: period.ends_at, cancel_at_period_end: false, started_at: AT,
  });
  await insert(tx, 'subscription_period', { subscription_id: id, period: 0, order_id: orderId, order_line_id: lineId, license_id: license?.id, ...side, ...period });
  await insert(tx, 'subscription_trial', { ...side, listing_id: listingId, order_id: orderId });
}

async function anOrder(tx: Tx, side: Row, orderId: string): Promise<void> {
  await insert(tx, 'orders', {
    id: orderId, number: `GE-${orderId}`, source: 'CHECKOUT', status: 'PLACED', ...side, currency: 'EUR', subtotal_minor: 4900, total_minor: 4900,
    idempotency_key: orderId, request_hash: '\\x00', version: 1, placed_at: AT,
  });
  for (const [index, [to, step]] of ORDER_PATH.entries()) {
    if (index > 0) await inside(tx).query('update marketplace.orders set status = $2, version = version + 1 where id = $1', [orderId, to]);
    await insert(tx, 'order_transition', { order_id: orderId, version: index + 1, ...side, from_status: ORDER_PATH[index - 1]?.[0], to_status: to, step, at: AT });
  }
}

async function aSale(tx: Tx, orderId: string, lineId: string, { providerTenantId, listingId }: Offer): Promise<void> {
  const entryId = v7();
  const share = { currency: 'EUR', gross_minor: 4900, fee_minor: 735 };
  await insert(tx, 'provider_sale', {
    id: lineId, order_id: orderId, provider_tenant_id: providerTenantId, order_number: `GE-${orderId}`, order_status: 'FULFILLED', listing_id: listingId,
    plan_name: 'Three seats', quantity: 1, ...share, discount_minor: 0, placed_at: AT,
  });
  await insert(tx, 'journal_entry', {
    id: entryId, kind: 'SALE', provider_tenant_id: providerTenantId, order_id: orderId, order_line_id: lineId, ...share, net_minor: 4165, at: AT, available_at: AT,
  });
  await insert(tx, 'journal_posting', ...([['buyer_clearing', 4900], ['provider_payable', -4165], ['platform_revenue', -735]] as const).map(([account, amount], position) => ({
    entry_id: entryId, position, order_id: orderId, account, currency: 'EUR', amount_minor: amount,
  })));
}

async function aCouponUse(tx: Tx, side: Row & { readonly tenant_id: string; readonly buyer_id: string }, orderId: string, providerTenantId: TenantId): Promise<void> {
  const couponId = v7();
  await insert(tx, 'coupon', {
    id: couponId, code: couponId, code_key: couponId, funding: 'PROVIDER', provider_tenant_id: providerTenantId, percent_hundredths: 1000, active: true,
    listing_ids: [], tenant_ids: [], reserved: 0, redeemed: 1, created_at: AT,
  });
  await insert(tx, 'coupon_redemption', { order_id: orderId, coupon_id: couponId, ...side, state: 'REDEEMED', discount_minor: 0, currency: 'EUR', reserved_at: AT, redeemed_at: AT });
  await insert(tx, 'coupon_tenant_use', { coupon_id: couponId, tenant_id: side.tenant_id, used: 1, max: 5 });
  await insert(tx, 'coupon_buyer_use', { coupon_id: couponId, ...side, used: 1, max: 5 });
  await insert(tx, 'purchase_spend', { order_id: orderId, tenant_id: side.tenant_id, currency: 'EUR', month: '2026-01-01', amount_minor: 4900 });
}

async function aPayment(tx: Tx, side: Row, orderId: string): Promise<string> {
  const refundId = v7();
  const common = { payment_id: `pay-${orderId}`, order_id: orderId, ...side, currency: 'EUR' };
  await insert(tx, 'payment', { ...common, attempt: 1, idempotency_key: `${orderId}:1`, asked_minor: 4900, paid_minor: 4900, created_at: AT });
  await insert(tx, 'refund', { ...common, id: refundId, kind: 'UNASKED', initiated_by: 'BILLING', status: 'SUCCEEDED', amount_minor: 900, requested_at: AT });
  return refundId;
}

async function aLicense(tx: Tx, side: Row & { readonly buyer_id: string }, learnerId: string, bought: Row & { readonly order_id: string }): Promise<string> {
  const [licenseId, freeSeat] = [v7(), v7()];
  await insert(tx, 'license', { id: licenseId, ...side, ...bought, source: 'PURCHASE', state: 'ACTIVE', perpetual_offline: false, valid_from: AT, seats_total: 3 });
  const heldBy = { license_id: licenseId, ...side };
  const seat = { ...heldBy, order_id: bought.order_id };
  await insert(tx, 'seat',
    { ...seat, id: v7(), state: 'ENROLLED', assignment_id: v7(), learner_id: learnerId, enrollment_id: 'enrollment-1', at_purchase: true, assigned_at: AT },
    { ...seat, id: v7(), state: 'ASSIGNED', assignment_id: v7(), learner_id: side.buyer_id, at_purchase: true, assigned_at: AT },
    { ...seat, id: freeSeat, state: 'AVAILABLE', at_purchase: false });
  await insert(tx, 'former_assignment', { ...heldBy, assignment_id: v7(), seat_id: freeSeat, learner_id: v7(), ended_as: 'REJECTED', ended_at: AT });
  return freeSeat;
}

async function aSaga(tx: Tx, side: Row, orderId: string): Promise<void> {
  const sagaId = v7();
  await insert(tx, 'saga', {
    id: sagaId, name: 'purchase', definition_version: 1, correlation_id: orderId, ...side, state: 'COMPLETED', step: 'fulfilment', attempt: 1, data: {},
    timers: {}, version: 2, started_at: AT, updated_at: AT,
  });
  const moves = [['reserve', 'payment', 'started'], ['payment', 'fulfilment', 'billing.payment.succeeded.v1']];
  await insert(tx, 'saga_transition', ...moves.map(([from, to, cause], index) => ({
    saga_id: sagaId, version: index + 1, ...side, from_state: 'RUNNING', from_step: from, to_state: 'RUNNING', to_step: to, cause, at: AT,
  })));
}

async function anEvent(tx: Tx, tenantId: TenantId, orderId: string): Promise<void> {
  await insert(tx, 'aggregate_version', { aggregate_id: orderId, version: 1 });
  const event = {
    shard: 0, type: 'marketplace.order.placed.v1', aggregate_id: orderId, aggregate_version: 1, tenant_id: tenantId, correlation_id: v7(), occurred_at: AT, data: {},
  };
  await insert(tx, 'outbox', { ...event, id: v7() }, { ...event, id: v7(), created_at: AT });
}

/** The provider's account and a payout of one of its sales: 1 row of each table, and 1 entry of the ledger. */
export async function aPayout(tx: Tx, { providerTenantId }: Offer): Promise<void> {
  const [payoutId, entryId] = [v7(), v7()];
  const owner = { provider_tenant_id: providerTenantId };
  const [sale] = await inside(tx).query<{ id: string }>('select id from marketplace.journal_entry where provider_tenant_id = $1 order by id limit 1', [providerTenantId]);
  await insert(tx, 'payout_account', { ...owner, stripe_account_id: `acct_${payoutId}`, currency: 'EUR', payouts_enabled: true, created_at: AT, held_until: AT });
  await insert(tx, 'payout', { id: payoutId, ...owner, status: 'SCHEDULED', stripe_account_id: `acct_${payoutId}`, currency: 'EUR', amount_minor: 4165, scheduled_for: '2026-02-01', created_at: AT });
  await insert(tx, 'payout_source', { payout_id: payoutId, ...owner, currency: 'EUR', balance_minor: 4165, rate: '1', rate_as_of: AT, converted_minor: 4165, residue_minor: 0 });
  await insert(tx, 'payout_entry', { payout_id: payoutId, entry_id: sale?.id, ...owner, live: true });
  await insert(tx, 'journal_entry', { id: entryId, kind: 'PAYOUT', ...owner, payout_id: payoutId, currency: 'EUR', gross_minor: -4165, fee_minor: 0, net_minor: -4165, at: AT });
  await insert(tx, 'journal_posting', ...([['provider_payable', 4165], ['payout_clearing', -4165]] as const).map(([account, amount], position) => ({
    entry_id: entryId, position, account, currency: 'EUR', amount_minor: amount,
  })));
}

/** A row in each of the service's own tables, so that there is something not to be seen. */
export async function someInternals(tx: Tx): Promise<void> {
  await insert(tx, 'inbox', { consumer: 'billing', event_id: v7(), type: 'billing.payment.succeeded.v1', received_at: AT });
  await insert(tx, 'event_try', { consumer: 'billing', stream_sequence: 1, tries: 1, last_error: 'no' });
  await insert(tx, 'dead_letter', { id: v7(), consumer: 'billing', stream_sequence: 1, subject: 'billing.payment.succeeded.v1', error: 'no', deliveries: 1, payload: '{}', at: AT });
  await insert(tx, 'payout_batch', { scheduled_for: '2026-02-01', requested_at: AT });
  await insert(tx, 'replica', { id: v7(), seen_at: AT });
}

/** A sold listing is taken off sale. */
export async function suspend(tx: Tx, { listingId }: Offer): Promise<void> {
  await inside(tx).query(`update marketplace.listing set status = 'SUSPENDED', suspended_from = 'LIVE' where id = $1`, [listingId]);
}
