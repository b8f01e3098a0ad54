import { randomUUID } from 'node:crypto';
import { CancelOrderDocument, OrderByIdDocument, SagasOfDocument } from './operations/generated';
import { outcomeOf } from '../support/outcome';
import type { Outcome } from '../support/outcome';
import type { Behaviour } from '../support/sandbox-client';
import { openShop, person, place } from '../support/shop';
import type { Person, PlanName, Shop } from '../support/shop';
import { waitFor } from '../support/wait';
import { startWorld } from '../support/world';
import type { World } from '../support/world';

/*
 * Every switch of the neighbours with its exact outcome: what a subscriber saw through the supergraph, what billing's
 * witness says of the money, what became of licences and seats, and which events were published.
 */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const BEFORE_PAYMENT = ['PLACED', 'AWAITING_PAYMENT'];
const PAID = [...BEFORE_PAYMENT, 'LICENSING'];
const FULFILLED = [...PAID, 'ENROLLING', 'FULFILLED'];
const FAILED_UNPAID = [...BEFORE_PAYMENT, 'COMPENSATING', 'FAILED'];
const FAILED_ENROLLING = [...PAID, 'ENROLLING', 'COMPENSATING', 'FAILED'];
const PLACED_EVENTS = ['order.placed', 'order.status_changed'];
const GRANTED_EVENTS = ['license.granted', ...PLACED_EVENTS];

let world: World;
let shop: Shop;
beforeAll(async () => {
  world = await startWorld();
  shop = await openShop({ url: world.supergraphUrl, sandbox: world.sandbox });
});
afterAll(() => world.stop());

interface Purchase {
  readonly buyer: Person;
  readonly orderId: string;
}

/** A buyer of a tenant of its own, for which the neighbours behave as told, places an order. */
async function buy(behaviour: Behaviour, plan: PlanName = 'single', learners?: number): Promise<Purchase> {
  const buyer = await person({ url: world.supergraphUrl, sandbox: world.sandbox }, ['buyer', 'org_admin']);
  await world.sandbox.behaviour(buyer.tid, behaviour);
  const learnerIds = learners === undefined ? {} : { learnerIds: Array.from({ length: learners }, () => randomUUID()) };
  return { buyer, orderId: await place(buyer, shop.plans[plan], learnerIds) };
}

const ending = ({ buyer, orderId }: Purchase): Promise<Outcome> => outcomeOf(world, buyer, orderId);

async function sagaOf({ orderId }: Purchase) {
  const [row] = await world.sql<{ state: string; step: string; attempt: number; version: number; last_error: string | null; called: boolean }>(
    'select state, step, attempt, version, last_error, call is not null as called from marketplace.saga where correlation_id = $1', [orderId]);
  if (!row) throw new Error('no saga');
  return row;
}

/** Until the saga is as described; business time is moved on by `shiftMs` between looks where given. */
async function sagaReaches(purchase: Purchase, wanted: { readonly state?: string; readonly step?: string; readonly attempt?: number }, shiftMs?: number) {
  let seenVersion = 0;
  return waitFor(async () => {
    const saga = await sagaOf(purchase);
    if ((!wanted.state || saga.state === wanted.state) && (!wanted.step || saga.step === wanted.step) && (!wanted.attempt || saga.attempt >= wanted.attempt)) return saga;
    if (shiftMs !== undefined && !saga.called && saga.version !== seenVersion) await world.shiftClock(shiftMs);
    seenVersion = saga.version;
    return undefined;
  }, { withinMs: 30_000, what: `the saga to be ${JSON.stringify(wanted)}` });
}

