import type { OrderId } from '../../domain/ids';
import type { OrderLine } from '../../domain/order/order';
import type { LineFacts, RefundableLine } from '../../domain/refund/refundability';
import type { OrderStore } from '../ports/orders';
import type { RefundFacts } from '../ports/refunds';
import type { Tx } from '../ports/unit-of-work';

/** Each line with what has become of it. */
export function withFacts(lines: readonly OrderLine[], facts: readonly LineFacts[]): RefundableLine[] {
  return lines.flatMap((line) => facts.filter(({ lineId }) => lineId === line.id).map((one) => ({ line, facts: one })));
}

export async function refundableLines(tx: Tx, orders: OrderStore, refunds: RefundFacts, orderId: OrderId): Promise<RefundableLine[]> {
  const { lines } = await orders.withLines(tx, orderId);
  return withFacts(lines, await refunds.lineFacts(tx, [orderId]));
}
