import { v7 } from 'uuid';
import type { Message } from '../../src/application/consumers/intake';
import type { EventDataByType, EventType } from '../../src/application/events/event-data.generated';
import type { AnyEventEnvelope } from '../../src/application/events/event-envelope';
import type { AcceptedPayment, AcceptedRefund, Billing, FoundPayment, FoundRefund, PaymentRequest } from '../../src/application/ports/billing';

let sequence = 0;

/** An event as its stream would deliver it, each with an id and a place of its own. */
export function messageOf<T extends EventType>(type: T, data: EventDataByType[T], id = v7()): Message {
  const envelope = { specversion: '1.0', id, type, source: `/${type.split('.')[0]}-service`, subject: v7(), time: new Date().toISOString(), tenantid: v7(), data };
  return { subject: type, streamSequence: ++sequence, deliveries: 1, decoded: { ok: true, envelope: envelope as unknown as AnyEventEnvelope } };
}

/** A message that nobody can read. */
export function unreadable(subject: string, raw: string): Message {
  return { subject, streamSequence: ++sequence, deliveries: 1, decoded: { ok: false, error: 'the data do not keep their schema', raw, claimed: {} } };
}

/** Billing in memory: remembers what it was asked, answers as told, and settles nothing by itself. */
export class ScriptedBilling implements Billing {
  readonly processed: { readonly idempotencyKey: string; readonly payment: PaymentRequest }[] = [];
  readonly refunds: { readonly paymentId: string; readonly refundId: string; readonly reason: string; readonly amountMinor?: string }[] = [];
  cancelled: string[] = [];
  /** Runs before a call is answered: throw to refuse it or to leave it unanswered. */
  before: (call: keyof Billing, key: string) => Promise<void> | void = () => undefined;

  async processPayment(idempotencyKey: string, payment: PaymentRequest): Promise<AcceptedPayment> {
    await this.before('processPayment', payment.orderId);
    this.processed.push({ idempotencyKey, payment });
    return { paymentId: paymentIdOf(payment.orderId), status: 'requires_action', paymentUrl: 'https://pay.example/1', taxRecordId: null };
  }
  async findPayment(idempotencyKey: string): Promise<FoundPayment | null> {
    await this.before('findPayment', idempotencyKey);
    const asked = this.processed.find((call) => call.idempotencyKey === idempotencyKey);
    return asked ? { paymentId: paymentIdOf(asked.payment.orderId), status: 'requires_action', netAmountMinor: asked.payment.net.amountMinor } : null;
  }
  async cancelPayment(paymentId: string): Promise<boolean> {
    await this.before('cancelPayment', paymentId);
    this.cancelled.push(paymentId);
    return true;
  }
  async refundPayment(paymentId: string, refundId: string, reason: string, amountMinor?: string): Promise<AcceptedRefund> {
    await this.before('refundPayment', refundId);
    this.refunds.push({ paymentId, refundId, reason, ...(amountMinor === undefined ? {} : { amountMinor }) });
    return { billingRefundId: `ref-${refundId}`, status: 'pending' };
  }
  async findRefund(paymentId: string, refundId: string): Promise<FoundRefund | null> {
    await this.before('findRefund', refundId);
    return this.refunds.some((refund) => refund.paymentId === paymentId && refund.refundId === refundId) ? { billingRefundId: `ref-${refundId}`, status: 'pending', netAmountMinor: '0' } : null;
  }

  /** What billing says when the order is paid. */
  succeeded(orderId: string, amountMinor = '4900', currency = 'EUR'): Message {
    return messageOf('billing.payment.succeeded.v1', { paymentId: paymentIdOf(orderId), orderId, netAmount: { amountMinor, currency }, taxRecordId: 'tax-1' });
  }
  declined(orderId: string): Message {
    return messageOf('billing.payment.failed.v1', { paymentId: paymentIdOf(orderId), orderId, code: 'insufficient_funds', declineKind: 'soft' });
  }
  refunded(orderId: string, refundKey: string | undefined, amountMinor = '4900', unasked: 'dispute' | 'other' = 'dispute'): Message {
    return messageOf('billing.payment.refunded.v1', {
      paymentId: paymentIdOf(orderId), orderId, refundId: refundKey ? `ref-${refundKey}` : `dispute-${v7()}`, ...(refundKey ? { refundKey } : {}),
      netAmount: { amountMinor, currency: 'EUR' }, reason: refundKey ? 'requested' : unasked,
    });
  }
}

export function paymentIdOf(orderId: string): string {
  return `pay-${orderId}`;
}