describe('billing takes the money', () => {
  it('given it succeeds: fulfilled, charged once, one seat enrolled', async () => {
    const outcome = await ending(await buy({}));
    expect(outcome).toMatchObject({ statuses: FULFILLED, versions: [1, 2, 3, 4, 5], money: ['succeeded 4900 EUR'], seats: { ENROLLED: 1 } });
    expect(outcome.events).toEqual([...GRANTED_EVENTS, 'order.fulfilled', 'earning.accrued'].sort());
    expect(outcome.order).toMatchObject({ failureReason: null, payment: { id: expect.any(String) as string }, tax: { id: expect.any(String) as string }, refunds: [] });
    expect(outcome.order.progress.map((step) => step.state)).toEqual(['DONE', 'DONE', 'DONE', 'DONE', 'DONE']);
  });

  it('given it answers slowly: the same', async () => {
    expect(await ending(await buy({ paymentHttp: 'slow' }))).toMatchObject({ statuses: FULFILLED, money: ['succeeded 4900 EUR'] });
  });

  it('given the call times out although it took effect: the same, charged once', async () => {
    expect(await ending(await buy({ paymentHttp: 'timeout_after_effect' }))).toMatchObject({ statuses: FULFILLED, money: ['succeeded 4900 EUR'] });
  });

  it('given each event comes four times and in no order: the same', async () => {
    const outcome = await ending(await buy({ duplicateEvents: 3, reorderEvents: true }, 'pack', 4));
    expect(outcome).toMatchObject({ statuses: FULFILLED, money: ['succeeded 10000 EUR'], seats: { ENROLLED: 4, AVAILABLE: 1 } });
  });

  it('given nothing is to be paid: billing is not asked', async () => {
    const outcome = await ending(await buy({}, 'free'));
    expect(outcome).toMatchObject({ statuses: ['PLACED', 'LICENSING', 'ENROLLING', 'FULFILLED'], money: [], seats: { ENROLLED: 1 } });
    expect(outcome.order.progress.find((step) => step.name === 'PAYMENT')?.state).toBe('SKIPPED');
  });

  it('given a seat pack for nobody yet: fulfilled without enrollment', async () => {
    expect(await ending(await buy({}, 'pack', 0))).toMatchObject({ statuses: [...PAID, 'FULFILLED'], seats: { AVAILABLE: 5 } });
  });

  it('given a site licence: seats for the learners named, no bound', async () => {
    const outcome = await ending(await buy({}, 'site', 2));
    expect(outcome).toMatchObject({ statuses: FULFILLED, seats: { ENROLLED: 2 } });
    expect(outcome.order.licenses[0]?.seatUsage).toMatchObject({ total: null, available: null });
  });
});

describe('billing does not take the money', () => {
  it.each(['decline', 'decline_hard'] as const)('given it answers %s: failed, nothing granted', async (payment) => {
    const outcome = await ending(await buy({ payment }));
    expect(outcome).toMatchObject({ statuses: FAILED_UNPAID, money: ['failed 4900 EUR'], order: { failureReason: 'PAYMENT_DECLINED', licenses: [] } });
    expect(outcome.events).toEqual([...PLACED_EVENTS, 'order.failed'].sort());
  });

  it('given it refuses the request for good (4xx): failed at once', async () => {
    expect(await ending(await buy({ paymentHttp: 'reject' }))).toMatchObject({ statuses: FAILED_UNPAID, money: [], order: { failureReason: 'PAYMENT_REJECTED' } });
  });

  it('given it answers 500 for ten minutes: failed', async () => {
    const purchase = await buy({ paymentHttp: 'error500' });
    await sagaReaches(purchase, { attempt: 2 });
    await world.shiftClock(10 * MINUTE);
    expect(await ending(purchase)).toMatchObject({ statuses: FAILED_UNPAID, money: [], order: { failureReason: 'PAYMENT_UNAVAILABLE' } });
  });

  it('given nobody pays for half an hour: asked, then cancelled', async () => {
    const purchase = await buy({ payment: 'never' });
    await sagaReaches(purchase, { state: 'WAITING' });
    await world.shiftClock(30 * MINUTE);
    expect(await ending(purchase)).toMatchObject({ statuses: FAILED_UNPAID, money: ['cancelled 4900 EUR'], order: { failureReason: 'PAYMENT_TIMEOUT' } });
  });

  it('given the buyer declines at the hosted page: failed; given they pay there: fulfilled', async () => {
    for (const [action, statuses] of [['decline', FAILED_UNPAID], ['pay', FULFILLED]] as const) {
      const purchase = await buy({ payment: 'manual' });
      await sagaReaches(purchase, { state: 'WAITING' });
      const { order } = await purchase.buyer.http.data(OrderByIdDocument, { id: purchase.orderId });
      if (!order?.paymentUrl) throw new Error('there is no page to pay at');
      await fetch(order.paymentUrl, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ action }), redirect: 'manual' });
      expect(await ending(purchase)).toMatchObject({ statuses, order: { paymentUrl: null } });
    }
  });
});

