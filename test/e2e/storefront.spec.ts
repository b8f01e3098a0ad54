import { randomUUID } from 'node:crypto';
import { apolloClient } from '../support/apollo';
import { outcomeOf, watchToTheEnd } from '../support/outcome';
import { openShop, person, place } from '../support/shop';
import type { Person, Shop } from '../support/shop';
import { waitFor } from '../support/wait';
import { startWorld } from '../support/world';
import type { World } from '../support/world';
import { httpClient } from '../support/graphql-client';
import { CourseOffersDocument, OrderStatusChangedDocument, PlaceOrderDocument } from './operations/generated';
import type { OrderStatusChangedSubscription } from './operations/generated';

/* What the storefront does, through a real supergraph before two replicas. */
const FULFILLED = ['PLACED', 'AWAITING_PAYMENT', 'LICENSING', 'ENROLLING', 'FULFILLED'];
const VERSIONS = [1, 2, 3, 4, 5];

let world: World;
let shop: Shop;
beforeAll(async () => {
  world = await startWorld({ replicas: 2 });
  shop = await openShop({ url: world.supergraphUrl, sandbox: world.sandbox });
});
afterAll(() => world.stop());

const buyer = (): Promise<Person> => person({ url: world.supergraphUrl, sandbox: world.sandbox }, ['buyer']);

describe('with @apollo/client', () => {
  it('given a course, one query answers with its listings and their plans; an order is watched to its end, version by version', async () => {
    const who = await buyer();
    const { client, stop } = apolloClient(world.supergraphUrl, who.token);
    const { data: offers } = await client.query({ query: CourseOffersDocument, variables: { courseId: shop.courseId } });
    expect(offers?.course).toMatchObject({
      id: shop.courseId, title: 'Observability in a week', purchasable: true, // title from catalog, the rest from us
      listings: { totalCount: 1, edges: [{ node: { id: shop.listingId, status: 'LIVE', plans: [{ name: 'Single' }, { name: 'Team of five' }, { name: 'Everyone' }, { name: 'By the month' }, { name: 'Try it for two weeks' }, { name: 'Free taster' }] } }] },
    });

    const { data: placed } = await client.mutate({ mutation: PlaceOrderDocument, variables: { input: { idempotencyKey: randomUUID(), currency: 'EUR', lines: [{ pricingPlanId: shop.plans.single }] } } });
    const orderId = placed?.placeOrder.order?.id ?? '';
    const updates: OrderStatusChangedSubscription['orderStatusChanged'][] = [];
    await new Promise<void>((resolve, reject) => {
      client.subscribe({ query: OrderStatusChangedDocument, variables: { orderId, afterVersion: 0 } }).subscribe({
        next: ({ data }) => { if (data) updates.push(data.orderStatusChanged); }, error: reject, complete: resolve,
      });
    });
    expect(updates.map((update) => update.status)).toEqual(FULFILLED);
    expect(updates.map((update) => update.version)).toEqual(VERSIONS);
    expect(updates.at(-1)).toMatchObject({ step: 'FULFILMENT', order: { number: expect.stringMatching(/^GE-[0-9A-Z]{4}-[0-9A-Z]{4}$/) as string, lines: [{ course: { title: 'Observability in a week' } }] } });
    expect(updates.every((update) => update.message.length > 0)).toBe(true);
    await stop();
  });
});

