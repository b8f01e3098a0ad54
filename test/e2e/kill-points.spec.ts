import { mkdirSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { connect, JSONCodec } from 'nats';
import { v7 } from 'uuid';
import { FAULT_POINTS } from '../../src/infrastructure/faults/fault-points';
import { findContradictions } from '../support/invariants';
import type { Behaviour } from '../support/sandbox-client';
import { openShop, person } from '../support/shop';
import type { Person, PlanName, Shop } from '../support/shop';
import { waitFor } from '../support/wait';
import { startWorld } from '../support/world';
import type { World } from '../support/world';
import {
  ApproveListingDocument, ArchiveListingDocument, AssignSeatsDocument, CancelOrderDocument, CompensateSagaDocument, CreateCouponDocument, CreateListingDocument, CreatePricingPlanDocument,
  DeactivateCouponDocument, FeatureListingDocument, GrantLicenseDocument, ListingByIdDocument, PlaceOrderDocument, PublishListingDocument, ReinstateListingDocument,
  RejectListingDocument, ReleaseSeatsDocument, ReplayDeadLetterDocument, RequestRefundDocument, ResolveSagaDocument, RetargetListingDocument, RetirePricingPlanDocument, RetrySagaDocument, RevisePricingPlanDocument, RevokeLicenseDocument,
  CreatePayoutOnboardingLinkDocument, RunPayoutsDocument,
  CancelSubscriptionDocument, ResumeSubscriptionDocument, RetryRenewalPaymentDocument, SubscriptionByIdDocument, SubscriptionOfLicensesDocument,
  SaveStorefrontDocument, SetStorefrontListingsDocument, StorefrontBySlugDocument, SubmitListingDocument, SuspendListingDocument, UpdateListingDocument, WithdrawListingDocument,
} from './operations/generated';

/*
 * The only replica is killed (SIGKILL, by itself, exactly there) at every named point: before and after each commit and
 * each outside effect. Buyers, a provider, neighbours with bad manners and the clock go on meanwhile. Started again, it
 * has to bring every order to its end, with the money right and nothing granted twice.
 */
const PURCHASES = 200;
const PER_POINT = 3;
const KINDS: readonly { readonly behaviour: Behaviour; readonly plan: PlanName; readonly learners?: number; readonly cancel?: true; readonly refund?: true }[] = [
  { behaviour: {}, plan: 'single' },
  { behaviour: {}, plan: 'single', refund: true },
  { behaviour: { enrollment: 'reject' }, plan: 'single' },
  { behaviour: { payment: 'never' }, plan: 'single', cancel: true },
  { behaviour: { enrollment: 'partial', duplicateEvents: 1 }, plan: 'pack', learners: 3 },
  { behaviour: {}, plan: 'free' },
  { behaviour: { payment: 'succeed_late' }, plan: 'single' },
  { behaviour: { payment: 'wrong_amount' }, plan: 'single' },
  { behaviour: { payment: 'decline' }, plan: 'single' },
  { behaviour: { refund: 'fail', enrollment: 'reject' }, plan: 'single' },
];
/** Passed only when the replica is asked to stop. */
const ON_STOP = 'outbox.release';

let world: World;
let shop: Shop;
let working = true;
const hits = new Map<string, number>(FAULT_POINTS.map((point) => [point, 0]));
const placed: string[] = [];
/** Orders that operators meddle with, that are to be paid out, or whose buyer is forgotten: besides, so that buyers are not kept waiting. */
const besides: string[] = [];
let died = 0;
const couponCode = 'EVERY-SECOND';

beforeAll(async () => {
  world = await startWorld({ gateway: false, env: { SAGA_POLL_MS: '100', RENEWAL_POLL_MS: '200', PAYOUT_POLL_MS: '200', PAYOUT_HOLD_DAYS: '0', PAYOUT_DAY_OF_MONTH: '0', SUBJECT_REQUEST_POLL_MS: '200' } });
  shop = await openShop({ url: world.subgraphUrl, sandbox: world.sandbox });
  await shop.provider.http.data(CreateCouponDocument, { input: { code: couponCode, percentOff: '10' } });
});
afterAll(() => world.stop());

/** Asks until there is an answer: the replica may be gone at any moment, and the answer with it. */
async function insist<T>(ask: () => Promise<T>): Promise<T> {
  return waitFor(async () => ({ answer: await ask() }), { withinMs: 120_000, what: 'an answer', everyMs: 50 }).then(({ answer }) => answer);
}

/** Goes on when there is room: a little load for each point is enough, and the machine is small. */
async function paced(room: () => boolean): Promise<void> {
  await waitFor(() => !working || room(), { withinMs: 300_000, what: 'the next point' });
}

async function buyOn(worker: number): Promise<void> {
  for (let n = worker; working; n += 3) {
    await paced(() => placed.length < PER_POINT * (died + 1));
    const kind = KINDS[n % KINDS.length];
    if (!kind) throw new Error('no kind');
    const buyer = await person({ url: world.subgraphUrl, sandbox: world.sandbox }, ['buyer', 'org_admin']);
    await world.sandbox.behaviour(buyer.tid, kind.behaviour);
    const learnerIds = kind.learners ? { learnerIds: Array.from({ length: kind.learners }, () => randomUUID()) } : {};
    const input = { idempotencyKey: randomUUID(), currency: 'EUR', ...(n % 2 === 0 ? { couponCode } : {}), lines: [{ pricingPlanId: shop.plans[kind.plan], ...learnerIds }] };
    const { placeOrder } = await insist(() => buyer.http.data(PlaceOrderDocument, { input }));
    const orderId = placeOrder.order?.id;
    if (!orderId) throw new Error(JSON.stringify(placeOrder));
    placed.push(orderId);
    if (kind.refund) await giveBack(buyer, orderId);
    if (kind.cancel) await insist(() => buyer.http.data(CancelOrderDocument, { id: orderId }));
    if (kind.behaviour.refund) await world.sandbox.behaviour(buyer.tid, { refund: 'succeed' });
  }
}

/** Asks until the refund is taken on, or the order has failed; asked again after a lost answer, it is in progress or done. */
async function giveBack(buyer: Person, orderId: string): Promise<void> {
  await waitFor(async () => {
    const { requestRefund } = await buyer.http.data(RequestRefundDocument, { orderId });
    const reasons = requestRefund.userErrors[0]?.params.find((param) => param.name === 'reasons')?.value ?? '';
    if (requestRefund.order !== null || /REFUND/.test(reasons) || requestRefund.userErrors[0]?.code === 'REFUND_DEADLINE_PASSED') return true;
    return hasFailed(orderId);
  }, { withinMs: 300_000, what: 'the refund to be taken on', everyMs: 100 });
}

const hasFailed = async (orderId: string): Promise<boolean> =>
  (await world.sql(`select 1 from marketplace.orders where id = $1 and status in ('FAILED', 'CANCELLED')`, [orderId])).length > 0;

/** A provider's and an admin's whole day with a listing, again and again. */
async function listOn(): Promise<void> {
  const { provider, admin } = shop;
  for (let listings = 0; working; listings++) {
    await paced(() => listings <= died);
    const { courseId, courseVersionId } = await world.sandbox.course({ tid: provider.tid, publish: false, build: false });
    const copy = { title: 'Kept', description: 'Kept.' };
    const made = await insist(() => provider.http.data(CreateListingDocument, { input: { courseId, courseVersionId, ...copy } }));
    const id = made.createListing.listing?.id;
    if (!id) throw new Error(JSON.stringify(made));
    const version = async () => (await insist(() => admin.http.data(ListingByIdDocument, { id }))).listing?.version ?? 0;
    await insist(() => provider.http.data(CreatePricingPlanDocument, { input: { listingId: id, kind: 'ONE_TIME', name: 'One', prices: [{ amount: '1.00', currency: 'EUR' }] } }));
    await world.sandbox.course({ tid: provider.tid, courseId, courseVersionId, publish: true, build: true });
    await insist(() => provider.http.data(UpdateListingDocument, { input: { id, tagline: 'Better' } }));
    const second = await world.sandbox.course({ tid: provider.tid, courseId });
    await insist(() => provider.http.data(RetargetListingDocument, { id, courseVersionId: second.courseVersionId }));
    const extra = await insist(() => provider.http.data(CreatePricingPlanDocument, { input: { listingId: id, kind: 'ONE_TIME', name: 'Two', prices: [{ amount: '2.00', currency: 'EUR' }] } }));
    const planId = extra.createPricingPlan.plan?.id ?? '';
    await insist(() => provider.http.data(RevisePricingPlanDocument, { input: { id: planId, prices: [{ amount: '3.00', currency: 'EUR' }] } }));
    await insist(() => provider.http.data(RetirePricingPlanDocument, { id: planId }));
    await insist(() => provider.http.data(SubmitListingDocument, { id }));
    await insist(() => provider.http.data(WithdrawListingDocument, { id }));
    await insist(() => provider.http.data(SubmitListingDocument, { id }));
    await insist(async () => admin.http.data(RejectListingDocument, { id, reason: 'No', expectedVersion: await version() }));
    await insist(() => provider.http.data(SubmitListingDocument, { id }));
    await insist(async () => admin.http.data(ApproveListingDocument, { id, expectedVersion: await version() }));
    await waitFor(async () => (await provider.http.data(PublishListingDocument, { id })) && (await provider.http.data(ListingByIdDocument, { id })).listing?.status === 'LIVE', { withinMs: 120_000, what: 'the listing to go live' });
    const given = await insist(() => provider.http.data(CreateCouponDocument, { input: { code: randomUUID(), percentOff: '10' } }));
    await insist(() => provider.http.data(DeactivateCouponDocument, { id: given.createCoupon.coupon?.id ?? '' }));
    await insist(() => admin.http.data(SuspendListingDocument, { id, reason: 'Look' }));
    await insist(() => admin.http.data(ReinstateListingDocument, { id }));
    await insist(() => admin.http.data(FeatureListingDocument, { id, featured: true }));
    await insist(() => provider.http.data(ArchiveListingDocument, { id }));
  }
}

/** Licences that are granted, given to learners, taken from some of them, and revoked, again and again. */
async function licenseOn(): Promise<void> {
  for (let licenses = 0; working; licenses++) {
    await paced(() => licenses <= died);
    const holder = await person({ url: world.subgraphUrl, sandbox: world.sandbox }, ['org_admin']);
    const input = { tenantId: holder.tid, listingId: shop.listingId, pricingPlanId: shop.plans.pack, reason: 'Kept' };
    const { grantLicense } = await insist(() => shop.admin.http.data(GrantLicenseDocument, { input }));
    const id = grantLicense.license?.id;
    if (!id) throw new Error(JSON.stringify(grantLicense));
    const { assignSeats } = await insist(() => holder.http.data(AssignSeatsDocument, { licenseId: id, learnerIds: [randomUUID(), randomUUID()] }));
    const [first] = assignSeats.seats;
    if (first) await insist(() => holder.http.data(ReleaseSeatsDocument, { seatIds: [first.id] }));
    if (licenses % 2 === 0) await insist(() => shop.admin.http.data(RevokeLicenseDocument, { id, reason: 'Over' }));
  }
}

/** An organisation's storefront, opened, furnished and renamed, again and again. */
async function furnishOn(): Promise<void> {
  const owner = await person({ url: world.subgraphUrl, sandbox: world.sandbox }, ['org_admin']);
  for (let storefronts = 0; working; storefronts++) {
    await paced(() => storefronts <= died);
    const input = { slug: `shop-${storefronts}`, name: 'Kept', currencies: ['EUR'], defaultCurrency: 'EUR', curated: true };
    await insist(() => owner.http.data(SaveStorefrontDocument, { input }));
    const { storefront } = await insist(() => owner.http.data(StorefrontBySlugDocument, { slug: input.slug }));
    if (!storefront) throw new Error(`${input.slug} is not there`);
    await insist(() => owner.http.data(SetStorefrontListingsDocument, { storefrontId: storefront.id, listingIds: [shop.listingId] }));
    await insist(() => owner.http.data(SaveStorefrontDocument, { input: { ...input, id: storefront.id, name: 'Renamed' } }));
  }
}

/** Operators who meddle: one purchase is asked about and then taken back, another is stuck and then kept; and a dead letter that stays dead. */
async function operateOn(): Promise<void> {
  const { admin } = shop;
  for (let rounds = 0; working; rounds++) {
    await paced(() => rounds <= died);
    const dropped = await sagaThat({ payment: 'never' }, waits);
    await insist(() => admin.http.data(RetrySagaDocument, { id: dropped }));
    await insist(() => admin.http.data(CompensateSagaDocument, { id: dropped, reason: 'Dropped' }));
    const kept = await sagaThat({ enrollment: 'reject', refund: 'fail' }, getsStuck);
    await insist(() => admin.http.data(ResolveSagaDocument, { id: kept, outcome: 'FULFIL', reason: 'Kept' }));
    const [letter] = await world.sql<{ id: string }>(`select id from marketplace.dead_letter where event_id is null limit 1`);
    if (letter) await insist(() => admin.http.data(ReplayDeadLetterDocument, { id: letter.id }));
  }
}

type Waits = (orderId: string) => Promise<readonly { readonly id: string }[]>;
const waits: Waits = (orderId) => world.sql(`select id from marketplace.saga where correlation_id = $1 and state = 'WAITING'`, [orderId]);
/** As after twelve tries that failed: made so while nothing is being called. */
const getsStuck: Waits = (orderId) => world.sql(`update marketplace.saga set state = 'STUCK', timers = '{}', wake_at = null, lease_token = null
  where correlation_id = $1 and state = 'COMPENSATING' and step = 'payment' and call is null and attempt > 1 and data ->> 'refundId' is null returning id`, [orderId]);

/** Buys until a purchase has come so far: time goes by meanwhile, and some are over before. */
async function sagaThat(behaviour: Behaviour, comes: Waits): Promise<string> {
  for (;;) {
    const id = await purchaseThat(behaviour, comes);
    if (id !== 'over') return id;
  }
}

async function purchaseThat(behaviour: Behaviour, comes: Waits): Promise<string> {
  const buyer = await person({ url: world.subgraphUrl, sandbox: world.sandbox }, ['buyer']);
  await world.sandbox.behaviour(buyer.tid, behaviour);
  const input = { idempotencyKey: randomUUID(), currency: 'EUR', lines: [{ pricingPlanId: shop.plans.single }] };
  const { placeOrder } = await insist(() => buyer.http.data(PlaceOrderDocument, { input }));
  const orderId = placeOrder.order?.id ?? '';
  besides.push(orderId);
  const over = async () => (await world.sql(`select 1 from marketplace.saga where correlation_id = $1 and state in ('COMPLETED', 'COMPENSATED')`, [orderId])).length > 0;
  return waitFor(async () => (await comes(orderId))[0]?.id ?? ((await over()) ? 'over' : undefined), { withinMs: 300_000, what: 'the saga to come so far', everyMs: 50 });
}

/** New providers who are onboarded, and a sale that nobody can give back, paid out at once, each on a day of its own. */
async function payOn(): Promise<void> {
  const { provider, admin, listingId } = shop;
  const onboard = (who: Person) => insist(() => who.http.data(CreatePayoutOnboardingLinkDocument, { input: { currency: 'EUR', returnUrl: 'https://example.org/a', refreshUrl: 'https://example.org/b' } }));
  const terms = { kind: 'ONE_TIME', name: 'For good', prices: [{ amount: '90.00', currency: 'EUR' }], refundPolicy: { windowDays: 0, partial: false } } as const;
  const { createPricingPlan } = await insist(() => provider.http.data(CreatePricingPlanDocument, { input: { listingId, ...terms } }));
  await onboard(provider);
  for (let runs = 0; working; runs++) {
    await paced(() => runs <= died);
    await onboard(await person({ url: world.subgraphUrl, sandbox: world.sandbox }, ['provider']));
    const buyer = await person({ url: world.subgraphUrl, sandbox: world.sandbox }, ['buyer']);
    const input = { idempotencyKey: randomUUID(), currency: 'EUR', lines: [{ pricingPlanId: createPricingPlan.plan?.id ?? '' }] };
    const { placeOrder } = await insist(() => buyer.http.data(PlaceOrderDocument, { input }));
    const orderId = placeOrder.order?.id ?? '';
    besides.push(orderId);
    await waitFor(async () => !working || (await world.sql(`select 1 from marketplace.orders where id = $1 and (status = 'FAILED'
      or exists (select 1 from marketplace.journal_entry e where e.order_id = orders.id))`, [orderId])).length > 0, { withinMs: 300_000, what: 'something to be paid out, or an order that failed' });
    await insist(() => admin.http.data(RunPayoutsDocument, { scheduledFor: new Date(Date.UTC(2026, 0, 1 + runs)).toISOString().slice(0, 10) }));
  }
}

/** Buyers who want to be forgotten, at once or when their order is fulfilled. */
async function forgetOn(): Promise<void> {
  for (let rounds = 0; working; rounds++) {
    await paced(() => rounds <= died);
    const buyer = await person({ url: world.subgraphUrl, sandbox: world.sandbox }, ['buyer']);
    const input = { idempotencyKey: randomUUID(), currency: 'EUR', lines: [{ pricingPlanId: rounds % 2 === 0 ? shop.plans.free : shop.plans.single }] };
    const { placeOrder } = await insist(() => buyer.http.data(PlaceOrderDocument, { input }));
    besides.push(placeOrder.order?.id ?? '');
    const { requestId } = await world.sandbox.gdpr({ subjectId: buyer.sub, kind: 'erasure' });
    await waitFor(async () => (await world.sql('select 1 from marketplace.subject_request where request_id = $1 and forgotten_at is not null', [requestId])).length > 0,
      { withinMs: 300_000, what: 'the person to be forgotten', everyMs: 100 });
  }
}

/** Subscriptions that are cancelled, resumed, renewed, declined and paid by hand, again and again; their periods are made to end. */
async function subscribeOn(): Promise<void> {
  for (let round = 0; working; round++) {
    await paced(() => round <= died);
    const buyer = await person({ url: world.subgraphUrl, sandbox: world.sandbox }, ['buyer', 'org_admin']);
    const input = { idempotencyKey: randomUUID(), currency: 'EUR', lines: [{ pricingPlanId: shop.plans.monthly, learnerIds: [] }] };
    const { placeOrder } = await insist(() => buyer.http.data(PlaceOrderDocument, { input }));
    if (!placeOrder.order) throw new Error(JSON.stringify(placeOrder));
    const orderId = placeOrder.order.id;
    besides.push(orderId);
    const id = await waitFor(async () => !working || await hasFailed(orderId) || (await buyer.http.data(SubscriptionOfLicensesDocument, {})).licenses?.edges[0]?.node.subscription?.id, { withinMs: 900_000, what: 'the subscription', everyMs: 100 });
    if (typeof id !== 'string') continue; // half an hour passed before billing was there to be paid
    const state = async () => (await buyer.http.data(SubscriptionByIdDocument, { id })).subscriptionContract;
    await insist(() => buyer.http.data(CancelSubscriptionDocument, { id }));
    await insist(() => buyer.http.data(ResumeSubscriptionDocument, { id }));
    if (round % 2 === 0) await world.sandbox.behaviour(buyer.tid, { payment: 'decline' });
    await world.sql('update marketplace.subscription set current_period_end = marketplace.clock() where id = $1', [id]);
    await waitFor(async () => { const now = await state(); return !working || now?.state === 'PAST_DUE' || now?.orders.edges[0]?.node.source === 'RENEWAL' && now.orders.edges[0].node.status === 'FULFILLED'; }, { withinMs: 900_000, what: 'the renewal', everyMs: 100 });
    if (round % 2 !== 0) continue;
    await world.sandbox.behaviour(buyer.tid, { payment: 'succeed' });
    await waitFor(async () => {
      await buyer.http.data(RetryRenewalPaymentDocument, { id }); // again and again: billing may not have answered for the page in time
      return !working || (await state())?.state === 'ACTIVE';
    }, { withinMs: 900_000, what: 'the payment by hand', everyMs: 1_000 });
  }
}

/** Neighbours with bad manners: what cannot be read, and what cannot be true yet. */
async function misbehaveOn(): Promise<void> {
  const nats = await connect({ servers: world.nats.url });
  const jetstream = nats.jetstream();
  const envelope = (type: string, data: object) => JSONCodec().encode({
    specversion: '1.0', id: v7(), type, source: '/billing-service', subject: 'x', time: new Date().toISOString(), datacontenttype: 'application/json', tenantid: randomUUID(), data,
  });
  for (let told = ''; working;) {
    await jetstream.publish('enrollment.created.v1', new TextEncoder().encode('{"not":"an event"'));
    // of an order whose payment is known: a refund of another one cannot be true (before that, it waits for its payment)
    const [paid] = await world.sql<{ id: string }>(`select id from marketplace.orders where status = 'FULFILLED' and id <> $1 order by placed_at desc limit 1`, [told || randomUUID()]);
    if (paid) {
      told = paid.id;
      const refund = { paymentId: `none-${randomUUID()}`, orderId: paid.id, refundId: randomUUID(), netAmount: { amountMinor: '1', currency: 'EUR' }, reason: 'other' };
      await jetstream.publish('billing.payment.refunded.v1', envelope('billing.payment.refunded.v1', refund));
    }
    const before = placed.length;
    await waitFor(() => !working || placed.length > before, { withinMs: 60_000, what: 'the next order' }).catch(() => undefined);
  }
  await nats.close();
}

/** Deadlines come sooner: half an hour passes with every dozen orders. */
async function ageOn(): Promise<void> {
  for (let next = 12; working; next = placed.length + 12) {
    await waitFor(() => !working || placed.length >= next, { withinMs: 300_000, what: 'a dozen orders' });
    await world.shiftClock(31 * 60_000);
  }
}

/** Runs the replica until it dies at the point. */
async function dieAt(point: string): Promise<void> {
  const [replica] = world.replicas;
  if (!replica) throw new Error('no replica');
  if (replica.running) await replica.kill();
  await replica.launch({ FAULT_KILL_AT: `${point}#1` });
  if (point.startsWith(ON_STOP)) {
    await replica.ready();
    void replica.kill('SIGTERM');
  }
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<never>((_resolve, reject) => { timer = setTimeout(() => { reject(new Error(`${point} was not passed in time`)); }, 120_000); });
  const exit = await Promise.race([replica.exited, bound]).finally(() => { clearTimeout(timer); });
  expect({ point, exit }).toMatchObject({ exit: { signal: 'SIGKILL' } });
  hits.set(point, (hits.get(point) ?? 0) + 1);
  died += 1;
}

it('given a kill at every commit and every outside effect, everything ends, and ends right', async () => {
  const load = [buyOn(0), buyOn(1), buyOn(2), listOn(), licenseOn(), furnishOn(), operateOn(), payOn(), forgetOn(), subscribeOn(), misbehaveOn(), ageOn()];
  const failed = Promise.all(load);
  failed.catch(() => undefined);
  for (const point of FAULT_POINTS) await Promise.race([dieAt(point), failed]);
  const [replica] = world.replicas;
  if (replica?.running) await replica.kill();
  await replica?.start();
  died += 10;
  await waitFor(() => placed.length >= PURCHASES, { withinMs: 300_000, what: `${PURCHASES} purchases` });
  working = false;
  await failed;

  const open = () => world.sql(`select name, state, step, version, call, timers, last_error, data from marketplace.saga where state not in ('COMPLETED', 'COMPENSATED', 'RESOLVED')`);
  await waitFor(async () => {
    if ((await open()).length === 0) return true;
    await world.shiftClock(31 * 60_000);
    return false;
  }, { withinMs: 240_000, what: 'every purchase to end', everyMs: 1_000 }).catch(async (error: unknown) => { throw new Error(`${String(error)}: ${JSON.stringify(await open())}`); });
  await waitFor(async () => (await world.sql(`select 1 from marketplace.outbox where published_at is null limit 1`)).length === 0, { withinMs: 60_000, what: 'all events to be published' });

  const contradictions = await waitFor(async () => {
    const found = await findContradictions(world);
    return found.length === 0 && { found };
  }, { withinMs: 60_000, what: 'no contradiction', everyMs: 500 }).then(({ found }) => found, async () => findContradictions(world));
  expect(contradictions).toEqual([]);
  expect((await world.sql(`select 1 from marketplace.orders where source = 'CHECKOUT'`)).length).toBe(new Set([...placed, ...besides]).size);
  expect(await world.sql('select renewal_order_id from marketplace.subscription where renewal_order_id is not null')).toEqual([]);
  expect([...hits].filter(([, count]) => count === 0)).toEqual([]);
  report();
}, 1_800_000);

function report(): void {
  mkdirSync('reports', { recursive: true });
  const lines = [...hits].map(([point, count]) => `${String(count).padStart(3)}  ${point}`);
  writeFileSync('reports/kill-points.txt', `${placed.length} purchases, ${hits.size} kill points\n${lines.join('\n')}\n`);
  process.stdout.write(`${placed.length} purchases, ${hits.size} kill points, each hit at least once (reports/kill-points.txt)\n`);
}
