import type { OrderStatus } from '../order/order-status';

/** The status of a fulfilled order that its settled refunds imply, while none is open. Minor units. */
export function statusAfterRefunds(totalMinor: bigint, settledMinor: bigint): Extract<OrderStatus, 'FULFILLED' | 'PARTIALLY_REFUNDED' | 'REFUNDED'> {
  if (settledMinor <= 0n) return 'FULFILLED';
  return settledMinor < totalMinor ? 'PARTIALLY_REFUNDED' : 'REFUNDED';
}
