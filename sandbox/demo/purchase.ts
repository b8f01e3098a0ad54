import { randomUUID } from 'node:crypto';
import { accepted } from './graph';
import { DemoOrderDocument, DemoOrderStatusDocument, DemoPlaceOrderDocument } from './operations/generated';
import type { Person } from './people';
import { outcome, timelineRow } from './timeline';

/** Buys one unit of the plan, in a storefront or (null) in none, and tells of it as it happens, through the supergraph. @throws Error unless it is fulfilled */
export async function buy({ graph }: Person, planId: string, storefrontSlug: string | null, tell: (line: string) => void): Promise<void> {
  const { placeOrder } = await graph.ask(DemoPlaceOrderDocument, { input: { idempotencyKey: randomUUID(), currency: 'EUR', storefrontSlug, lines: [{ pricingPlanId: planId }] } });
  const { id } = accepted('placeOrder', placeOrder.order, placeOrder.userErrors);
  let firstAt: string | undefined;
  let last: string | undefined;
  for await (const { orderStatusChanged: change } of graph.watch(DemoOrderStatusDocument, { orderId: id })) {
    tell(timelineRow(change, (firstAt ??= change.at)));
    last = change.status;
  }
  if (last !== 'FULFILLED') throw new Error(`the purchase ended as ${last ?? 'nothing'}`);
  const { order } = await graph.ask(DemoOrderDocument, { id });
  if (!order) throw new Error('the order cannot be found any more');
  for (const line of outcome(order)) tell(line);
}
