import type { EventDataByType } from '../src/application/events/event-data.generated';
import type { Amount, PaymentProtocol } from '../src/application/order/payment-protocol';
import type { Situation } from '../src/application/saga/definition';
import { withParked } from './early-refunds';

type Payment = Situation<PaymentProtocol>;

/** Billing's idempotency key: `<sagaId>:payment:<attempt>`. */
export function paymentKey({ sagaId, data }: Payment): string {
  return `${sagaId}:payment:${data.paymentAttempt}`;
}

export function askBilling(saga: Payment) {
  return { name: 'find-payment', request: { orderId: saga.data.orderId, idempotencyKey: paymentKey(saga) } } as const;
}

export interface TakenPayment {
  readonly paymentId: string;
  readonly paid: Amount;
  readonly taxRecordId: string | null;
}

export function takenPayment({ paymentId, netAmount, taxRecordId }: EventDataByType['billing.payment.succeeded.v1']): TakenPayment {
  return { paymentId, paid: netAmount, taxRecordId };
}

/** Remembers what billing took and books it, and what is known to have gone back of it already. */
export function take(saga: Payment, { paymentId, paid, taxRecordId }: TakenPayment) {
  const parked = withParked(saga, paymentId);
  return {
    data: { paymentId, paid, ...parked.data },
    effects: [{ type: 'payment.take', paymentId, paid, taxRecordId, attempt: saga.data.paymentAttempt, idempotencyKey: paymentKey(saga) }, ...parked.effects],
  } as const;
}

/** Whether some of it had gone back before its coming was told. */
export function isReversed({ effects }: ReturnType<typeof take>): boolean {
  return effects.length > 1;
}

/** Whether billing took what was asked. */
export function isAsAsked({ data: { total } }: Payment, { paid }: TakenPayment): boolean {
  return paid.amountMinor === total.amountMinor && paid.currency === total.currency;
}
