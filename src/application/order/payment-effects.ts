import type { OrderId, RefundId, TenantId, UserId } from '../../domain/ids';
import { parseCurrency } from '../../domain/money';
import type { Money } from '../../domain/money';
import type { NewEvent } from '../events/event-envelope';
import type { OrderStore } from '../ports/orders';
import type { PaymentStore } from '../ports/payments';
import type { Tx } from '../ports/unit-of-work';
import type { UnaskedRefunds } from '../refund/unasked-refunds';
import type { Amount, PaymentData, PaymentEffect } from './payment-protocol';

export interface PaymentEffectStores {
  readonly orders: OrderStore;
  readonly payments: PaymentStore;
  /** For money that goes back unasked once the order is fulfilled. */
  readonly unasked: UnaskedRefunds;
}

/** Any saga of an order that has a payment. */
export interface SagaWithPayment {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly buyerId: UserId | null;
  readonly data: PaymentData;
}

type EffectOf<T extends PaymentEffect['type']> = Extract<PaymentEffect, { readonly type: T }>;

/** Stores what happens to an order's money before the order is fulfilled, and money that comes or goes unasked. */
export class PaymentEffects {
  constructor(private readonly stores: PaymentEffectStores) {}

  async apply(tx: Tx, saga: SagaWithPayment, effect: PaymentEffect): Promise<readonly NewEvent[]> {
    switch (effect.type) {
      case 'payment.record': return this.recordPayment(tx, saga, effect);
      case 'payment.take': return this.takePayment(tx, saga, effect);
      case 'refund.request': return this.requestRefund(tx, saga, effect);
      case 'refund.settle': return this.settleRefund(tx, effect);
      case 'refund.fail': return this.failRefund(tx, effect);
      case 'refund.book-unasked': return this.bookUnasked(tx, saga, effect);
      case 'saga.alert': return [alert(saga, effect)];
    }
  }

  private async recordPayment(tx: Tx, saga: SagaWithPayment, effect: EffectOf<'payment.record'>): Promise<NewEvent[]> {
    const { paymentId, attempt, idempotencyKey, paymentUrl, taxRecordId } = effect;
    await this.stores.payments.record(tx, {
      ...ownerOf(saga), paymentId, attempt, idempotencyKey, asked: moneyOf(saga.data.total), ...(paymentUrl ? { paymentUrl } : {}), ...(taxRecordId ? { taxRecordId } : {}),
    });
    return [];
  }

  private async takePayment(tx: Tx, saga: SagaWithPayment, effect: EffectOf<'payment.take'>): Promise<NewEvent[]> {
    const { paymentId, attempt, idempotencyKey, paid, taxRecordId } = effect;
    await this.stores.payments.record(tx, {
      ...ownerOf(saga), paymentId, attempt, idempotencyKey, asked: moneyOf(saga.data.total), paid: moneyOf(paid), ...(taxRecordId ? { taxRecordId } : {}),
    });
    return [];
  }

  private async requestRefund(tx: Tx, saga: SagaWithPayment, { refundId, paymentId, amount, reason }: EffectOf<'refund.request'>): Promise<NewEvent[]> {
    await this.stores.payments.addRefund(tx, {
      ...ownerOf(saga), id: refundId as RefundId, paymentId, kind: 'COMPENSATION', initiatedBy: 'SYSTEM', status: 'REQUESTED', amount: moneyOf(amount), reason,
    });
    return [];
  }

  private async settleRefund(tx: Tx, { refundId, amount, billingRefundId }: EffectOf<'refund.settle'>): Promise<NewEvent[]> {
    await this.stores.payments.closeRefund(tx, refundId as RefundId, 'SUCCEEDED', { amount: moneyOf(amount), billingRefundId });
    return [];
  }

  private async failRefund(tx: Tx, { refundId }: EffectOf<'refund.fail'>): Promise<NewEvent[]> {
    await this.stores.payments.closeRefund(tx, refundId as RefundId, 'FAILED');
    return [];
  }

  /** Money that billing moved is booked whatever the status; a refund of ours still open cannot go through beside it. */
  private async bookUnasked(tx: Tx, saga: SagaWithPayment, effect: EffectOf<'refund.book-unasked'>): Promise<readonly NewEvent[]> {
    const { paymentId, amount, billingRefundId, reason, openRefundId } = effect;
    const orderId = orderIdOf(saga);
    const { order } = await this.stores.orders.withLines(tx, orderId);
    if (order.fulfilledAt) return this.stores.unasked.book(tx, { orderId, paymentId, billingRefundId, amount: moneyOf(amount), reason });
    if (openRefundId) await this.stores.payments.closeRefund(tx, openRefundId as RefundId, 'FAILED');
    await this.stores.payments.addRefund(tx, {
      ...ownerOf(saga), id: tx.ids.next<RefundId>(), paymentId, kind: 'UNASKED', initiatedBy: 'BILLING', status: 'SUCCEEDED', amount: moneyOf(amount), reason, billingRefundId,
    });
    return [];
  }
}

export function orderIdOf(saga: SagaWithPayment): OrderId {
  return saga.data.orderId as OrderId;
}

function ownerOf(saga: SagaWithPayment) {
  return { orderId: orderIdOf(saga), tenantId: saga.tenantId, buyerId: saga.buyerId };
}

function moneyOf({ amountMinor, currency }: Amount): Money {
  const known = parseCurrency(currency);
  if (!known) throw new Error(`unknown currency ${currency}`);
  return { amountMinor: BigInt(amountMinor), currency: known };
}

function alert(saga: SagaWithPayment, { step, lastError, attempts }: EffectOf<'saga.alert'>): NewEvent {
  return {
    type: 'marketplace.saga.stuck.v1', subject: saga.id, tenantId: saga.tenantId,
    data: { sagaId: saga.id, orderId: saga.data.orderId, step, lastError, attempts },
  };
}
