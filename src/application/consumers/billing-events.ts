import { parseId } from '../../domain/ids';
import type { RefundId } from '../../domain/ids';
import type { PaymentEvents } from '../order/payment-protocol';
import type { PurchaseProtocol } from '../order/purchase-protocol';
import type { RefundProtocol } from '../refund/refund-protocol';
import type { RenewalProtocol } from '../subscription/renewal-protocol';
import type { PaymentStore, RefundKind } from '../ports/payments';
import type { Tx } from '../ports/unit-of-work';
import type { Delivery, SagaEngine, StorageFailure } from '../saga/engine';
import type { EventEnvelope } from '../events/event-envelope';
import type { EventHandlers } from './event-handler';

type PaymentInput = { readonly [K in keyof PaymentEvents]: { readonly name: K; readonly payload: PaymentEvents[K] } }[keyof PaymentEvents];
interface ToldOfOrder {
  readonly correlationId: string;
  readonly input: PaymentInput;
}
type RefundDeliveries = Delivery<RefundProtocol>[];
type Refunded = EventEnvelope<'billing.payment.refunded.v1'>;

export interface OrderSagas {
  readonly purchases: SagaEngine<PurchaseProtocol>;
  readonly renewals: SagaEngine<RenewalProtocol>;
  readonly refunds: SagaEngine<RefundProtocol>;
}

/** Billing's words, handed to the purchase or renewal, or to the refund, that they are about. */
export function billingEventHandlers({ purchases, renewals, refunds }: OrderSagas, payments: PaymentStore): EventHandlers {
  /** An order has one saga, which everything about its money is serialised by: locked before any refund's. */
  const lock = async (tx: Tx, orderIds: readonly string[]) => {
    const purchasing = await purchases.lock(tx, ...orderIds);
    const others = orderIds.filter((id) => !purchasing.some((saga) => saga.correlationId === id));
    return { purchasing, renewing: others.length > 0 ? await renewals.lock(tx, ...others) : [] };
  };
  const deliver = async (tx: Tx, told: readonly ToldOfOrder[], failing: StorageFailure | undefined) => {
    const { purchasing, renewing } = await lock(tx, told.map(({ correlationId }) => correlationId));
    const isRenewal = ({ correlationId }: ToldOfOrder) => renewing.some((saga) => saga.correlationId === correlationId);
    await purchases.deliverTo(tx, purchasing, told.filter((one) => !isRenewal(one)), { failing });
    await renewals.deliverTo(tx, renewing, told.filter(isRenewal), { failing });
  };
  return {
    'billing.payment.succeeded.v1': (tx, events, failing) => deliver(tx, events.map(({ data }) => ({
      correlationId: data.orderId, input: { name: 'billing.payment.succeeded.v1', payload: data },
    })), failing),
    'billing.payment.failed.v1': (tx, events, failing) => deliver(tx, events.map(({ data }) => ({
      correlationId: data.orderId, input: { name: 'billing.payment.failed.v1', payload: data },
    })), failing),
    'billing.payment.refunded.v1': async (tx, events, failing) => {
      await lock(tx, events.map(({ data }) => data.orderId));
      const told = await refundDeliveries(tx, payments, events);
      await deliver(tx, told.orders, failing);
      await refunds.deliver(tx, told.refunds, { failing });
    },
    'billing.payment.refund_failed.v1': async (tx, events, failing) => {
      await lock(tx, events.map(({ data }) => data.orderId));
      const known = await payments.findRefunds(tx, events.flatMap(({ data }) => parseId<RefundId>(data.refundKey) ?? []), []);
      const ours = (key: string) => known.find((refund) => refund.id === key.toLowerCase());
      await deliver(tx, events.filter(({ data }) => !isSagaOfItsOwn(ours(data.refundKey))).map(({ data }) => ({
        correlationId: data.orderId, input: { name: 'refund.failed', payload: { refundId: data.refundKey, code: data.code } },
      })), failing);
      await refunds.deliver(tx, events.filter(({ data }) => isSagaOfItsOwn(ours(data.refundKey))).map(({ data }) => ({
        correlationId: data.refundKey.toLowerCase(), input: { name: 'refund.failed', payload: { code: data.code } },
      })), { failing });
    },
  };
}

/** With our key: that refund settles. Without, or with a key that is none of ours: an unasked one. Told before: nothing. */
async function refundDeliveries(tx: Tx, payments: PaymentStore, events: readonly Refunded[]): Promise<{ readonly orders: readonly ToldOfOrder[]; readonly refunds: RefundDeliveries }> {
  const keys = events.flatMap(({ data }) => parseId<RefundId>(data.refundKey ?? '') ?? []);
  const known = await payments.findRefunds(tx, keys, events.map(({ data }) => data.refundId));
  const orders: ToldOfOrder[] = [];
  const refunds: RefundDeliveries = [];
  for (const { data } of events) {
    const { orderId, paymentId, netAmount: amount, refundId: billingRefundId, reason } = data;
    const ours = known.find((refund) => refund.id === data.refundKey?.toLowerCase());
    const booked = known.some((refund) => refund.billingRefundId === billingRefundId && refund.status === 'SUCCEEDED');
    if (booked || ours?.status === 'SUCCEEDED') continue;
    if (ours && isSagaOfItsOwn(ours)) refunds.push({ correlationId: ours.id, input: { name: 'refund.succeeded', payload: { amount, billingRefundId } } });
    else if (ours) orders.push({ correlationId: orderId, input: { name: 'refund.succeeded', payload: { refundId: ours.id, amount, billingRefundId } } });
    else orders.push({ correlationId: orderId, input: { name: 'refund.unasked', payload: { paymentId, billingRefundId, amount, reason } } });
  }
  return { orders, refunds };
}

/** A compensation belongs to its purchase; what was asked for after fulfilment is a saga of its own. */
function isSagaOfItsOwn(refund: { readonly kind: RefundKind } | undefined): boolean {
  return refund?.kind === 'POLICY' || refund?.kind === 'OPERATOR';
}
