import type { Logger } from '../../../src/application/ports/logger';
import { multiply } from '../../support/many-subscriptions';
import { aUser } from '../../support/listing-world';
import { aKey, openPurchaseWorld } from '../../support/purchase-world';
import type { PurchaseWorld } from '../../support/purchase-world';
import { waitFor } from '../../support/wait';

/*
 * The schedule of renewals, of two replicas. Mutations that were tried and fail it: no lock in LOCK_DUE (the
 * second is refused by the period's key, which is told of); nothing put aside (the others wait for ever).
 */
const failures: Record<string, unknown>[] = [];
const logger: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: (facts: object) => { failures.push({ ...facts }); } };

let world: PurchaseWorld;
let subscriptionId: string;
beforeEach(async () => {
  failures.length = 0;
  world = await openPurchaseWorld({ replicas: 2, logger });
  const { planId } = await world.offer({ kind: 'SUBSCRIPTION' });
  const placed = await world.replica.orders.placeOrder(aUser('buyer', 'org_admin'), { idempotencyKey: aKey(), lines: [{ pricingPlanId: planId, quantity: 1, learnerIds: [] }], currency: 'EUR' });
  if (!placed.ok) throw new Error(JSON.stringify(placed.errors));
  await waitFor(async () => (await world.sql('select 1 from marketplace.payment where order_id = $1', [placed.value])).length > 0, { withinMs: 10_000, what: 'billing to know of it' });
  await world.replica.billing.take([world.playedBilling.succeeded(placed.value)]);
  const [subscription] = await world.sql<{ id: string }>('select id from marketplace.subscription');
  subscriptionId = subscription!.id;
});
afterEach(() => world.close());

const count = async (what: string): Promise<number> => (await world.sql<{ n: number }>(`select count(*)::int as n from ${what}`))[0]!.n;
/** Both replicas look, each several times at once, until neither finds anything. */
async function workedOff(): Promise<number> {
  let taken = 0;
  for (;;) {
    const rounds = await Promise.all(world.replicas.flatMap((replica) => [replica, replica].map(({ subscriptionSchedule }) => subscriptionSchedule.work())));
    const found = rounds.reduce((sum, one) => sum + one, 0);
    if (found === 0) return taken;
    taken += found;
  }
}

describe('renewals that are due', () => {
  it('given two replicas that look at the same moment: each is begun once, and all are', async () => {
    await multiply(world.sql, subscriptionId, 99);
    await world.shiftClock(32 * 86_400_000);
    expect(await workedOff()).toBe(100);
    expect(await count('marketplace.subscription where renewal_order_id is not null')).toBe(100);
    expect(await count(`marketplace.orders where source = 'RENEWAL'`)).toBe(100);
    expect(await count('marketplace.subscription_period where period = 1')).toBe(100);
    expect(await count(`marketplace.saga where name = 'marketplace.renewal'`)).toBe(100);
    expect([await workedOff(), failures]).toEqual([0, []]);
  });

  it('given one that cannot be begun: it is put aside, and holds up nobody', async () => {
    await multiply(world.sql, subscriptionId, 20);
    await world.sql('delete from marketplace.subscription_period where subscription_id = $1', [subscriptionId]);
    await world.sql(`update marketplace.subscription set current_period_start = current_period_start - interval '1 day', current_period_end = current_period_end - interval '1 day' where id = $1`, [subscriptionId]);
    await world.shiftClock(32 * 86_400_000);
    let taken = 0;
    for (let found = 1; found > 0; taken += found) found = await world.replica.subscriptionSchedule.work();
    expect(taken).toBe(20);
    expect(failures.map((failure) => failure['subscriptionId'])).toEqual([subscriptionId]);
    expect(await world.sql('select id from marketplace.subscription where renewal_order_id is null')).toEqual([{ id: subscriptionId }]);
  });
});
