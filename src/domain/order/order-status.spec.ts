import { isResting, mayBecome, ORDER_EDGES, ORDER_STATUSES } from './order-status';
import type { OrderStatus } from './order-status';

/** The frozen contract F20, "Order status", as it is written there, and FULFILLED after COMPENSATING by an operator's decision (ADR 0011). */
const CONTRACT = `PLACED → AWAITING_PAYMENT, LICENSING · AWAITING_PAYMENT → LICENSING, COMPENSATING · LICENSING → ENROLLING, FULFILLED, COMPENSATING
  · ENROLLING → FULFILLED, COMPENSATING · COMPENSATING → FAILED, CANCELLED, FULFILLED · FULFILLED → REFUND_PENDING, PARTIALLY_REFUNDED, REFUNDED
  · REFUND_PENDING → FULFILLED, PARTIALLY_REFUNDED, REFUNDED · PARTIALLY_REFUNDED → REFUND_PENDING, PARTIALLY_REFUNDED, REFUNDED`;
const edges = new Map(CONTRACT.split('·').map((part) => {
  const [from = '', to = ''] = part.split('→');
  return [from.trim(), to.split(',').map((status) => status.trim())] as const;
}));

describe.each(ORDER_STATUSES)('an order that is %s', (from) => {
  it('may become what the contract lists, and nothing else', () => {
    expect(ORDER_STATUSES.filter((to) => mayBecome(from, to)).sort()).toEqual([...(edges.get(from) ?? [])].sort());
  });
});

it('reaches every status from PLACED', () => {
  const reached = new Set<OrderStatus>(['PLACED']);
  for (const status of reached) for (const next of ORDER_EDGES[status]) reached.add(next);
  expect([...reached].sort()).toEqual([...ORDER_STATUSES].sort());
});

it('rests where a stream of its statuses may end', () => {
  expect(ORDER_STATUSES.filter(isResting).sort()).toEqual(['CANCELLED', 'FAILED', 'FULFILLED', 'PARTIALLY_REFUNDED', 'REFUNDED']);
});
