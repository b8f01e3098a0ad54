import { aUser } from '../../support/listing-world';
import { ORDER_EDGES, ORDER_STATUSES, RENEWAL_EDGES } from '../../../src/domain/order/order-status';
import { aKey, openPurchaseWorld } from '../../support/purchase-world';
import type { PurchaseWorld } from '../../support/purchase-world';

let world: PurchaseWorld;
let orderId: string;
beforeAll(async () => {
  world = await openPurchaseWorld({ working: false });
  const { planId } = await world.offer();
  const result = await world.replica.orders.placeOrder(aUser('buyer'), { idempotencyKey: aKey(), lines: [{ pricingPlanId: planId, quantity: 1 }], currency: 'EUR' });
  if (!result.ok) throw new Error('refused');
  orderId = result.value;
});
afterAll(() => world.close());

/** Puts the order there past the trigger. */
async function putIn(status: string): Promise<void> {
  await world.sql('alter table marketplace.orders disable trigger order_status');
  await world.sql('update marketplace.orders set status = $2, version = 10 where id = $1', [orderId, status]);
  await world.sql('alter table marketplace.orders enable trigger order_status');
}
const accepted = (text: string, values: unknown[]) => world.sql(text, values).then(() => true, (error: { code?: string }) => {
  expect(error.code).toBe('23514');
  return false;
});

describe.each(ORDER_STATUSES.flatMap((from) => [['CHECKOUT', from, ORDER_EDGES[from]], ['RENEWAL', from, RENEWAL_EDGES[from]]] as const))('an order of a %s that is %s', (source, from, edges) => {
  beforeAll(() => world.sql('update marketplace.orders set source = $2 where id = $1', [orderId, source]));
  afterAll(() => world.sql(`update marketplace.orders set source = 'CHECKOUT' where id = $1`, [orderId]));

  it('may become in the database what it may become in the domain, and nothing else', async () => {
    const possible: string[] = [];
    for (const to of ORDER_STATUSES) {
      await putIn(from);
      if (await accepted('update marketplace.orders set status = $2, version = 11 where id = $1', [orderId, to])) possible.push(to);
    }
    expect(possible.sort()).toEqual([...edges].sort());
  });

  it('has a history of the same changes only', async () => {
    const possible: string[] = [];
    for (const to of ORDER_STATUSES) {
      const insert = `insert into marketplace.order_transition (order_id, version, tenant_id, from_status, to_status, step, at) 
        select id, 99, tenant_id, $2, $3, 'PAYMENT', now() from marketplace.orders where id = $1`;
      if (await accepted(insert, [orderId, from, to])) possible.push(to);
      await world.sql('delete from marketplace.order_transition where order_id = $1 and version = 99', [orderId]);
    }
    expect(possible.sort()).toEqual([...edges].sort());
  });
});

it('a version never moves without a status, nor back, nor a status without a version', async () => {
  await putIn('ENROLLING');
  expect(await accepted('update marketplace.orders set version = 11 where id = $1', [orderId])).toBe(false);
  expect(await accepted('update marketplace.orders set version = 9 where id = $1', [orderId])).toBe(false);
  expect(await accepted(`update marketplace.orders set status = 'FULFILLED' where id = $1`, [orderId])).toBe(false);
});

it('two changes in one statement are two versions', async () => {
  await putIn('AWAITING_PAYMENT');
  expect(await accepted(`update marketplace.orders set status = 'ENROLLING', version = 12 where id = $1`, [orderId])).toBe(true);
  await putIn('AWAITING_PAYMENT');
  expect(await accepted(`update marketplace.orders set status = 'ENROLLING', version = 13 where id = $1`, [orderId])).toBe(false);
});
