import { v7 } from 'uuid';
import type { AuthenticatedUser } from '../../../src/application/actor';
import type { Logger } from '../../../src/application/ports/logger';
import type { TenantId } from '../../../src/domain/ids';
import { PostgresOrderReader } from '../../../src/infrastructure/postgres/order-reader';
import { anAdmin, buyLicense, PLATFORM_ADMIN } from '../../support/licensed';
import { aUser } from '../../support/listing-world';
import { aKey, openPurchaseWorld } from '../../support/purchase-world';
import type { PurchaseWorld } from '../../support/purchase-world';
import { messageOf, paymentIdOf, unreadable } from '../../support/scripted-billing';
import { tracesOf } from '../../support/traces-of-a-person';
import { waitFor } from '../../support/wait';

const alarms: Record<string, unknown>[] = [];
const logger: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: (facts: object) => { alarms.push({ ...facts }); } };

let world: PurchaseWorld;
beforeAll(async () => { world = await openPurchaseWorld({ logger }); });
afterAll(() => world.close());

const ask = (kind: 'erasure' | 'access', subjectId: string, requestId = v7(), id = v7()) => messageOf('gdpr.subject_request.received.v1', { requestId, subjectId, kind }, id);
const answersTo = (requestId: string) => world.sql<{ data: Record<string, unknown> & { export?: { part: number; parts: number; records: { kind: string; data: Record<string, unknown> }[] } } }>(
  `select data from marketplace.outbox where type = 'marketplace.gdpr.subject_request.completed.v1' and data ->> 'requestId' = $1 order by aggregate_version`, [requestId]);
const publishAll = () => world.sql('update marketplace.outbox set published_at = clock_timestamp() where published_at is null');

/** Asks, and looks again until it is answered. */
async function answered(kind: 'erasure' | 'access', subjectId: string) {
  const requestId = v7();
  await world.replica.gdpr.take([ask(kind, subjectId, requestId)]);
  await untilDone(requestId);
  return (await answersTo(requestId)).map((row) => row.data);
}
async function untilDone(requestId: string): Promise<void> {
  await waitFor(async () => {
    await world.sql('update marketplace.subject_request set look_at = clock_timestamp() where completed_at is null');
    await world.replica.subjectRequests.work();
    return (await answersTo(requestId)).length > 0;
  }, { withinMs: 15_000, what: 'the request to be answered', everyMs: 50 });
}
async function forget(subjectId: string) {
  const answers = await answered('erasure', subjectId);
  await publishAll();
  await world.replica.subjectRequests.work();
  return answers[0];
}

async function place(buyer: AuthenticatedUser, details: object = {}): Promise<string> {
  const offer = await world.offer();
  const placed = await world.replica.orders.placeOrder(buyer, { idempotencyKey: aKey(), lines: [{ pricingPlanId: offer.planId, quantity: 1, learnerIds: [buyer.userId] }], currency: 'EUR', ...details });
  if (!placed.ok) throw new Error(JSON.stringify(placed.errors));
  await waitFor(async () => (await world.sql('select 1 from marketplace.payment where order_id = $1', [placed.value])).length > 0, { withinMs: 10_000, what: 'billing to know of it' });
  return placed.value;
}
async function pay(orderId: string): Promise<void> {
  await world.replica.billing.take([world.playedBilling.succeeded(orderId)]);
}
/** With a trial, that it is remembered by. */
async function subscribe(buyer: AuthenticatedUser): Promise<string> {
  const offer = await world.offer({ kind: 'SUBSCRIPTION', trialDays: 14 });
  const placed = await world.replica.orders.placeOrder(buyer, { idempotencyKey: aKey(), lines: [{ pricingPlanId: offer.planId, quantity: 1, learnerIds: [] }], currency: 'EUR' });
  if (!placed.ok) throw new Error(JSON.stringify(placed.errors));
  await waitFor(async () => (await world.sql('select 1 from marketplace.payment where order_id = $1', [placed.value])).length > 0, { withinMs: 10_000, what: 'billing to know of it' });
  await world.replica.billing.take([world.playedBilling.succeeded(placed.value, '0')]);
  return placed.value;
}
const heldBy = (userId: string) => world.sql<{ id: string; license_id: string; assignment_id: string }>(`select id, license_id, assignment_id from marketplace.seat where learner_id = $1 and state <> 'REVOKED'`, [userId]);
async function enroll(userId: string): Promise<void> {
  for (const seat of await heldBy(userId)) {
    await world.replica.enrollment.take([messageOf('enrollment.created.v1', { enrollmentId: `enr-${seat.id}`, licenseId: seat.license_id, seatId: seat.id, learnerId: userId, assignmentId: seat.assignment_id })]);
  }
}
const statusOf = async (orderId: string) => (await world.sql<{ status: string }>('select status from marketplace.orders where id = $1', [orderId]))[0]?.status;

