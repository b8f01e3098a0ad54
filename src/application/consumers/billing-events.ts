import { parseId } from '../../domain/ids';
import type { RefundId } from '../../domain/ids';
import type { PurchaseProtocol } from '../order/purchase-protocol';
import type { PaymentStore } from '../ports/payments';
import type { Tx } from '../ports/unit-of-work';
import type { Delivery, SagaEngine } from '../saga/engine';
import type { EventEnvelope } from '../events/event-envelope';
import type { EventHandlers } from './event-handler';

type Deliveries = Delivery<PurchaseProtocol>[];
type Refunded = EventEnvelope<'billing.payment.refunded.v1'>;

/** Billing's words, handed to the purchase that they are about. */
export function billingEventHandlers(purchases: SagaEngine<PurchaseProtocol>, payments: PaymentStore): EventHandlers {
  return {
    'billing.payment.succeeded.v1': (tx, events, failing) => purchases.deliver(tx, events.map(({ data }) => ({
      correlationId: data.orderId, input: { name: 'billing.payment.succeeded.v1', payload: data },
    })), { failing }),
    'billing.payment.failed.v1': (tx, events, failing) => purchases.deliver(tx, events.map(({ data }) => ({
      correlationId: data.orderId, input: { name: 'billing.payment.failed.v1', payload: data },
    })), { failing }),
    'billing.payment.refunded.v1': async (tx, events, failing) => purchases.deliver(tx, await refundDeliveries(tx, payments, events), { failing }),
    'billing.payment.refund_failed.v1': (tx, events, failing) => purchases.deliver(tx, events.map(({ data }) => ({
      correlationId: data.orderId, input: { name: 'refund.failed', payload: { refundId: data.refundKey, code: data.code } },
    })), { failing }),
  };
}

/** With our key: that refund settles. Without, or with a key that is none of ours: an unasked one. Told before: nothing. */
async function refundDeliveries(tx: Tx, payments: PaymentStore, events: readonly Refunded[]): Promise<Deliveries> {
  const keys = events.flatMap(({ data }) => parseId<RefundId>(data.refundKey ?? '') ?? []);
  const known = await payments.findRefunds(tx, keys, events.map(({ data }) => data.refundId));
  return events.flatMap(({ data }): Deliveries => {
    const ours = known.find((refund) => refund.id === data.refundKey?.toLowerCase());
    const booked = known.some((refund) => refund.billingRefundId === data.refundId && refund.status === 'SUCCEEDED');
    if (booked || ours?.status === 'SUCCEEDED') return [];
    const { paymentId, netAmount: amount, refundId: billingRefundId, reason } = data;
    return [{
      correlationId: data.orderId,
      input: ours
        ? { name: 'refund.succeeded', payload: { refundId: ours.id, amount, billingRefundId } }
        : { name: 'refund.unasked', payload: { paymentId, billingRefundId, amount, reason } },
    }];
  });
}
