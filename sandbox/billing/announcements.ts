import type { NeighbourEvent } from '../events/event-envelope';
import type { Payment, PaymentFact, Refund } from './payment';

/** The event that tells the world about a fact, if any does: a cancel is answered, not announced. */
export function announcementOf(payment: Payment, fact: PaymentFact, causationId: string): NeighbourEvent | undefined {
  const { paymentId, orderId } = payment;
  switch (fact.type) {
    case 'succeeded':
      return event(payment, causationId, 'billing.payment.succeeded.v1', {
        paymentId, orderId, netAmount: money(payment, fact.amountMinor), taxRecordId: payment.taxRecordId,
      });
    case 'failed':
      return event(payment, causationId, 'billing.payment.failed.v1', {
        paymentId, orderId, code: fact.code, declineKind: fact.declineKind,
      });
    case 'refund-succeeded':
      return event(payment, causationId, 'billing.payment.refunded.v1', refundedData(payment, refundIn(payment, fact.refundId)));
    case 'refund-failed':
      return event(payment, causationId, 'billing.payment.refund_failed.v1', {
        paymentId, orderId, refundKey: refundIn(payment, fact.refundId).idempotencyKey, code: fact.code,
      });
    case 'cancelled':
    case 'refund-opened':
      return undefined;
  }
}

function refundedData(payment: Payment, refund: Refund): Record<string, unknown> {
  const { paymentId, orderId } = payment;
  const { refundId, idempotencyKey, amountMinor } = refund;
  const netAmount = money(payment, amountMinor);
  if (idempotencyKey === undefined) return { paymentId, orderId, refundId, netAmount, reason: 'dispute' };
  return { paymentId, orderId, refundId, refundKey: idempotencyKey, netAmount, reason: 'requested' };
}

function event(payment: Payment, causationId: string, type: string, data: Record<string, unknown>): NeighbourEvent {
  return {
    type,
    source: '/billing-service',
    subject: payment.paymentId,
    tenantId: payment.tenantId,
    correlationId: payment.orderId,
    causationId,
    data,
  };
}

function refundIn(payment: Payment, refundId: string): Refund {
  const refund = payment.refunds.find((candidate) => candidate.refundId === refundId);
  if (refund === undefined) throw new Error(`payment ${payment.paymentId} has no refund ${refundId}`);
  return refund;
}

function money({ currency }: Payment, amountMinor: bigint): { amountMinor: string; currency: string } {
  return { amountMinor: amountMinor.toString(), currency };
}
