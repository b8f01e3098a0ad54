import { randomUUID } from 'node:crypto';
import { CreatePricingPlanDocument, OrderByIdDocument, RefundabilityOfDocument, RefundOrderDocument, RequestRefundDocument, SagasOfDocument } from './operations/generated';
import { outcomeOf, watchToTheEnd } from '../support/outcome';
import type { Outcome } from '../support/outcome';
import type { Behaviour } from '../support/sandbox-client';
import { openShop, person, place } from '../support/shop';
import type { Person, PlanName, Shop } from '../support/shop';
import { waitFor } from '../support/wait';
import { startWorld } from '../support/world';
import type { World } from '../support/world';

/* Money back after fulfilment through the supergraph, told by everyone who can tell. */
const DAY = 24 * 3_600_000;
const FULFILLED = ['PLACED', 'AWAITING_PAYMENT', 'LICENSING', 'ENROLLING', 'FULFILLED'];
const ANY_TEXT = expect.any(String) as string;

let world: World;
let shop: Shop;
beforeAll(async () => {
  world = await startWorld({ replicas: 2 });
  shop = await openShop({ url: world.supergraphUrl, sandbox: world.sandbox });
});
afterAll(() => world.stop());

interface Purchase {
  readonly buyer: Person;
  readonly orderId: string;
  readonly before: Outcome;
}

/** A fulfilled order of a tenant of its own, for whose refunds billing behaves as told. */
async function bought(behaviour: Behaviour = {}, plan: PlanName = 'single', learners?: number): Promise<Purchase> {
  const buyer = await person({ url: world.supergraphUrl, sandbox: world.sandbox }, ['buyer', 'org_admin']);
  await world.sandbox.behaviour(buyer.tid, behaviour);
  const orderId = await place(buyer, shop.plans[plan], learners === undefined ? {} : { learnerIds: Array.from({ length: learners }, () => randomUUID()) });
  const before = await outcomeOf(world, buyer, orderId);
  expect(before.statuses).toEqual(FULFILLED);
  return { buyer, orderId, before };
}
const seatIds = ({ before }: Purchase) => before.order.licenses.flatMap((license) => license.seats.edges.map(({ node }) => node)).filter((seat) => seat.learner).map((seat) => seat.id);
const viewOf = async ({ buyer, orderId }: Purchase) => {
  const { order } = await buyer.http.data(RefundabilityOfDocument, { id: orderId });
  if (!order) throw new Error('no order');
  return order;
};
const request = async ({ buyer, orderId }: Purchase, more: { readonly lineIds?: string[]; readonly reason?: string } = {}) => (await buyer.http.data(RequestRefundDocument, { orderId, ...more })).requestRefund;
const operate = async ({ orderId }: Purchase, more: { readonly amount?: { readonly amount: string; readonly currency: string }; readonly lineIds?: string[] } = {}) =>
  (await shop.admin.http.data(RefundOrderDocument, { orderId, reason: 'Goodwill', ...more })).refundOrder;

async function startOne(purchase: Purchase): Promise<void> {
  const [seat] = seatIds(purchase);
  await world.sandbox.startEnrollment(seat ?? '');
  await waitFor(async () => (await viewOf(purchase)).refundability.lines[0]?.seatsConsumed === 1, { withinMs: 10_000, what: 'the start to be counted' });
}
const statusReaches = (purchase: Purchase, status: string) => waitFor(async () => (await viewOf(purchase)).status === status, { withinMs: 15_000, what: `the order to be ${status}` });
const orderOf = async ({ buyer, orderId }: Purchase) => (await buyer.http.data(OrderByIdDocument, { id: orderId })).order;
async function dispute({ orderId }: Purchase): Promise<void> {
  const [payment] = await world.sandbox.payments(orderId);
  await world.sandbox.dispute(payment?.paymentId ?? '');
}

