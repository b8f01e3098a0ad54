import type { OrderId, OrderLineId } from '../../domain/ids';
import { zero } from '../../domain/money';
import { newOrderNumber } from '../../domain/order/order-number';
import type { Order, OrderLine } from '../../domain/order/order';
import type { DunningPolicy } from '../../domain/subscription/dunning';
import { priceOfPeriod } from '../../domain/subscription/subscription';
import type { Subscription } from '../../domain/subscription/subscription';
import { amountOf } from '../order/order-events';
import type { Tx } from '../ports/unit-of-work';
import type { RenewalData } from './renewal-protocol';

/** The order of a subscription's next period, at the subscription's own terms and price; caps and coupons have no part in it. */
export function renewalOrder(tx: Tx, subscription: Subscription, first: OrderLine): { readonly order: Order; readonly line: OrderLine } {
  const { tenantId, buyerId, unitPrice } = subscription;
  const { currency } = unitPrice;
  const total = priceOfPeriod(subscription);
  const order: Order = {
    id: tx.ids.next<OrderId>(), number: newOrderNumber(tx.ids), source: 'RENEWAL', status: 'PLACED', failureReason: null, tenantId, buyerId, currency,
    subtotal: total, discount: zero(currency), total, couponCode: null, storefrontId: null, purchaseReference: null, paymentReturnUrl: null, version: 1, placedAt: tx.now, fulfilledAt: null,
  };
  const line: OrderLine = {
    ...first, id: tx.ids.next<OrderLineId>(), orderId: order.id, position: 0, unitPrice, subtotal: total,
    discount: zero(currency), platformDiscount: zero(currency), total, learnerIds: [],
  };
  return { order, line };
}

/** What the renewal saga of that order begins with. */
export function newRenewal(order: Order, { id, currentPeriodEnd, cancelAtPeriodEnd }: Subscription, dunning: DunningPolicy): RenewalData {
  return {
    orderId: order.id, subscriptionId: id, total: amountOf(order.total), dueAt: currentPeriodEnd.toISOString(), dunning, mode: 'off_session', returnUrl: null,
    paymentAttempt: 1, paymentId: null, paid: null, paidBy: null, returnedMinor: '0', paymentClosed: false, cancelRefused: false, refundId: null, refundAsked: 0, earlier: [],
    intent: null, attemptFailed: false, pastDue: false, hard: false, moment: 0, suspendWhenFailed: false, cancelling: cancelAtPeriodEnd, lastFailure: null,
    endAs: 'EXPIRED', failure: null,
  };
}
