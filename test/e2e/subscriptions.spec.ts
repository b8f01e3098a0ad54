import {
  CancelSubscriptionDocument, CreatePricingPlanDocument, QuoteOfDocument, RefundOrderDocument, RequestRefundDocument, ResumeSubscriptionDocument, RetryRenewalPaymentDocument, RevokeLicenseDocument,
  SubscriptionByIdDocument, SubscriptionOffersDocument, SubscriptionOfLicensesDocument, SubscriptionPageDocument,
} from './operations/generated';
import { outcomeOf, watchToTheEnd } from '../support/outcome';
import type { Behaviour } from '../support/sandbox-client';
import { openShop, person, place } from '../support/shop';
import type { Person, PlanName, Shop } from '../support/shop';
import { waitFor } from '../support/wait';
import { startWorld } from '../support/world';
import type { World } from '../support/world';

/* Subscriptions through the supergraph; time passes by the business clock, the schedule and the sagas are production's. */
const DAY = 24 * 3_600_000;
const WITHIN = { withinMs: 20_000 };

let world: World;
let shop: Shop;
beforeAll(async () => {
  world = await startWorld({ replicas: 2, env: { RENEWAL_POLL_MS: '100', SAGA_POLL_MS: '50' } });
  shop = await openShop({ url: world.supergraphUrl, sandbox: world.sandbox });
});
afterAll(() => world.stop());

interface Subscribed {
  readonly buyer: Person;
  readonly id: string;
  readonly orderId: string;
}

async function subscribed(behaviour: Behaviour = {}, plan: PlanName = 'monthly'): Promise<Subscribed> {
  const buyer = await person({ url: world.supergraphUrl, sandbox: world.sandbox }, ['buyer']);
  const orderId = await place(buyer, shop.plans[plan]);
  expect((await outcomeOf(world, buyer, orderId)).statuses.at(-1)).toBe('FULFILLED');
  const { licenses } = await buyer.http.data(SubscriptionOfLicensesDocument, {});
  const id = licenses?.edges[0]?.node.subscription?.id;
  if (!id) throw new Error('the licence has no subscription');
  await world.sandbox.behaviour(buyer.tid, behaviour);
  return { buyer, id, orderId };
}

async function viewOf({ buyer, id }: Subscribed) {
  const { subscriptionContract } = await buyer.http.data(SubscriptionByIdDocument, { id });
  if (!subscriptionContract) throw new Error('no subscription');
  return subscriptionContract;
}
type View = Awaited<ReturnType<typeof viewOf>>;
const becomes = async (one: Subscribed, what: string, test: (view: View) => boolean): Promise<View> =>
  waitFor(async () => { const view = await viewOf(one); return test(view) && { view }; }, { ...WITHIN, what }).then(({ view }) => view, async (error: unknown) => { throw new Error(`${String(error)}: ${JSON.stringify(await viewOf(one))}`); });
const stateIs = (one: Subscribed, state: View['state']) => becomes(one, `the subscription to be ${state}`, (view) => view.state === state);
const latest = (view: View) => view.orders.edges[0]?.node;

/** Business time at so many days after the period's end. */
async function passTo({ id }: Subscribed, days: number): Promise<void> {
  const [row] = await world.sql<{ ms: string }>('select ceil(extract(epoch from current_period_end - marketplace.clock()) * 1000)::bigint::text as ms from marketplace.subscription where id = $1', [id]);
  await world.shiftClock(Number(row?.ms) + days * DAY + 1_000);
}
const eventsOf = async (subject: string) => (await world.sandbox.events({ subject })).map(({ type }) => type.replace(/^marketplace\.|\.v1$/g, ''));
const charged = async (orderId: string) => (await world.sandbox.payments(orderId)).filter(({ status }) => status === 'succeeded').length;