describe('a buyer’s refund', () => {
  it('given nothing was used: all of it, as said before; seats and licence revoked, learners withdrawn', async () => {
    const purchase = await bought();
    const before = await viewOf(purchase);
    expect(before.refundability).toMatchObject({ eligible: true, amount: { amount: '49.00', currency: 'EUR' }, lines: [{ eligible: true, seatsConsumed: 0, reasons: [], deadline: ANY_TEXT }] });
    expect(before.refundability.explanation).toMatch(/^49\.00 EUR can be returned until /);
    expect(await request(purchase, { lineIds: [before.refundability.lines[0]?.line.id ?? ''], reason: 'Not for us' })).toMatchObject({ order: { status: 'REFUND_PENDING', refunds: [{ status: 'REQUESTED' }] }, userErrors: [] });
    await statusReaches(purchase, 'REFUNDED');
    const outcome = await outcomeOf(world, purchase.buyer, purchase.orderId);
    expect(outcome).toMatchObject({ statuses: [...FULFILLED, 'REFUND_PENDING', 'REFUNDED'], money: ['succeeded 4900 EUR, refund succeeded 4900'], seats: { REVOKED: 1 }, order: { licenses: [{ state: 'REVOKED', stateReason: 'REFUNDED' }] } });
    expect(outcome.events).toEqual(expect.arrayContaining(['order.refunded', 'license.revoked']));
    expect((await viewOf(purchase)).refunds).toMatchObject([{ status: 'SUCCEEDED', initiatedBy: 'BUYER', reason: 'Not for us', amount: { amount: '49.00' }, completedAt: ANY_TEXT }]);
    expect((await viewOf(purchase)).refundability).toMatchObject({ eligible: false, lines: [{ reasons: ['ALREADY_REFUNDED'] }] });
    const licenseId = outcome.order.licenses[0]?.id ?? '';
    await waitFor(async () => (await world.sandbox.enrollments(licenseId)).every((enrollment) => enrollment.status === 'withdrawn'), { withinMs: 10_000, what: 'the learner to be withdrawn' });
  });

  it('given one of five seats was used: the others; asked again: REFUND_SEATS_CONSUMED', async () => {
    const purchase = await bought({}, 'pack', 2);
    await startOne(purchase);
    expect((await viewOf(purchase)).refundability).toMatchObject({ amount: { amount: '80.00' }, lines: [{ seatsConsumed: 1 }], explanation: expect.stringContaining('1 seat has been used') as string });
    await request(purchase);
    await statusReaches(purchase, 'PARTIALLY_REFUNDED');
    const outcome = await outcomeOf(world, purchase.buyer, purchase.orderId);
    expect(outcome).toMatchObject({ money: ['succeeded 10000 EUR, refund succeeded 8000'], seats: { CONSUMED: 1, REVOKED: 4 }, order: { licenses: [{ state: 'ACTIVE' }] } });
    expect(outcome.events).toContain('license.seats_revoked');
    expect((await viewOf(purchase)).refundability.lines[0]?.reasons).toEqual(['SEATS_CONSUMED']);
    expect(await request(purchase)).toMatchObject({ order: null, userErrors: [{ code: 'REFUND_SEATS_CONSUMED', params: [{ name: 'seatsConsumed', value: '1' }] }] });
  });

  it('given billing fails it: FULFILLED again, and it can be asked for once more', async () => {
    const purchase = await bought({ refund: 'fail' });
    await request(purchase);
    await statusReaches(purchase, 'FULFILLED');
    expect((await viewOf(purchase)).refunds).toMatchObject([{ status: 'FAILED' }]);
    await world.sandbox.behaviour(purchase.buyer.tid, { refund: 'succeed' });
    await request(purchase);
    await statusReaches(purchase, 'REFUNDED');
    expect((await viewOf(purchase)).refunds.map((refund) => refund.status)).toEqual(['FAILED', 'SUCCEEDED']);
  });

  it('given billing never tells: open and in progress, then STUCK after a day with its order', async () => {
    const purchase = await bought({ refund: 'never' });
    await request(purchase);
    expect((await viewOf(purchase)).refundability.lines[0]?.reasons).toEqual(['ALREADY_REFUNDED', 'REFUND_IN_PROGRESS']);
    expect(await request(purchase)).toMatchObject({ userErrors: [{ code: 'REFUND_NOT_ELIGIBLE', params: [{ name: 'reasons', value: 'ALREADY_REFUNDED,REFUND_IN_PROGRESS' }] }] });
    const saga = async () => (await shop.admin.http.data(SagasOfDocument, { filter: { step: 'return-money' } })).sagas?.edges.map(({ node }) => node).find((node) => node.order?.id === purchase.orderId);
    let seen = 0;
    await waitFor(async () => {
      const now = await saga();
      if (now?.state === 'STUCK') return true;
      if (now?.state !== 'WAITING' || now.transitions.length === seen) return false;
      seen = now.transitions.length;
      await world.shiftClock(DAY);
      return false;
    }, { withinMs: 30_000, what: 'the refund to be STUCK' });
    expect(await saga()).toMatchObject({ name: 'marketplace.refund', lastError: 'billing never told the end of the refund', order: { id: purchase.orderId } });
  });

  it('given the deadline has passed, the plan is not refundable, or the order is another’s: refused', async () => {
    const late = await bought();
    const stranger = await person({ url: world.supergraphUrl, sandbox: world.sandbox }, ['buyer']);
    expect((await stranger.http.data(RequestRefundDocument, { orderId: late.orderId })).requestRefund.userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['orderId'] }]);
    expect(await request(late, { lineIds: [randomUUID()] })).toMatchObject({ userErrors: [{ code: 'NOT_FOUND', path: ['lineIds', '0'] }] });
    await world.shiftClock(15 * DAY);
    const { refundability } = await viewOf(late);
    expect(refundability.lines[0]?.reasons).toEqual(['DEADLINE_PASSED']);
    expect(await request(late)).toMatchObject({ userErrors: [{ code: 'REFUND_DEADLINE_PASSED', params: [{ name: 'deadline', value: refundability.lines[0]?.deadline }] }] });

    const plan = await shop.provider.http.data(CreatePricingPlanDocument, { input: { listingId: shop.listingId, kind: 'ONE_TIME', name: 'Final', prices: [{ amount: '1.00', currency: 'EUR' }], refundPolicy: { windowDays: 0 } } });
    const buyer = await person({ url: world.supergraphUrl, sandbox: world.sandbox }, ['buyer']);
    const orderId = await place(buyer, plan.createPricingPlan.plan?.id ?? '');
    const final = { buyer, orderId, before: await outcomeOf(world, buyer, orderId) };
    expect((await viewOf(final)).refundability.lines[0]?.reasons).toEqual(['PLAN_NOT_REFUNDABLE']);
    expect(await request(final)).toMatchObject({ userErrors: [{ code: 'REFUND_NOT_ELIGIBLE' }] });
  });

  it('given the order failed: not fulfilled, and it says so', async () => {
    const buyer = await person({ url: world.supergraphUrl, sandbox: world.sandbox }, ['buyer']);
    await world.sandbox.behaviour(buyer.tid, { payment: 'decline' });
    const orderId = await place(buyer, shop.plans.single);
    const purchase = { buyer, orderId, before: await outcomeOf(world, buyer, orderId) };
    expect((await viewOf(purchase)).refundability).toMatchObject({ eligible: false, lines: [{ reasons: ['NOT_FULFILLED'], deadline: null }] });
    expect(await request(purchase)).toMatchObject({ userErrors: [{ code: 'REFUND_NOT_ELIGIBLE' }] });
  });
});

