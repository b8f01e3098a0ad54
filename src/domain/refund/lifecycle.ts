import type { RefundStatus } from '../order/order';

/** Every legal change of a refund's status: one that was given up may still go through, because billing has the last word. The database holds the same table. */
export const REFUND_EDGES: Readonly<Record<RefundStatus, readonly RefundStatus[]>> = { REQUESTED: ['SUCCEEDED', 'FAILED'], SUCCEEDED: [], FAILED: ['SUCCEEDED'] };

export function refundMayBecome(from: RefundStatus, to: RefundStatus): boolean {
  return REFUND_EDGES[from].includes(to);
}