describe('a subscription', () => {
  it('begins with its first order, is renewed at the period’s end, and is one licence for ever', async () => {
    const one = await subscribed();
    const begun = await viewOf(one);
    expect(begun).toMatchObject({
      state: 'ACTIVE', quantity: 1, price: { amount: '59.00', currency: 'EUR' }, cancelAtPeriodEnd: false, nextRetryAt: null, graceEndsAt: null, nextRenewalAt: begun.currentPeriodEnd,
      plan: { kind: 'SUBSCRIPTION', billingInterval: 'MONTH', intervalCount: 1, trialDays: 0 },
      license: { state: 'ACTIVE', source: 'SUBSCRIPTION', validUntil: begun.currentPeriodEnd, subscription: { id: one.id }, terms: { billingInterval: 'MONTH', intervalCount: 1, trialDays: 0 } },
      orders: { totalCount: 1, edges: [{ node: { id: one.orderId, source: 'CHECKOUT', status: 'FULFILLED' } }] },
    });
    await passTo(one, 0);
    const view = await becomes(one, 'the next period', ({ currentPeriodStart }) => currentPeriodStart === begun.currentPeriodEnd);
    expect(view).toMatchObject({ state: 'ACTIVE', license: { id: begun.license.id, state: 'ACTIVE', validUntil: view.currentPeriodEnd } });
    expect(new Date(view.currentPeriodEnd).getUTCMonth()).toBe((new Date(begun.currentPeriodEnd).getUTCMonth() + 1) % 12);
    expect(latest(view)).toMatchObject({ source: 'RENEWAL', status: 'FULFILLED', total: { amount: '59.00' } });
    expect(latest(view)?.progress.map(({ name, state }) => `${name} ${state}`)).toEqual(['RESERVE DONE', 'PAYMENT DONE', 'LICENSING SKIPPED', 'ENROLLMENT SKIPPED', 'FULFILMENT DONE']);
    expect((await watchToTheEnd(one.buyer, latest(view)?.id ?? '', 10_000)).map(({ status }) => status)).toEqual(['PLACED', 'AWAITING_PAYMENT', 'FULFILLED']);
    await waitFor(async () => (await eventsOf(one.id)).includes('subscription.renewed'), { ...WITHIN, what: 'the events' });
    expect(await eventsOf(one.id)).toEqual(['subscription.started', 'subscription.renewed']);
    const first = await one.buyer.http.data(SubscriptionByIdDocument, { id: one.id, first: 1 });
    const after = first.subscriptionContract?.orders.pageInfo;
    expect(after).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const second = await one.buyer.http.data(SubscriptionByIdDocument, { id: one.id, first: 1, after: after?.endCursor ?? '' });
    expect(second.subscriptionContract?.orders).toMatchObject({ edges: [{ node: { id: one.orderId } }], pageInfo: { hasNextPage: false } });
  });

  it('with a trial: nothing is due but the mandate, once for a buyer; then it is paid', async () => {
    const buyer = await person({ url: world.supergraphUrl, sandbox: world.sandbox }, ['buyer', 'org_admin']);
    const input = { currency: 'EUR', lines: [{ pricingPlanId: shop.plans.trial, learnerIds: [] }] };
    expect((await buyer.http.data(QuoteOfDocument, { input })).quote).toMatchObject({ total: { amount: '0.00' }, problems: [] });
    const orderId = await place(buyer, shop.plans.trial, { learnerIds: [] });
    expect(await outcomeOf(world, buyer, orderId)).toMatchObject({ statuses: ['PLACED', 'AWAITING_PAYMENT', 'LICENSING', 'FULFILLED'], money: ['succeeded 0 EUR'] });
    expect((await buyer.http.data(QuoteOfDocument, { input })).quote.total).toMatchObject({ amount: '60.00' });
    const id = (await buyer.http.data(SubscriptionOfLicensesDocument, {})).licenses?.edges[0]?.node.subscription?.id ?? '';
    const one = { buyer, id, orderId };
    expect(await viewOf(one)).toMatchObject({ state: 'TRIALING', price: { amount: '60.00' }, plan: { trialDays: 14 }, license: { terms: { trialDays: 14 } } });
    await passTo(one, 0);
    expect(latest(await stateIs(one, 'ACTIVE'))).toMatchObject({ status: 'FULFILLED', total: { amount: '60.00' } });
  });

  it('by the year: the next period is the next year', async () => {
    const { createPricingPlan } = await shop.provider.http.data(CreatePricingPlanDocument, { input: { listingId: shop.listingId, kind: 'SUBSCRIPTION', name: 'By the year', billingInterval: 'YEAR', prices: [{ amount: '590.00', currency: 'EUR' }] } });
    const buyer = await person({ url: world.supergraphUrl, sandbox: world.sandbox }, ['buyer']);
    const orderId = await place(buyer, createPricingPlan.plan?.id ?? '');
    expect((await outcomeOf(world, buyer, orderId)).statuses.at(-1)).toBe('FULFILLED');
    const id = (await buyer.http.data(SubscriptionOfLicensesDocument, {})).licenses?.edges[0]?.node.subscription?.id ?? '';
    const view = await viewOf({ buyer, id, orderId });
    expect(view).toMatchObject({ price: { amount: '590.00' }, plan: { billingInterval: 'YEAR', intervalCount: 1 } });
    expect(new Date(view.currentPeriodEnd).getUTCFullYear()).toBe(new Date(view.currentPeriodStart).getUTCFullYear() + 1);
  });

  it('shows its price by the interval', async () => {
    const { listing } = await shop.provider.http.data(SubscriptionOffersDocument, { id: shop.listingId });
    expect(listing?.lowestPrice?.per).toBeNull();
    const quarterly = await openShopPlan();
    expect(quarterly?.lowestPrice).toMatchObject({ price: { amount: '10.00' }, per: 'MONTH' });
  });

  it('is listed for its buyer, and for nobody else', async () => {
    const one = await subscribed();
    expect((await one.buyer.http.data(SubscriptionPageDocument, { first: 1 })).subscriptionContracts).toMatchObject({ totalCount: 1, edges: [{ node: { id: one.id } }], pageInfo: { hasNextPage: false, hasPreviousPage: false } });
    const stranger = await person({ url: world.supergraphUrl, sandbox: world.sandbox }, ['buyer', 'org_admin']);
    expect((await stranger.http.data(SubscriptionByIdDocument, { id: one.id })).subscriptionContract).toBeNull();
    expect((await stranger.http.data(CancelSubscriptionDocument, { id: one.id })).cancelSubscription).toMatchObject({ subscription: null, userErrors: [{ code: 'NOT_FOUND' }] });
    const colleague = await person({ url: world.supergraphUrl, sandbox: world.sandbox }, ['platform_admin'], { tid: one.buyer.tid });
    expect((await colleague.http.data(ResumeSubscriptionDocument, { id: one.id })).resumeSubscription).toMatchObject({ userErrors: [{ code: 'FORBIDDEN' }] });
  });
});