describe('an operator’s refund', () => {
  it('given an amount, then the rest: money only, then the licences too', async () => {
    const purchase = await bought({}, 'pack', 1);
    expect(await operate(purchase, { amount: { amount: '30.00', currency: 'EUR' } })).toMatchObject({ order: { status: 'REFUND_PENDING' }, userErrors: [] });
    await statusReaches(purchase, 'PARTIALLY_REFUNDED');
    expect((await orderOf(purchase))?.licenses).toMatchObject([{ state: 'ACTIVE' }]);
    expect(await operate(purchase, { amount: { amount: '70.01', currency: 'EUR' } })).toMatchObject({ userErrors: [{ code: 'INVALID_INPUT', path: ['amount', 'amount'], params: [{ name: 'left', value: '70.00' }] }] });
    await operate(purchase, { lineIds: [(await viewOf(purchase)).refundability.lines[0]?.line.id ?? ''] });
    await statusReaches(purchase, 'REFUNDED');
    expect(await outcomeOf(world, purchase.buyer, purchase.orderId)).toMatchObject({ money: ['succeeded 10000 EUR, refund succeeded 3000, refund succeeded 7000'], seats: { REVOKED: 5 } });
    expect((await viewOf(purchase)).refunds).toMatchObject([{ initiatedBy: 'OPERATOR', reason: 'Goodwill' }, { initiatedBy: 'OPERATOR' }]);
  });

  it('is nobody else’s', async () => {
    const { buyer, orderId } = await bought();
    expect((await buyer.http.data(RefundOrderDocument, { orderId, reason: 'Mine' })).refundOrder).toMatchObject({ order: null, userErrors: [{ code: 'FORBIDDEN' }] });
  });
});

