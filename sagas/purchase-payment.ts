import type { FoundPaymentStatus, PurchaseProtocol } from '../src/application/order/purchase-protocol';
import type { Reaction, Situation } from '../src/application/saga/definition';
import { reactionsOf } from '../src/application/saga/reactions';
import { isAsAsked, isReversed, paymentKey, take } from './payment';
import type { TakenPayment } from './payment';
import { after, DAY, HOUR, MINUTE, nextAsk } from './schedule';

type Purchase = Situation<PurchaseProtocol>;
type PurchaseReaction = Reaction<PurchaseProtocol>;
const { compensate, next, stay } = reactionsOf<PurchaseProtocol>();

export function callBilling(saga: Purchase) {
  return { name: 'process-payment', request: { orderId: saga.data.orderId, idempotencyKey: paymentKey(saga) } } as const;
}

/** Net amount and currency must be the order's, and all of it still there: else everything is given back. */
export function checkPaid(saga: Purchase, payment: TakenPayment): PurchaseReaction {
  const taken = take(saga, payment);
  if (!isAsAsked(saga, payment)) return compensate('PAYMENT_AMOUNT_MISMATCH', taken);
  return isReversed(taken) ? compensate('PAYMENT_REVERSED', taken) : next(taken);
}

interface Found {
  readonly payment: { readonly paymentId: string; readonly status: FoundPaymentStatus; readonly netAmountMinor: string } | null;
}

/** Half an hour without an outcome: billing's own word decides. Bank debits may take up to seven days. */
export function findAtDeadline(saga: Purchase, { payment }: Found): PurchaseReaction {
  if (saga.now < after(saga.startedAt, 30 * MINUTE) && payment?.status !== 'succeeded') return askedEarly(saga, payment);
  if (payment?.status === 'succeeded') {
    const paid = { amountMinor: payment.netAmountMinor, currency: saga.data.total.currency };
    return checkPaid(saga, { paymentId: payment.paymentId, paid, taxRecordId: null });
  }
  const end = after(saga.startedAt, 7 * DAY);
  if (payment?.status === 'processing' && saga.now < end) {
    const waited = saga.now.getTime() - saga.startedAt.getTime();
    const again = after(saga.now, Math.min(Math.max(waited, 30 * MINUTE), 12 * HOUR));
    return stay({ data: { paymentId: payment.paymentId }, call: null, timers: { deadline: again < end ? again : end } });
  }
  return compensate('PAYMENT_TIMEOUT', payment ? { data: { paymentId: payment.paymentId, paymentClosed: payment.status === 'failed' || payment.status === 'cancelled' } } : {});
}

/** The order is kept if at least one of its purchase-time seats was enrolled. */
export function untilEnrolled({ data }: Purchase, answered: { readonly enrolled: number; readonly rejected: number }): PurchaseReaction {
  const enrolled = data.enrolled + answered.enrolled;
  const rejected = data.rejected + answered.rejected;
  const counts = { data: { enrolled, rejected } };
  if (enrolled + rejected < data.seats) return stay(counts);
  return enrolled > 0 ? next(counts) : compensate('ENROLLMENT_REJECTED', counts);
}

/** An operator had billing asked before the deadline: only what is certain counts, and what billing has never heard of is sent again. */
function askedEarly(saga: Purchase, payment: Found['payment']): PurchaseReaction {
  if (payment?.status === 'failed' || payment?.status === 'cancelled') return compensate('PAYMENT_DECLINED', { data: { paymentId: payment.paymentId, paymentClosed: true } });
  return stay({ call: payment ? null : callBilling(saga) });
}

/** Asks enrollment-service again about the seats that it has not answered for. */
export function askForSeats(saga: Purchase): PurchaseReaction {
  const attempt = saga.data.enrollmentAsked + 1;
  const grantedAt = new Date(saga.data.grantedAt ?? saga.startedAt);
  return stay({ data: { enrollmentAsked: attempt }, effects: [{ type: 'enrollment.ask-again', attempt }], timers: { ask: nextAsk(grantedAt, saga.now) } });
}