describe('with graphql-ws', () => {
  it('given a second subscriber who joins late: everything from the beginning; given one who returns: exactly what it missed', async () => {
    const who = await buyer();
    const orderId = await place(who, shop.plans.single);
    await watchToTheEnd(who, orderId, 20_000);
    const versions = async (after: number | null) => (await watchToTheEnd(who, orderId, 10_000, after)).map((update) => update.version);
    expect(await versions(0)).toEqual(VERSIONS);
    expect(await versions(2)).toEqual([3, 4, 5]);
    expect(await versions(5)).toEqual([]);
    expect(await versions(null)).toEqual([5]);
  });

  it('given a subscriber from before the first change on and one who joins in the middle: both see every version once', async () => {
    const who = await buyer();
    await world.sandbox.behaviour(who.tid, { settleAfterMs: 400 });
    const orderId = await place(who, shop.plans.single);
    const early = watchToTheEnd(who, orderId, 20_000);
    await waitFor(async () => (await world.sandbox.payments(orderId)).length === 1, { withinMs: 10_000, what: 'billing to be asked' });
    const late = watchToTheEnd(who, orderId, 20_000, 0);
    for (const updates of await Promise.all([early, late])) expect(updates.map((update) => update.version)).toEqual(VERSIONS);
  });

  it('given twenty buyers watching at once: nobody sees another’s order', async () => {
    const watched = await Promise.all(Array.from({ length: 20 }, async () => {
      const who = await buyer();
      return { who, orderId: await place(who, shop.plans.single) };
    }));
    const [first, second] = watched;
    if (!first || !second) throw new Error('no buyers');
    await Promise.all(watched.map(async ({ who, orderId }) => { expect((await watchToTheEnd(who, orderId, 30_000)).map((update) => update.status)).toEqual(FULFILLED); }));
    await expect(watchToTheEnd(first.who, second.orderId, 10_000)).rejects.toThrow(/NOT_FOUND|No such order/);
  });
});

describe('one order for one key', () => {
  it('given fifty at once with the same key through two replicas: one order, one charge', async () => {
    const who = await buyer();
    const doors = world.replicas.map((replica) => httpClient(replica.graphqlUrl, who.token));
    const input = { idempotencyKey: randomUUID(), currency: 'EUR', lines: [{ pricingPlanId: shop.plans.single }] };
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => (doors[n % doors.length] ?? who.http).data(PlaceOrderDocument, { input })));
    const ids = new Set(answers.map(({ placeOrder }) => placeOrder.order?.id));
    expect(answers.flatMap(({ placeOrder }) => placeOrder.userErrors)).toEqual([]);
    expect(ids.size).toBe(1);
    const [orderId = ''] = ids;
    expect(await outcomeOf(world, who, orderId ?? '')).toMatchObject({ statuses: FULFILLED, money: ['succeeded 4900 EUR'] });
    expect(await world.sql('select 1 from marketplace.orders where buyer_id = $1', [who.sub])).toHaveLength(1);

    const other = await who.http.data(PlaceOrderDocument, { input: { ...input, lines: [{ pricingPlanId: shop.plans.single, quantity: 2 }] } });
    expect(other.placeOrder).toMatchObject({ order: null, userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED', path: ['input', 'idempotencyKey'] }] });
  });
});

describe('commits', () => {
  it('given a purchase on the happy path: four of them have stamped its rows', async () => {
    const who = await buyer();
    const orderId = await place(who, shop.plans.single);
    await outcomeOf(world, who, orderId);
    const [row] = await world.sql<{ commits: number }>(`select count(distinct stamp)::int as commits from (
        select xmin::text as stamp from marketplace.orders where id = $1
        union all select xmin::text from marketplace.order_line where order_id = $1
        union all select xmin::text from marketplace.order_transition where order_id = $1
        union all select xmin::text from marketplace.provider_sale where order_id = $1
        union all select xmin::text from marketplace.journal_entry where order_id = $1
        union all select xmin::text from marketplace.course_claim where order_id = $1
        union all select xmin::text from marketplace.payment where order_id = $1
        union all select xmin::text from marketplace.license where order_id = $1
        union all select xmin::text from marketplace.seat where order_id = $1
        union all select xmin::text from marketplace.saga where correlation_id = $1
        union all select t.xmin::text from marketplace.saga_transition t join marketplace.saga s on s.id = t.saga_id where s.correlation_id = $1) stamped`, [orderId]);
    const causes = await world.sql<{ cause: string }>('select cause from marketplace.saga_transition t join marketplace.saga s on s.id = t.saga_id where s.correlation_id = $1 order by t.version', [orderId]);
    expect(causes.map((transition) => transition.cause)).toEqual(['started', 'process-payment.replied', 'billing.payment.succeeded.v1', 'enrollment.answered']);
    expect(row?.commits).toBe(4);
  });
});

it('given a replica that dies, buyers go on with the other', async () => {
  await world.replicas[0]?.kill();
  const who = await buyer();
  const orderId = await place(who, shop.plans.single);
  expect(await outcomeOf(world, who, orderId)).toMatchObject({ statuses: FULFILLED });
  await world.replicas[0]?.start();
});