describe('disputes after fulfilment', () => {
  it('given no refund is open: booked, everything revoked', async () => {
    const purchase = await bought();
    await dispute(purchase);
    await statusReaches(purchase, 'REFUNDED');
    const outcome = await outcomeOf(world, purchase.buyer, purchase.orderId);
    expect(outcome).toMatchObject({ statuses: [...FULFILLED, 'REFUNDED'], seats: { REVOKED: 1 }, order: { licenses: [{ state: 'REVOKED', stateReason: 'DISPUTED' }], refunds: [{ initiatedBy: 'BILLING' }] } });
  });

  it('given a partial refund is open: it fails, and the dispute takes the rest', async () => {
    const purchase = await bought({ refund: 'never' }, 'pack', 2);
    await startOne(purchase);
    await request(purchase);
    await waitFor(async () => (await world.sandbox.payments(purchase.orderId))[0]?.refunds.length === 1, { withinMs: 10_000, what: 'billing to have been asked' });
    await dispute(purchase);
    await statusReaches(purchase, 'PARTIALLY_REFUNDED');
    expect((await viewOf(purchase)).refunds.map(({ status, initiatedBy, amount }) => [status, initiatedBy, amount.amount])).toEqual([['FAILED', 'BUYER', '80.00'], ['SUCCEEDED', 'BILLING', '20.00']]);
    expect((await orderOf(purchase))?.licenses).toMatchObject([{ state: 'REVOKED' }]);
  });

  it('against a refund request: never more back than was paid, everything revoked, no refund left open', async () => {
    for (let round = 0; round < 3; round++) {
      const purchase = await bought();
      const [asked] = await Promise.all([request(purchase), dispute(purchase).catch(() => undefined)]); // billing may have the refund first
      await statusReaches(purchase, 'REFUNDED');
      await watchToTheEnd(purchase.buyer, purchase.orderId, 10_000);
      const [payment] = await world.sandbox.payments(purchase.orderId);
      const back = (payment?.refunds ?? []).filter((refund) => refund.status === 'succeeded').reduce((sum, refund) => sum + BigInt(refund.netAmountMinor), 0n);
      const { refunds } = await viewOf(purchase);
      expect([back, refunds.filter((refund) => refund.status === 'SUCCEEDED').length, refunds.some((refund) => refund.status === 'REQUESTED')]).toEqual([4_900n, 1, false]);
      expect(asked.order !== null || refunds[0]?.initiatedBy === 'BILLING').toBe(true);
    }
  });
});

it('never published an event that the sandbox could not read', async () => {
  expect(await world.sandbox.violations()).toEqual({ count: 0, violations: [] });
  expect(await world.sql('select * from marketplace.dead_letter')).toEqual([]);
});
