import type { OrderFailureReason } from '../src/domain/order/order';
import type { OrderStatus } from '../src/domain/order/order-status';

const MESSAGES: Readonly<Record<OrderStatus, string>> = {
  PLACED: 'Your order has been placed.',
  AWAITING_PAYMENT: 'We are waiting for your payment.',
  LICENSING: 'Your licences are being issued.',
  ENROLLING: 'Your licences are ready; the learners are being enrolled.',
  FULFILLED: 'Everything is ready. Enjoy your course!',
  COMPENSATING: 'The order could not be completed and is being taken back.',
  FAILED: 'The order could not be completed. Anything that you paid has been returned.',
  CANCELLED: 'The order has been cancelled.',
  REFUND_PENDING: 'Your refund is under way.',
  PARTIALLY_REFUNDED: 'A part of your payment has been returned.',
  REFUNDED: 'Your payment has been returned.',
};

const FAILURES: Readonly<Record<OrderFailureReason, string>> = {
  PAYMENT_DECLINED: 'Your payment was declined. Nothing was charged; please try another way to pay.',
  PAYMENT_TIMEOUT: 'Your payment was not completed in time, so the order has ended. You can place it again.',
  PAYMENT_REJECTED: 'Your payment could not be accepted, so the order has ended. Nothing was charged.',
  PAYMENT_UNAVAILABLE: 'Payments were not available, so the order has ended. Nothing was charged; please try again later.',
  PAYMENT_AMOUNT_MISMATCH: 'The amount paid was not the order’s total, so it has been returned in full.',
  PAYMENT_REVERSED: 'Your payment was reversed before the order was completed, so the order has ended.',
  LICENSING_FAILED: 'Your licences could not be issued. Your payment has been returned.',
  ENROLLMENT_TIMEOUT: 'The learners could not be enrolled in time. Your payment has been returned.',
  ENROLLMENT_REJECTED: 'The learners could not be enrolled. Your payment has been returned.',
  OPERATOR_DECISION: 'Our staff had to take your order back. Please ask them about anything that you paid.',
};

/** A status in a sentence that its buyer understands. */
export function statusMessage(status: OrderStatus, failureReason: OrderFailureReason | null): string {
  return status === 'FAILED' && failureReason !== null ? FAILURES[failureReason] : MESSAGES[status];
}