/** Somebody who bought, learns, got money back, holds a colleague's seat and stands in messages that nobody could read. */
async function aLife(tenantId: TenantId): Promise<AuthenticatedUser> {
  const buyer = { ...aUser('buyer', 'org_admin'), tenantId };
  const coupon = `C-${v7()}`;
  await world.replica.coupons.createCoupon(aUser('platform_admin'), { code: coupon, percentOff: '10', funding: 'PLATFORM', maxRedemptionsPerBuyer: 5 });
  const kept = await place(buyer, { couponCode: coupon, purchaseReference: `for ${buyer.userId.toUpperCase()}` });
  await world.replica.billing.take([world.playedBilling.succeeded(kept, '4410')]);
  await enroll(buyer.userId);
  await subscribe(buyer);
  const disputed = await place(buyer);
  await pay(disputed);
  await enroll(buyer.userId);
  await world.replica.billing.take([world.playedBilling.refunded(disputed, undefined)]);
  await world.replica.billing.take([world.playedBilling.declined(await place(buyer))]);
  const pack = await buyLicense(world, {}, anAdmin(tenantId));
  await world.replica.licenses.assignSeats(pack.admin, { licenseId: pack.licenseId, learnerIds: [buyer.userId, v7()] });
  await world.replica.enrollment.take([unreadable('enrollment.created.v1', `{"learner":"${buyer.userId.toUpperCase()}"}`)]);
  await world.sql(`insert into marketplace.event_try (consumer, stream_sequence, tries, last_error) values ('marketplace-billing', $2, 1, 'no ' || $1::text)`, [buyer.userId, Math.floor(Math.random() * 1e9)]);
  return buyer;
}