async function openShopPlan() {
  const other = await openShop({ url: world.supergraphUrl, sandbox: world.sandbox });
  await world.sql(`update marketplace.pricing_plan set active = id = $2 where listing_id = $1`, [other.listingId, other.plans.monthly]);
  await world.sql(`update marketplace.pricing_plan_revision set terms = terms || '{"intervalCount": 6, "billingInterval": "MONTH"}' where plan_id = $1`, [other.plans.monthly]);
  await world.sql('update marketplace.pricing_plan_price set amount_minor = 6000 where plan_id = $1', [other.plans.monthly]);
  return (await other.provider.http.data(SubscriptionOffersDocument, { id: other.listingId })).listing;
}

describe('cancelling', () => {
  it('takes effect at the period’s end, and can be taken back until then', async () => {
    const one = await subscribed();
    expect((await one.buyer.http.data(CancelSubscriptionDocument, { id: one.id })).cancelSubscription).toMatchObject({ subscription: { state: 'ACTIVE', cancelAtPeriodEnd: true, nextRenewalAt: null }, userErrors: [] });
    expect((await one.buyer.http.data(ResumeSubscriptionDocument, { id: one.id })).resumeSubscription).toMatchObject({ subscription: { cancelAtPeriodEnd: false } });
    await one.buyer.http.data(CancelSubscriptionDocument, { id: one.id });
    await passTo(one, 0);
    expect(await stateIs(one, 'CANCELLED')).toMatchObject({ license: { state: 'EXPIRED' }, orders: { totalCount: 1 } });
    for (const answer of [(await one.buyer.http.data(CancelSubscriptionDocument, { id: one.id })).cancelSubscription, (await one.buyer.http.data(ResumeSubscriptionDocument, { id: one.id })).resumeSubscription]) {
      expect(answer).toMatchObject({ subscription: null, userErrors: [{ code: 'ILLEGAL_TRANSITION', params: [{ name: 'state', value: 'CANCELLED' }] }] });
    }
    await place(one.buyer, shop.plans.monthly); // the course is free again for its learner
  });

  it('against the renewal: charged for a period or over, never both, never twice', async () => {
    const rounds = await Promise.all(Array.from({ length: 6 }, () => subscribed()));
    await Promise.all([passTo(rounds[0] as Subscribed, 0), ...rounds.map((one) => one.buyer.http.data(CancelSubscriptionDocument, { id: one.id }))]);
    for (const one of rounds) {
      const view = await becomes(one, 'it to be decided', ({ state, orders }) => state === 'CANCELLED' || orders.edges[0]?.node.status === 'FULFILLED' && orders.totalCount === 2);
      expect([view.state, view.orders.totalCount]).toEqual(view.state === 'CANCELLED' ? ['CANCELLED', 1] : ['ACTIVE', 2]);
      if (view.state === 'ACTIVE') expect([await charged(latest(view)?.id ?? ''), view.cancelAtPeriodEnd]).toEqual([1, true]);
    }
  });

  it('while PAST_DUE: over at once, and the order has failed', async () => {
    const one = await subscribed({ payment: 'decline' });
    await passTo(one, 0);
    await stateIs(one, 'PAST_DUE');
    await one.buyer.http.data(CancelSubscriptionDocument, { id: one.id });
    const view = await stateIs(one, 'CANCELLED');
    expect([view.license.state, latest(view)]).toMatchObject(['EXPIRED', { status: 'FAILED', failureReason: 'PAYMENT_DECLINED' }]);
  });
});

