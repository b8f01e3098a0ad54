import type { Order, OrderLine } from '../../domain/order/order';
import { amountOf } from './order-events';
import type { PurchaseData } from './purchase-protocol';

/** What the purchase saga of a new order begins with. */
export function newPurchase(order: Order, lines: readonly OrderLine[]): PurchaseData {
  return {
    orderId: order.id, total: amountOf(order.total), paymentAttempt: 1, paymentId: null, paid: null, returnedMinor: '0', paymentClosed: false,
    startsSubscription: lines.some((line) => line.terms.kind === 'SUBSCRIPTION'), cancelRefused: false, refundId: null, refundAsked: 0, seats: lines.reduce((seats, line) => seats + line.learnerIds.length, 0),
    enrolled: 0, rejected: 0, enrollmentAsked: 0, grantedAt: null, failure: null, failedStep: null,
  };
}