describe('erasure', () => {
  it('given a whole life: nothing names the person any more, money and counts are what they were', async () => {
    const tenantId = v7() as TenantId;
    const buyer = await aLife(tenantId);
    const books = () => world.sql(`select account, currency, sum(amount_minor)::text as sum from marketplace.journal_posting group by 1, 2 order by 1, 2`);
    const counts = () => world.sql(`select (select count(*)::int from marketplace.orders) as orders, (select count(*)::int from marketplace.order_transition) as steps,
      (select sum(paid_minor - refunded_minor)::text from marketplace.payment) as kept, (select sum(used)::int from marketplace.coupon_buyer_use) as uses,
      (select count(*)::int from marketplace.coupon_redemption r join marketplace.coupon_buyer_use u using (coupon_id, tenant_id, buyer_id)) as redemptions`);
    const [money, counted, before] = [await books(), await counts(), await tracesOf(world.sql, buyer.userId)];
    // what this test would not notice missing, were it never there
    expect(before.map((trace) => trace.split(' ')[0])).toEqual(expect.arrayContaining([
      'orders.buyer_id', 'orders.purchase_reference', 'order_line.buyer_id', 'order_line.learner_ids', 'order_transition.buyer_id', 'course_claim.learner_id', 'payment.buyer_id', 'refund.buyer_id',
      'refund_line.buyer_id', 'license.buyer_id', 'seat.buyer_id', 'seat.learner_id', 'former_assignment.learner_id', 'former_assignment.buyer_id', 'saga.buyer_id', 'saga_transition.buyer_id',
      'subscription.buyer_id', 'subscription_period.buyer_id', 'subscription_trial.buyer_id', 'coupon_redemption.buyer_id', 'coupon_buyer_use.buyer_id', 'outbox.data', 'dead_letter.payload', 'event_try.last_error',
    ]));

    expect(await forget(buyer.userId)).toMatchObject({ kind: 'erasure', subjectId: buyer.userId, ordersAnonymised: 4, seatsReleased: 2 });

    expect(await tracesOf(world.sql, buyer.userId)).toEqual([]);
    expect([await books(), await counts()]).toEqual([money, counted]);
    expect(await world.sql(`select kind, subject_id, orders_anonymised, seats_released from marketplace.subject_request where completed_at is not null order by id desc limit 1`))
      .toEqual([{ kind: 'erasure', subject_id: null, orders_anonymised: 4, seats_released: 2 }]);
  });

  it('ends their subscriptions: nothing is charged any more, and what was paid for ends with its period', async () => {
    const buyer = { ...aUser('buyer', 'org_admin'), tenantId: v7() as TenantId };
    const orderId = await subscribe(buyer);
    await forget(buyer.userId);
    const contract = async () => (await world.sql<{ state: string; license: string; renewal: string | null }>(`select s.state, l.state as license, s.renewal_order_id as renewal
      from marketplace.subscription s join marketplace.license l on l.id = s.license_id where l.order_id = $1`, [orderId]))[0];
    expect(await contract()).toEqual({ state: 'CANCELLED', license: 'ACTIVE', renewal: null });
    await world.sql(`update marketplace.license set valid_from = now() - interval '2 days', valid_until = now() - interval '1 day' where order_id = $1`, [orderId]);
    await world.sql(`update marketplace.subscription s set current_period_start = now() - interval '2 days', current_period_end = now() - interval '1 day' from marketplace.license l where l.id = s.license_id and l.order_id = $1`, [orderId]);
    await world.replica.subscriptionSchedule.work();
    await world.replica.licenseSchedule.work();
    expect(await contract()).toEqual({ state: 'CANCELLED', license: 'EXPIRED', renewal: null });
  });

  it('the organisation still reads the orders, of nobody', async () => {
    const buyer = { ...aUser('buyer'), tenantId: v7() as TenantId };
    const orderId = await place(buyer);
    await pay(orderId);
    await enroll(buyer.userId);
    await forget(buyer.userId);
    const read = (who: AuthenticatedUser) => world.replica.unitOfWork.run(who, (tx) => new PostgresOrderReader().byIds(tx, [orderId as never]));
    expect(await read(anAdmin(buyer.tenantId))).toMatchObject([{ id: orderId, status: 'FULFILLED', buyerId: null }]);
    expect(await read(buyer)).toEqual([]);
  });

  it('given an order under way: it is taken back first, its money with it', async () => {
    const buyer = aUser('buyer');
    const orderId = await place(buyer);
    await pay(orderId);
    expect(await statusOf(orderId)).toBe('ENROLLING');
    const requestId = v7();
    await world.replica.gdpr.take([ask('erasure', buyer.userId, requestId)]);
    await world.replica.subjectRequests.work();
    expect([await statusOf(orderId), await answersTo(requestId)]).toEqual(['COMPENSATING', []]);
    const refund = await waitFor(() => world.playedBilling.refunds.find((one) => one.paymentId === paymentIdOf(orderId)), { withinMs: 10_000, what: 'the refund' });
    await world.replica.billing.take([world.playedBilling.refunded(orderId, refund.refundId)]);
    await untilDone(requestId);
    expect(await statusOf(orderId)).toBe('FAILED');
    expect(await world.sql('select cause, actor_id from marketplace.saga_transition where saga_id = (select id from marketplace.saga where correlation_id = $1) and cause like $2', [orderId, 'operator.%']))
      .toEqual([{ cause: 'operator.compensate', actor_id: null }]);
  });

  it('given one that is stuck: waits, and says so once a day with the legal deadline', async () => {
    const buyer = aUser('buyer');
    const orderId = await place(buyer);
    await world.sql(`update marketplace.saga set state = 'STUCK', call = null, timers = '{}', wake_at = null, lease_token = null where correlation_id = $1`, [orderId]);
    const requestId = v7();
    await world.replica.gdpr.take([ask('erasure', buyer.userId, requestId)]);
    for (let look = 0; look < 3; look++) {
      await world.sql('update marketplace.subject_request set look_at = clock_timestamp() where request_id = $1', [requestId]);
      await world.replica.subjectRequests.work();
    }
    const [request] = await world.sql<{ received_at: Date }>('select received_at from marketplace.subject_request where request_id = $1', [requestId]);
    expect(alarms.filter((alarm) => alarm['requestId'] === requestId)).toEqual([
      { requestId, stuckOrders: [orderId], openOrders: 1, legalDeadline: new Date(request!.received_at.getTime() + 30 * 86_400_000).toISOString() },
    ]);
    expect(await tracesOf(world.sql, buyer.userId)).toContain('orders.buyer_id 1');
    await world.sql('delete from marketplace.subject_request where request_id = $1', [requestId]);
  });

  it('given late words of enrollment about the person: told again that it is over, nobody comes back', async () => {
    const buyer = aUser('buyer');
    const orderId = await place(buyer);
    await pay(orderId);
    const [seat] = await heldBy(buyer.userId);
    await enroll(buyer.userId);
    await forget(buyer.userId);
    const releases = () => world.sql(`select 1 from marketplace.outbox where type = 'marketplace.seat.released.v1' and aggregate_id = $1`, [seat?.id]);
    expect(await releases()).toHaveLength(1);
    await world.replica.enrollment.take([messageOf('enrollment.started.v1', {
      enrollmentId: 'enr-late', licenseId: seat!.license_id, seatId: seat!.id, learnerId: buyer.userId, assignmentId: seat!.assignment_id, startedAt: '2026-02-01T08:00:00Z',
    })]);
    expect(await releases()).toHaveLength(2);
    expect(await world.sql('select state, learner_id from marketplace.seat where id = $1', [seat?.id])).toEqual([{ state: 'AVAILABLE', learner_id: null }]);
    expect(await tracesOf(world.sql, buyer.userId)).toEqual([]);
  });

  it('given the request again, as the same event, as another one, and anew: answered once for each name', async () => {
    const buyer = aUser('buyer');
    const orderId = await place(buyer);
    await world.replica.billing.take([world.playedBilling.declined(orderId)]);
    const [requestId, eventId] = [v7(), v7()];
    const first = ask('erasure', buyer.userId, requestId, eventId);
    expect(await world.replica.gdpr.take([first, first])).toEqual([{ kind: 'ack' }, { kind: 'ack' }]);
    await untilDone(requestId);
    await world.replica.gdpr.take([first, ask('erasure', buyer.userId, requestId)]);
    await world.replica.subjectRequests.work();
    expect(await answersTo(requestId)).toMatchObject([{ data: { ordersAnonymised: 1, seatsReleased: 0 } }]);
    expect(await answered('erasure', buyer.userId)).toMatchObject([{ ordersAnonymised: 0, seatsReleased: 0 }]);
    await publishAll();
    await world.replica.subjectRequests.work();
    expect(await tracesOf(world.sql, buyer.userId)).toEqual([]);
  });

  it('given somebody whom a life of purchases does not show: named in whatever else keeps an actor or the words of others', async () => {
    const buyer = await aLife(v7() as TenantId);
    const somebody = v7();
    const [listing] = await world.sql<{ id: string; provider_tenant_id: string }>('select id, provider_tenant_id from marketplace.listing order by id limit 1');
    await world.sql(`insert into marketplace.listing_transition (listing_id, version, provider_tenant_id, to_status, reason, actor_id, at) values ($1, 999, $2, 'DRAFT', 'by ' || $3::text, $3::uuid, now())`, [listing?.id, listing?.provider_tenant_id, somebody]);
    await world.sql(`insert into marketplace.operator_action (id, action, target, actor_id, actor, at) values ($1, 'saga.retry', 'saga', $2, 'PERSON', now())`, [v7(), somebody]);
    const words = [
      'saga.last_error', 'orders.purchase_reference', 'orders.payment_return_url', 'orders.idempotency_key', 'payment.payment_url', 'license.state_reason',
      'refund.reason', 'listing.status_reason', 'event_try.last_error', 'dead_letter.error', 'dead_letter.payload',
    ];
    const ids = ['saga_transition.actor_id', 'dead_letter.replayed_by'];
    const json = ['saga.data', 'saga.call'];
    for (const [places, value] of [[words, `'x ' || upper($1::text)`], [ids, '$1::uuid'], [json, `jsonb_build_object('name', 'x', 'request', jsonb_build_object('by', $1::text))`]] as const) {
      for (const [table, column] of places.map((one) => one.split('.'))) {
        await world.sql(`update marketplace.${table} set ${column} = ${value} where ctid = (select ctid from marketplace.${table} limit 1)`, [somebody]);
      }
    }
    const planted = [...words, ...ids, ...json, 'listing_transition.reason', 'listing_transition.actor_id', 'operator_action.actor_id'];
    expect((await tracesOf(world.sql, somebody)).map((trace) => trace.split(' ')[0])).toEqual(expect.arrayContaining(planted));

    await forget(somebody);

    expect(await tracesOf(world.sql, somebody)).toEqual([]);
    expect(await tracesOf(world.sql, buyer.userId)).not.toEqual([]);
  });

  it('given an operator: what they did stays, who it was does not', async () => {
    const operator = { ...PLATFORM_ADMIN, userId: v7() as never };
    await world.sql(`insert into marketplace.operator_action (id, action, target, target_id, actor_id, actor, reason, at) values ($1, 'saga.retry', 'saga', $1, $2, 'PERSON', 'Asked for', now())`, [v7(), operator.userId]);
    expect(await answered('access', operator.userId)).toMatchObject([{ export: { records: [{ kind: 'action', data: { action: 'saga.retry', reason: 'Asked for' } }] } }]);
    await forget(operator.userId);
    expect(await tracesOf(world.sql, operator.userId)).toEqual([]);
  });
});