describe('dunning', () => {
  it('given soft declines: GRACE, SUSPENDED, and paid by hand on day 8 everything is as before, the period’s end unchanged', async () => {
    const one = await subscribed({ payment: 'decline' });
    const before = await viewOf(one);
    await passTo(one, 0);
    const late = await stateIs(one, 'PAST_DUE');
    const end = new Date(before.currentPeriodEnd).getTime();
    expect(late).toMatchObject({ nextRenewalAt: null, nextRetryAt: new Date(end + DAY).toISOString(), graceEndsAt: new Date(end + 7 * DAY).toISOString(), license: { state: 'GRACE' } });
    const renewal = latest(late)?.id ?? '';
    for (const [index, day] of [1, 3, 5, 7].entries()) {
      await passTo(one, day);
      await waitFor(async () => (await world.sandbox.payments(renewal)).filter(({ status }) => status === 'failed').length === index + 2, { ...WITHIN, what: `the try of day ${day}` });
    }
    await becomes(one, 'the suspension', ({ license }) => license.state === 'SUSPENDED');
    await passTo(one, 8);
    await world.sandbox.behaviour(one.buyer.tid, { payment: 'manual' });
    expect((await one.buyer.http.data(RetryRenewalPaymentDocument, { id: one.id, returnUrl: 'https://shop.example/back' })).retryRenewalPayment).toMatchObject({ order: { id: renewal, source: 'RENEWAL', status: 'AWAITING_PAYMENT' }, userErrors: [] });
    const view = await becomes(one, 'the payment page', ({ orders }) => orders.edges[0]?.node.paymentUrl != null);
    await fetch(latest(view)?.paymentUrl ?? '', { method: 'POST', body: new URLSearchParams({ action: 'pay' }), redirect: 'manual' });
    const restored = await stateIs(one, 'ACTIVE');
    expect(restored).toMatchObject({ currentPeriodStart: before.currentPeriodEnd, nextRetryAt: null, graceEndsAt: null, license: { state: 'ACTIVE', validUntil: restored.currentPeriodEnd } });
    expect(await charged(renewal)).toBe(1);
    const licenseEvents = (await world.sandbox.events({ subject: before.license.id })).map(({ type }) => type.replace(/^marketplace\.license\.|\.v1$/g, ''));
    await waitFor(async () => (await eventsOf(before.license.id)).includes('license.reinstated'), { ...WITHIN, what: 'the reinstatement' });
    expect(licenseEvents).toEqual(expect.arrayContaining(['granted', 'grace_started', 'suspended']));
    expect(await eventsOf(one.id)).toEqual(expect.arrayContaining(['subscription.past_due', 'subscription.renewed']));
  });

  it('given a hard decline and nobody pays: expired on day 14; nothing to pay by hand before or after', async () => {
    const one = await subscribed({ payment: 'decline_hard' });
    expect((await one.buyer.http.data(RetryRenewalPaymentDocument, { id: one.id })).retryRenewalPayment).toMatchObject({ order: null, userErrors: [{ code: 'ILLEGAL_TRANSITION', params: [{ name: 'state', value: 'ACTIVE' }] }] });
    await passTo(one, 0);
    expect(await stateIs(one, 'PAST_DUE')).toMatchObject({ nextRetryAt: null });
    expect((await one.buyer.http.data(RetryRenewalPaymentDocument, { id: one.id, returnUrl: 'ftp://x.example' })).retryRenewalPayment.userErrors).toMatchObject([{ code: 'INVALID_INPUT', path: ['returnUrl'] }]);
    await passTo(one, 14);
    const view = await stateIs(one, 'EXPIRED');
    expect([view.license.state, latest(view)]).toMatchObject(['EXPIRED', { status: 'FAILED', failureReason: 'PAYMENT_DECLINED' }]);
    expect(await world.sandbox.payments(latest(view)?.id ?? '')).toHaveLength(1);
    await waitFor(async () => (await eventsOf(one.id)).includes('subscription.expired'), { ...WITHIN, what: 'the event' });
  });

  it('a payment by hand against the next try: charged exactly once', async () => {
    const one = await subscribed({ payment: 'decline' });
    await passTo(one, 0);
    const renewal = latest(await stateIs(one, 'PAST_DUE'))?.id ?? '';
    await world.sandbox.behaviour(one.buyer.tid, { payment: 'succeed' });
    await Promise.all([one.buyer.http.data(RetryRenewalPaymentDocument, { id: one.id }), passTo(one, 1)]);
    await stateIs(one, 'ACTIVE');
    expect(await charged(renewal)).toBe(1);
  });
});

