import { randomUUID } from 'node:crypto';
import { wsClient } from '../support/graphql-client';
import type { Replica } from '../support/replica';
import { openShop, person } from '../support/shop';
import type { Person, Shop } from '../support/shop';
import { waitFor } from '../support/wait';
import { startWorld } from '../support/world';
import type { World } from '../support/world';
import { CourseOffersDocument, OrderByIdDocument, PlaceOrderDocument } from './operations/generated';

/* A deployment: both replicas are replaced, one after the other, while people go on buying and watching. */
const within = { withinMs: 60_000 };
const GOING_AWAY = 1001;
/** Longer than a replica needs to go: there are always watchers on the one that does. */
const SETTLE_AFTER_MS = 2_500;
const STATUS = 'subscription ($orderId: ID!, $afterVersion: Int!) { orderStatusChanged(orderId: $orderId, afterVersion: $afterVersion) { version status } }';
interface StatusUpdate { readonly orderStatusChanged: { readonly version: number; readonly status: string } }
let world: World;
let shop: Shop;
let working = true;
const failures: string[] = [];
const closures: number[] = [];
const watched: { readonly orderId: string; readonly who: Person; readonly versions: number[]; last: string }[] = [];
let queries = 0;

beforeAll(async () => {
  world = await startWorld({ replicas: 2, env: { DRAIN_GRACE_MS: '600' } });
  shop = await openShop({ url: world.supergraphUrl, sandbox: world.sandbox });
});
afterAll(() => world.stop());

const newBuyer = async (): Promise<Person> => {
  const who = await person({ url: world.supergraphUrl, sandbox: world.sandbox }, ['buyer']);
  await world.sandbox.behaviour(who.tid, { settleAfterMs: SETTLE_AFTER_MS });
  return who;
};
const counted = async (what: string, work: () => Promise<void>): Promise<void> => {
  await work().catch((error: unknown) => failures.push(`${what}: ${String(error)}`));
};

async function browse(): Promise<void> {
  const who = await newBuyer();
  while (working) {
    await counted('query', async () => {
      await who.http.data(CourseOffersDocument, { courseId: shop.courseId });
      queries += 1;
    });
  }
}

async function buyOn(): Promise<void> {
  const watching: Promise<void>[] = [];
  while (working) {
    const who = await newBuyer();
    await counted('mutation', async () => {
      const { placeOrder } = await who.http.data(PlaceOrderDocument, { input: { idempotencyKey: randomUUID(), currency: 'EUR', lines: [{ pricingPlanId: shop.plans.single }] } });
      if (!placeOrder.order) throw new Error(JSON.stringify(placeOrder.userErrors));
      watching.push(watch(who, placeOrder.order.id));
    });
  }
  await Promise.all(watching);
}

/** As a client does: comes back after a closed socket, naming the last version that it has seen. Straight to the replicas, so that the code of the close is theirs. */
async function watch(who: Person, orderId: string): Promise<void> {
  const seen = { orderId, who, versions: [] as number[], last: '' };
  watched.push(seen);
  for (let turn = watched.length; seen.last !== 'FULFILLED' && turn < watched.length + 200; turn += 1) {
    const replica = world.replicas[turn % 2] as Replica;
    const client = wsClient(replica.graphqlUrl, who.token);
    void client.closed.then(({ code }) => { if (code !== undefined) closures.push(code); });
    try {
      for await (const { data } of client.subscribe<StatusUpdate>(STATUS, { orderId, afterVersion: seen.versions.at(-1) ?? 0 })) {
        if (!data) continue;
        seen.versions.push(data.orderStatusChanged.version);
        seen.last = data.orderStatusChanged.status;
      }
    } catch (error) {
      if (Array.isArray(error)) failures.push(`subscription: ${JSON.stringify(error)}`);
      await waitFor(() => world.replicas.some((other) => other !== replica && other.running), { ...within, what: 'the other replica' });
    } finally {
      await client.dispose();
    }
  }
}

async function restart(replica: Replica): Promise<void> {
  const before = { orders: watched.length, queries };
  const going = replica.stop();
  const draining = await waitFor(async () => { const answer = await fetch(`${replica.url}/readyz`); return answer.status === 503 && (await answer.json() as object); }, { ...within, what: '/readyz to say that it drains', everyMs: 5 });
  expect(draining).toMatchObject({ status: 'not ready', service: 'draining' });
  await going;
  await waitFor(() => watched.length > before.orders + 3 && queries > before.queries + 10, { ...within, what: 'business as usual on the other replica' });
  await replica.start();
  await waitFor(() => watched.length > before.orders + 6, { ...within, what: 'business as usual on both' });
}

it('given a rolling restart of two replicas under load, no request fails, and every subscriber sees the last state', async () => {
  const load = Promise.all([browse(), browse(), buyOn(), buyOn()]);
  await waitFor(() => watched.length > 8, { ...within, what: 'orders under way' });
  for (const replica of world.replicas) await restart(replica);
  working = false;
  await load;

  expect(failures).toEqual([]);
  expect(closures).toContain(GOING_AWAY);
  for (const { orderId, who, versions, last } of watched) {
    const { order } = await who.http.data(OrderByIdDocument, { id: orderId });
    expect({ orderId, last, versions }).toEqual({ orderId, last: order?.status, versions: Array.from({ length: order?.version ?? 0 }, (_, index) => index + 1) });
    expect(last).toBe('FULFILLED');
  }
  expect(await world.sql('select 1 from marketplace.outbox_lease where replica_id not in (select id from marketplace.replica)')).toEqual([]);
  for (const replica of world.replicas) expect(replica.logTail(1_000)).not.toContain('the drain failed');
});