describe('payments still processing', () => {
  it('given billing says so after half an hour: waited for, then fulfilled', async () => {
    const purchase = await buy({ payment: 'processing', settleAfterMs: 3_000 });
    await sagaReaches(purchase, { state: 'WAITING' });
    await world.shiftClock(30 * MINUTE);
    expect(await ending(purchase)).toMatchObject({ statuses: FULFILLED, money: ['succeeded 4900 EUR'] });
  });

  it('given it says so for seven days: cancelled', async () => {
    const purchase = await buy({ payment: 'processing', settleAfterMs: 600_000 });
    await sagaReaches(purchase, { state: 'WAITING' });
    await sagaReaches(purchase, { state: 'COMPENSATED' }, 12 * HOUR);
    expect(await ending(purchase)).toMatchObject({ statuses: FAILED_UNPAID, money: ['cancelled 4900 EUR'], order: { failureReason: 'PAYMENT_TIMEOUT' } });
  });
});

describe('money that has to go back', () => {
  it('given another amount was taken: all of it refunded, nothing granted', async () => {
    const outcome = await ending(await buy({ payment: 'wrong_amount' }));
    expect(outcome).toMatchObject({ statuses: FAILED_UNPAID, money: ['succeeded 4901 EUR, refund succeeded 4901'], order: { failureReason: 'PAYMENT_AMOUNT_MISMATCH', licenses: [] } });
    expect(outcome.order.refunds).toMatchObject([{ status: 'SUCCEEDED', initiatedBy: 'SYSTEM', amount: { amount: '49.01' } }]);
  });

  it('given success after the order was given up: refunded once, and the order stays FAILED', async () => {
    const purchase = await buy({ payment: 'succeed_late' });
    await sagaReaches(purchase, { state: 'WAITING' });
    await world.shiftClock(30 * MINUTE);
    await waitFor(async () => (await world.sandbox.payments(purchase.orderId))[0]?.refunds[0]?.status === 'succeeded', { withinMs: 15_000, what: 'the late payment to be refunded' });
    await sagaReaches(purchase, { state: 'COMPENSATED' });
    const outcome = await ending(purchase);
    expect(outcome).toMatchObject({ statuses: FAILED_UNPAID, money: ['succeeded 4900 EUR, refund succeeded 4900'], order: { status: 'FAILED', failureReason: 'PAYMENT_TIMEOUT' } });
    expect(outcome.order.refunds).toHaveLength(1);
  });

  it('given enrollment rejects every seat: licence revoked, then refunded, then failed', async () => {
    const outcome = await ending(await buy({ enrollment: 'reject' }));
    expect(outcome).toMatchObject({
      statuses: FAILED_ENROLLING, money: ['succeeded 4900 EUR, refund succeeded 4900'], seats: { REVOKED: 1 },
      order: { failureReason: 'ENROLLMENT_REJECTED', licenses: [{ state: 'REVOKED', stateReason: 'ENROLLMENT_REJECTED' }] },
    });
    expect(outcome.events).toEqual([...GRANTED_EVENTS, 'license.revoked', 'order.failed', 'seat.rejected'].sort());
    const inOrder = (await world.sandbox.events({ correlationId: outcome.order.id })).map((event) => event.type);
    expect(inOrder.indexOf('marketplace.license.revoked.v1')).toBeLessThan(inOrder.indexOf('marketplace.order.failed.v1'));
  });

  it('given the refund fails first: tried again with a key of its own', async () => {
    const purchase = await buy({ enrollment: 'reject', refund: 'fail' });
    await sagaReaches(purchase, { state: 'COMPENSATING', attempt: 2 });
    await world.sandbox.behaviour(purchase.buyer.tid, { refund: 'succeed' });
    await sagaReaches(purchase, { state: 'COMPENSATED' }, MINUTE);
    const outcome = await ending(purchase);
    expect(outcome.order).toMatchObject({ status: 'FAILED' });
    expect(outcome.order.refunds.map((refund) => refund.status).sort()).toEqual(expect.arrayContaining(['FAILED', 'SUCCEEDED']));
    expect(outcome.order.refunds.filter((refund) => refund.status === 'SUCCEEDED')).toHaveLength(1);
  });

  it('given billing disputes the payment before fulfilment: booked, compensated for the rest', async () => {
    const purchase = await buy({ enrollment: 'never' });
    await sagaReaches(purchase, { step: 'enrollment' });
    const [payment] = await world.sandbox.payments(purchase.orderId);
    await world.sandbox.dispute(payment?.paymentId ?? '');
    const outcome = await ending(purchase);
    expect(outcome).toMatchObject({ statuses: FAILED_ENROLLING, money: ['succeeded 4900 EUR, refund succeeded 4900'], order: { failureReason: 'PAYMENT_REVERSED', refunds: [{ initiatedBy: 'BILLING' }] } });
  });
});