describe('a refund ends it at once', () => {
  it('of a renewal, in full: validity goes back to before it', async () => {
    const one = await subscribed();
    const before = await viewOf(one);
    await passTo(one, 0);
    const renewed = await becomes(one, 'the renewal', ({ orders }) => orders.totalCount === 2 && orders.edges[0]?.node.status === 'FULFILLED');
    expect((await one.buyer.http.data(RequestRefundDocument, { orderId: latest(renewed)?.id ?? '' })).requestRefund.userErrors).toEqual([]);
    const view = await becomes(one, 'the end and the refund', ({ state, orders }) => state === 'CANCELLED' && orders.edges[0]?.node.status === 'REFUNDED');
    expect(view.license).toMatchObject({ state: 'EXPIRED', validUntil: before.currentPeriodEnd });
  });

  it('but not a goodwill amount', async () => {
    const one = await subscribed();
    await shop.admin.http.data(RefundOrderDocument, { orderId: one.orderId, reason: 'Sorry', amount: { amount: '5.00', currency: 'EUR' } });
    const view = await becomes(one, 'the goodwill', ({ orders }) => orders.edges[0]?.node.status === 'PARTIALLY_REFUNDED');
    expect(view).toMatchObject({ state: 'ACTIVE', license: { state: 'ACTIVE' } });
  });

  it('by a dispute of a renewal: the licence is revoked', async () => {
    const one = await subscribed();
    const before = await viewOf(one);
    await passTo(one, 0);
    const renewed = await becomes(one, 'the renewal', ({ orders }) => orders.totalCount === 2 && orders.edges[0]?.node.status === 'FULFILLED');
    const [payment] = await world.sandbox.payments(latest(renewed)?.id ?? '');
    await world.sandbox.dispute(payment?.paymentId ?? '');
    expect((await stateIs(one, 'CANCELLED')).license).toMatchObject({ state: 'REVOKED', validUntil: before.currentPeriodEnd });
  });

  it('and so does a revocation, in the middle of dunning too', async () => {
    const one = await subscribed({ payment: 'decline' });
    await passTo(one, 0);
    const { license } = await stateIs(one, 'PAST_DUE');
    await shop.admin.http.data(RevokeLicenseDocument, { id: license.id, reason: 'Fraud' });
    const view = await becomes(one, 'the end of the renewal', ({ state, orders }) => state === 'CANCELLED' && orders.edges[0]?.node.status === 'FAILED');
    expect(view.license.state).toBe('REVOKED');
  });
});

it('balances the ledger, charges no period twice, and publishes nothing that cannot be read', async () => {
  expect(await world.sql('select entry_id from marketplace.journal_posting group by entry_id, currency having sum(amount_minor) <> 0')).toEqual([]);
  expect(await world.sql(`select p.order_id from marketplace.payment p where p.paid_minor > p.refunded_minor group by p.order_id having count(*) > 1`)).toEqual([]);
  expect(await world.sandbox.violations()).toEqual({ count: 0, violations: [] });
  expect(await world.sql('select * from marketplace.dead_letter')).toEqual([]);
});