describe('access', () => {
  it('given somebody with a life: their rows, and nobody else’s id', async () => {
    const buyer = await aLife(v7() as TenantId);
    const others = await world.sql<{ id: string }>(`select distinct learner_id as id from marketplace.seat where learner_id <> $1 union select buyer_id from marketplace.orders where buyer_id <> $1`, [buyer.userId]);
    const [answer] = await answered('access', buyer.userId);
    expect(answer).toMatchObject({ kind: 'access', subjectId: buyer.userId, ordersAnonymised: 0, seatsReleased: 0, export: { part: 1, parts: 1 } });
    const kinds = new Map<string, number>();
    for (const { kind } of answer?.export?.records ?? []) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    expect(Object.fromEntries(kinds)).toMatchObject({ order: 4, order_line: 4, payment: 4, license: 3, subscription: 1, seat: 3, learner_of_line: 3, refund: 1, former_seat: 1, coupon_redemption: 1 });
    expect(answer?.export?.records.find(({ kind, data }) => kind === 'order' && 'couponCode' in data)?.data).toMatchObject({ totalMinor: '4410', currency: 'EUR', status: 'FULFILLED' });
    const text = JSON.stringify(answer?.export);
    expect(others.length).toBeGreaterThan(0);
    expect(others.filter(({ id }) => text.includes(id))).toEqual([]);
    expect(text).not.toMatch(/null|buyerId|learnerId/);
  });

  it('given a stranger: told that there is nothing', async () => {
    expect(await answered('access', v7())).toMatchObject([{ export: { part: 1, parts: 1, records: [] } }]);
  });
});
