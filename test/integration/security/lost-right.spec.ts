import { OrderStatusWatch } from '../../../src/application/order/order-status-watch';
import type { OrderId } from '../../../src/domain/ids';
import { PostgresOrderReader } from '../../../src/infrastructure/postgres/order-reader';
import { aUser } from '../../support/listing-world';
import { aKey, openPurchaseWorld } from '../../support/purchase-world';
import type { PurchaseWorld } from '../../support/purchase-world';

/*
 * A subscription is authorised at its start and again for every event. Mutation that turns the second test red: in
 * order-reader.ts, `statusSince` that reads the changes alone, without their order.
 */
let world: PurchaseWorld;
beforeAll(async () => { world = await openPurchaseWorld({ working: false }); });
afterAll(() => world.close());

async function watched() {
  const buyer = aUser('buyer');
  const { planId } = await world.offer();
  const placed = await world.replica.orders.placeOrder(buyer, { idempotencyKey: aKey(), lines: [{ pricingPlanId: planId, quantity: 1 }], currency: 'EUR' });
  if (!placed.ok) throw new Error('refused');
  const orderId = placed.value as OrderId;
  let tell: (orderId: string, version: number) => void = () => undefined;
  const watch = new OrderStatusWatch(world.replica.unitOfWork, new PostgresOrderReader(), { listen: (onChange) => { tell = onChange; } }, { readsAtOnce: 2 });
  const changes = await watch.watch(buyer, orderId, 0);
  if (!changes) throw new Error('the buyer sees the order');
  const advance = async () => {
    const [order] = await world.sql<{ version: number }>(`update marketplace.orders set status = 'COMPENSATING', version = version + 1 where id = $1 returning version`, [orderId]);
    await world.sql(`insert into marketplace.order_transition (order_id, version, tenant_id, buyer_id, from_status, to_status, step, at)
      select id, version, tenant_id, $2, 'AWAITING_PAYMENT', 'COMPENSATING', 'PAYMENT', now() from marketplace.orders where id = $1`, [orderId, buyer.userId]);
    tell(orderId, order?.version ?? 0);
  };
  const loseRight = () => world.sql('update marketplace.orders set buyer_id = null where id = $1', [orderId]);
  return { changes, advance, loseRight, watch, orderId };
}

describe('somebody who watches an order', () => {
  it('is told of every change while it is theirs', async () => {
    const { changes, advance } = await watched();
    expect([(await changes.next()).value, (await changes.next()).value]).toMatchObject([{ to: 'PLACED' }, { to: 'AWAITING_PAYMENT' }]);
    await advance();
    expect((await changes.next()).value).toMatchObject({ to: 'COMPENSATING', version: 3 });
    await changes.return?.();
  });

  it('is told nothing more once it no longer is: the stream ends, and nothing is kept for it', async () => {
    const { changes, advance, loseRight, watch } = await watched();
    await changes.next();
    await changes.next();
    const next = changes.next();
    await loseRight();
    await advance();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(watch.size).toBe(0);
  });

  it('is refused at the start where it is not theirs', async () => {
    const { orderId, watch, changes } = await watched();
    expect(await watch.watch(aUser('buyer'), orderId, 0)).toBeNull();
    await changes.return?.();
  });
});
