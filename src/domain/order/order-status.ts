export const ORDER_STATUSES = [
  'PLACED', 'AWAITING_PAYMENT', 'LICENSING', 'ENROLLING', 'FULFILLED',
  'COMPENSATING', 'FAILED', 'CANCELLED', 'REFUND_PENDING', 'PARTIALLY_REFUNDED', 'REFUNDED',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** Every legal change of an order's status (purchase-saga, "Order status"); the database holds the same table. */
export const ORDER_EDGES: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  PLACED: ['AWAITING_PAYMENT', 'LICENSING'],
  AWAITING_PAYMENT: ['LICENSING', 'COMPENSATING'],
  LICENSING: ['ENROLLING', 'FULFILLED', 'COMPENSATING'],
  ENROLLING: ['FULFILLED', 'COMPENSATING'],
  COMPENSATING: ['FAILED', 'CANCELLED', 'FULFILLED'], // FULFILLED by an operator's decision alone (ADR 0011)
  FAILED: [],
  CANCELLED: [],
  FULFILLED: ['REFUND_PENDING', 'PARTIALLY_REFUNDED', 'REFUNDED'],
  REFUND_PENDING: ['FULFILLED', 'PARTIALLY_REFUNDED', 'REFUNDED'],
  PARTIALLY_REFUNDED: ['REFUND_PENDING', 'PARTIALLY_REFUNDED', 'REFUNDED'],
  REFUNDED: [],
};

/** The shorter way of a renewal, which nothing but its payment decides; after it, as any other order. */
export const RENEWAL_EDGES: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  ...ORDER_EDGES, PLACED: ['AWAITING_PAYMENT'], AWAITING_PAYMENT: ['FULFILLED', 'FAILED'], LICENSING: [], ENROLLING: [], COMPENSATING: [],
};

export function mayBecome(from: OrderStatus, to: OrderStatus): boolean {
  return ORDER_EDGES[from].includes(to);
}

const RESTING: ReadonlySet<OrderStatus> = new Set(['FULFILLED', 'FAILED', 'CANCELLED', 'REFUNDED', 'PARTIALLY_REFUNDED']);

/** Where a status stream may end when nothing later is stored. */
export function isResting(status: OrderStatus): boolean {
  return RESTING.has(status);
}