describe('STUCK, and leaving it', () => {
  it('given refunds fail twelve times: visible with its error and an alert; the awaited word still ends it', async () => {
    const purchase = await buy({ enrollment: 'reject', refund: 'fail' });
    await sagaReaches(purchase, { state: 'COMPENSATING', step: 'payment' }); // the clock moves only once the money is to go back
    await sagaReaches(purchase, { state: 'STUCK' }, 9 * HOUR);
    const { sagas } = await shop.admin.http.data(SagasOfDocument, { filter: { states: ['STUCK'] } });
    expect(sagas?.edges.map((edge) => edge.node).find((saga) => saga.order?.id === purchase.orderId)).toMatchObject({ step: 'payment', attempt: 12, lastError: expect.stringContaining('refund') as string });
    await waitFor(async () => (await world.sandbox.events({ type: 'marketplace.saga.stuck.v1', correlationId: purchase.orderId })).length === 1, { withinMs: 5_000, what: 'the alert' });
    const [payment] = await world.sandbox.payments(purchase.orderId);
    await world.sandbox.dispute(payment?.paymentId ?? ''); // billing gives it back by itself after all
    expect(await ending(purchase)).toMatchObject({ statuses: FAILED_ENROLLING, order: { status: 'FAILED' } });
  });

  it('given billing never tells the end of a refund: asked after 1, 6 and 24 hours, then STUCK', async () => {
    const purchase = await buy({ enrollment: 'reject', refund: 'never' });
    await sagaReaches(purchase, { state: 'COMPENSATING', step: 'payment' });
    await sagaReaches(purchase, { state: 'STUCK' }, 24 * HOUR);
    expect(await sagaOf(purchase)).toMatchObject({ step: 'payment', last_error: 'billing never told the end of the refund' });
  });
});

