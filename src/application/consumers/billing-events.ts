import { parseId } from '../../domain/ids';
import type { RefundId } from '../../domain/ids';
import type { PurchaseProtocol } from '../order/purchase-protocol';
import type { RefundProtocol } from '../refund/refund-protocol';
import type { PaymentStore, RefundKind } from '../ports/payments';
import type { Tx } from '../ports/unit-of-work';
import type { Delivery, SagaEngine } from '../saga/engine';
import type { EventEnvelope } from '../events/event-envelope';
import type { EventHandlers } from './event-handler';

type Deliveries = Delivery<PurchaseProtocol>[];
type RefundDeliveries = Delivery<RefundProtocol>[];
type Refunded = EventEnvelope<'billing.payment.refunded.v1'>;

/** Billing's words, handed to the purchase, or to the refund, that they are about. */
export function billingEventHandlers(purchases: SagaEngine<PurchaseProtocol>, refunds: SagaEngine<RefundProtocol>, payments: PaymentStore): EventHandlers {
  return {
    'billing.payment.succeeded.v1': (tx, events, failing) => purchases.deliver(tx, events.map(({ data }) => ({
      correlationId: data.orderId, input: { name: 'billing.payment.succeeded.v1', payload: data },
    })), { failing }),
    'billing.payment.failed.v1': (tx, events, failing) => purchases.deliver(tx, events.map(({ data }) => ({
      correlationId: data.orderId, input: { name: 'billing.payment.failed.v1', payload: data },
    })), { failing }),
    'billing.payment.refunded.v1': async (tx, events, failing) => {
      // purchases' sagas first: they are what everything about an order's money is serialised by
      await purchases.lock(tx, ...events.map(({ data }) => data.orderId));
      const told = await refundDeliveries(tx, payments, events);
      await purchases.deliver(tx, told.purchases, { failing });
      await refunds.deliver(tx, told.refunds, { failing });
    },
    'billing.payment.refund_failed.v1': async (tx, events, failing) => {
      await purchases.lock(tx, ...events.map(({ data }) => data.orderId));
      const known = await payments.findRefunds(tx, events.flatMap(({ data }) => parseId<RefundId>(data.refundKey) ?? []), []);
      const ours = (key: string) => known.find((refund) => refund.id === key.toLowerCase());
      await purchases.deliver(tx, events.filter(({ data }) => !isSagaOfItsOwn(ours(data.refundKey))).map(({ data }) => ({
        correlationId: data.orderId, input: { name: 'refund.failed', payload: { refundId: data.refundKey, code: data.code } },
      })), { failing });
      await refunds.deliver(tx, events.filter(({ data }) => isSagaOfItsOwn(ours(data.refundKey))).map(({ data }) => ({
        correlationId: data.refundKey.toLowerCase(), input: { name: 'refund.failed', payload: { code: data.code } },
      })), { failing });
    },
  };
}

/** With our key: that refund settles. Without, or with a key that is none of ours: an unasked one. Told before: nothing. */
async function refundDeliveries(tx: Tx, payments: PaymentStore, events: readonly Refunded[]): Promise<{ readonly purchases: Deliveries; readonly refunds: RefundDeliveries }> {
  const keys = events.flatMap(({ data }) => parseId<RefundId>(data.refundKey ?? '') ?? []);
  const known = await payments.findRefunds(tx, keys, events.map(({ data }) => data.refundId));
  const purchases: Deliveries = [];
  const refunds: RefundDeliveries = [];
  for (const { data } of events) {
    const { orderId, paymentId, netAmount: amount, refundId: billingRefundId, reason } = data;
    const ours = known.find((refund) => refund.id === data.refundKey?.toLowerCase());
    const booked = known.some((refund) => refund.billingRefundId === billingRefundId && refund.status === 'SUCCEEDED');
    if (booked || ours?.status === 'SUCCEEDED') continue;
    if (ours && isSagaOfItsOwn(ours)) refunds.push({ correlationId: ours.id, input: { name: 'refund.succeeded', payload: { amount, billingRefundId } } });
    else if (ours) purchases.push({ correlationId: orderId, input: { name: 'refund.succeeded', payload: { refundId: ours.id, amount, billingRefundId } } });
    else purchases.push({ correlationId: orderId, input: { name: 'refund.unasked', payload: { paymentId, billingRefundId, amount, reason } } });
  }
  return { purchases, refunds };
}

/** A compensation belongs to its purchase; what was asked for after fulfilment is a saga of its own. */
function isSagaOfItsOwn(refund: { readonly kind: RefundKind } | undefined): boolean {
  return refund?.kind === 'POLICY' || refund?.kind === 'OPERATOR';
}
