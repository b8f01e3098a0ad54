import { SubscriptionOfLicensesDocument } from './operations/generated';
import { multiply } from '../support/many-subscriptions';
import { outcomeOf } from '../support/outcome';
import { openShop, person, place } from '../support/shop';
import type { Shop } from '../support/shop';
import { waitFor } from '../support/wait';
import { startWorld } from '../support/world';
import type { World } from '../support/world';

/*
 * Renewals have connections and a concurrency of their own, and their schedule begins no more than can be paid. Mutation
 * that was tried and fails it: the schedule does not ask for room.
 */
const BACKLOG = Number(process.env.RENEWAL_BACKLOG ?? 400);
/** Of a large one (RENEWAL_BACKLOG=100000), so much is watched. */
const WATCHED = Math.min(BACKLOG, 2_000);
let world: World;
let shop: Shop;
beforeAll(async () => {
  world = await startWorld({ replicas: 2, env: { RENEWAL_POLL_MS: '100' } });
  shop = await openShop({ url: world.supergraphUrl, sandbox: world.sandbox });
});
afterAll(() => world.stop());

const count = async (what: string): Promise<number> => (await world.sql<{ n: number }>(`select count(*)::int as n from ${what}`))[0]?.n ?? 0;
const notBegun = () => count(`marketplace.subscription where state = 'ACTIVE' and period = 0 and renewal_order_id is null`);
const renewed = () => count(`marketplace.subscription where state = 'ACTIVE' and period = 1 and renewal_order_id is null`);
const underWay = () => count(`marketplace.saga where name = 'marketplace.renewal' and state not in ('COMPLETED', 'COMPENSATED', 'RESOLVED')`);

it('given a backlog of renewals: checkouts come through while it waits, few are under way at once, and each is charged once', async () => {
  const buyer = await person({ url: world.supergraphUrl, sandbox: world.sandbox }, ['buyer']);
  expect((await outcomeOf(world, buyer, await place(buyer, shop.plans.monthly))).statuses.at(-1)).toBe('FULFILLED');
  const id = (await buyer.http.data(SubscriptionOfLicensesDocument, {})).licenses?.edges[0]?.node.subscription?.id ?? '';
  await multiply(world.sql, id, BACKLOG);
  await world.shiftClock(32 * 24 * 3_600_000);

  const other = await person({ url: world.supergraphUrl, sandbox: world.sandbox }, ['buyer', 'org_admin']);
  await waitFor(async () => (await notBegun()) < BACKLOG, { withinMs: 30_000, what: 'the backlog to be worked at' });
  const most: number[] = [];
  for (let checkout = 0; checkout < 3; checkout += 1) {
    expect((await outcomeOf(world, other, await place(other, shop.plans.pack, { learnerIds: [] }))).statuses.at(-1)).toBe('FULFILLED');
    most.push(await underWay());
  }
  expect(await notBegun()).toBeGreaterThan(0);
  expect(Math.max(...most)).toBeLessThan(BACKLOG / 4);

  const [begunAt, before] = [performance.now(), await renewed()];
  await waitFor(async () => (await renewed()) >= WATCHED, { withinMs: 240_000, what: 'the backlog to be worked off', everyMs: 250 });
  if (BACKLOG > WATCHED) console.log(`${BACKLOG} were due: ${(((await renewed()) - before) / ((performance.now() - begunAt) / 1_000)).toFixed(0)} renewals a second`);
  else await waitFor(async () => (await notBegun()) + (await underWay()) === 0, { withinMs: 60_000, what: 'the last of it', everyMs: 250 });
  expect(await count(`marketplace.payment p join marketplace.orders o on o.id = p.order_id where o.source = 'RENEWAL' and o.status = 'FULFILLED' and p.paid_minor <> o.total_minor`)).toBe(0);
  if (BACKLOG > WATCHED) return;
  expect(await renewed()).toBe(BACKLOG + 1);
  expect(await count(`marketplace.orders where source = 'RENEWAL' and status = 'FULFILLED'`)).toBe(BACKLOG + 1);
  expect(await count(`marketplace.payment p join marketplace.orders o on o.id = p.order_id where o.source = 'RENEWAL' and p.paid_minor = o.total_minor`)).toBe(BACKLOG + 1);
}, 360_000);
