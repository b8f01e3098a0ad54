import type { PaymentEffect, PaymentProtocol, UnaskedRefund } from '../src/application/order/payment-protocol';
import type { Changes, Situation } from '../src/application/saga/definition';

type Payment = Situation<PaymentProtocol>;

/** Whether this tells of money that went back before anything told of its coming: it waits for its payment. */
export function isEarly({ data, state }: Payment, { paymentId }: UnaskedRefund): boolean {
  const awaited = data.paymentId === null || data.paymentId === paymentId;
  return data.paid === null && awaited && data.total.amountMinor !== '0' && state !== 'RESOLVED';
}

export function isParked({ data }: Payment, { billingRefundId }: UnaskedRefund): boolean {
  return (data.early ?? []).some((parked) => parked.billingRefundId === billingRefundId);
}

/** Kept until its payment is taken in: the database holds that no more goes back than was paid. */
export function park({ data }: Payment, refund: UnaskedRefund): Changes<PaymentProtocol> & { readonly data: Partial<PaymentProtocol['data']> } {
  return { data: { early: [...(data.early ?? []), refund] } };
}

export function book({ paymentId, amount, billingRefundId, reason }: UnaskedRefund, openRefundId: string | null = null): PaymentEffect {
  return { type: 'refund.book-unasked', paymentId, amount, billingRefundId, reason, openRefundId };
}

/** What is booked together with this payment. */
export function withParked({ data }: Payment, paymentId: string): { readonly data: Partial<PaymentProtocol['data']>; readonly effects: readonly PaymentEffect[] } {
  const told = (data.early ?? []).filter((refund) => refund.paymentId === paymentId);
  if (told.length === 0) return { data: {}, effects: [] };
  const returned = told.reduce((sum, { amount }) => sum + BigInt(amount.amountMinor), BigInt(data.returnedMinor));
  return {
    data: { returnedMinor: returned.toString(), early: data.early?.filter((refund) => !told.includes(refund)) ?? [] },
    effects: told.map((refund) => book(refund)),
  };
}