describe('cancelling', () => {
  it('given billing accepts: cancelled, nothing taken', async () => {
    const purchase = await buy({ payment: 'never' });
    await sagaReaches(purchase, { state: 'WAITING' });
    const { cancelOrder } = await purchase.buyer.http.data(CancelOrderDocument, { id: purchase.orderId });
    expect(cancelOrder.userErrors).toEqual([]);
    const outcome = await ending(purchase);
    expect(outcome).toMatchObject({ statuses: [...BEFORE_PAYMENT, 'COMPENSATING', 'CANCELLED'], money: ['cancelled 4900 EUR'], order: { failureReason: null } });
    expect(outcome.events).toEqual([...PLACED_EVENTS, 'order.cancelled'].sort());
  });

  it('given billing refuses and the money comes after all: refunded, cancelled', async () => {
    const purchase = await buy({ payment: 'processing', settleAfterMs: 4_000, cancel: 'refuse' });
    await sagaReaches(purchase, { state: 'WAITING' });
    await purchase.buyer.http.data(CancelOrderDocument, { id: purchase.orderId });
    expect(await ending(purchase)).toMatchObject({ statuses: [...BEFORE_PAYMENT, 'COMPENSATING', 'CANCELLED'], money: ['succeeded 4900 EUR, refund succeeded 4900'] });
  });

  it('given the order is fulfilled: refused with its status', async () => {
    const purchase = await buy({});
    await ending(purchase);
    const { cancelOrder } = await purchase.buyer.http.data(CancelOrderDocument, { id: purchase.orderId });
    expect(cancelOrder).toMatchObject({ order: null, userErrors: [{ code: 'ORDER_NOT_CANCELLABLE', path: ['id'], params: [{ name: 'status', value: 'FULFILLED' }] }] });
  });
});

describe('enrollment', () => {
  it('given every second seat is rejected: fulfilled, the others free again and reported', async () => {
    const outcome = await ending(await buy({ enrollment: 'partial' }, 'pack', 4));
    expect(outcome).toMatchObject({ statuses: FULFILLED, seats: { ENROLLED: 2, AVAILABLE: 3 }, money: ['succeeded 10000 EUR'] });
    expect(outcome.events).toContain('seat.rejected');
  });

  it('given it is silent at first: asked again after a minute, then fulfilled', async () => {
    const purchase = await buy({ enrollment: 'never' });
    await sagaReaches(purchase, { step: 'enrollment' });
    await waitFor(async () => (await world.sandbox.events({ type: 'marketplace.license.granted.v1', correlationId: purchase.orderId })).length === 1, { withinMs: 5_000, what: 'enrollment to hear of the licence' });
    await world.sandbox.behaviour(purchase.buyer.tid, { enrollment: 'create' });
    await world.shiftClock(MINUTE);
    const outcome = await ending(purchase);
    expect(outcome).toMatchObject({ statuses: FULFILLED, seats: { ENROLLED: 1 } });
    expect(outcome.events).toContain('enrollment.requested');
  });

  it('given it is silent for a day: asked five times, then given up, refunded, failed', async () => {
    const purchase = await buy({ enrollment: 'never' });
    await sagaReaches(purchase, { step: 'enrollment' });
    for (const minutes of [1, 4, 25, 90, 240]) {
      const asked = (await world.sql<{ n: number }>(`select count(*)::int as n from marketplace.outbox where correlation_id = $1 and type = 'marketplace.enrollment.requested.v1'`, [purchase.orderId]))[0]?.n ?? 0;
      await world.shiftClock(minutes * MINUTE);
      await waitFor(async () => (await world.sql(`select 1 from marketplace.outbox where correlation_id = $1 and type = 'marketplace.enrollment.requested.v1'`, [purchase.orderId])).length > asked, { withinMs: 10_000, what: 'enrollment to be asked again' });
    }
    await world.shiftClock(18 * HOUR);
    const outcome = await ending(purchase);
    expect(outcome).toMatchObject({ statuses: FAILED_ENROLLING, money: ['succeeded 4900 EUR, refund succeeded 4900'], order: { failureReason: 'ENROLLMENT_TIMEOUT' } });
    const asked = await world.sandbox.events({ type: 'marketplace.enrollment.requested.v1', correlationId: purchase.orderId });
    expect(asked.map((event) => event.data.attempt)).toEqual([1, 2, 3, 4, 5]);
  });
});

it('never published an event that the sandbox could not read, in order and without gaps', async () => {
  expect(await world.sandbox.violations()).toEqual({ count: 0, violations: [] });
  expect(await world.sql('select * from marketplace.dead_letter')).toEqual([]);
});
