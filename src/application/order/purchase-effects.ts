import type { OrderId, RefundId } from '../../domain/ids';
import { issueLicense } from '../../domain/license/issue-license';
import { parseCurrency } from '../../domain/money';
import type { Money } from '../../domain/money';
import { orderStepOf } from '../../domain/order/order-step';
import { refundDeadlineOf } from '../../domain/order/refund-deadline';
import type { NewEvent } from '../events/event-envelope';
import type { Earnings } from '../ports/earnings';
import type { CouponStore } from '../ports/coupons';
import type { LicenseStore } from '../ports/licenses';
import type { OrderStore } from '../ports/orders';
import type { PaymentStore } from '../ports/payments';
import type { PurchaseSpend } from '../ports/purchase-spend';
import type { Tx } from '../ports/unit-of-work';
import type { UnaskedRefunds } from '../refund/unasked-refunds';
import type { SagaInstance } from '../saga/instance';
import { couponUsed } from './coupon-events';
import { amountOf, buyerOf, enrollmentRequested, licenseGranted, licenseRevoked, seatRejected, statusChanged } from './order-events';
import type { Amount, PurchaseEffect, PurchaseProtocol } from './purchase-protocol';

export interface PurchaseStores {
  readonly orders: OrderStore;
  readonly licenses: LicenseStore;
  readonly payments: PaymentStore;
  readonly earnings: Earnings;
  readonly coupons: CouponStore;
  readonly spend: PurchaseSpend;
  /** For money that goes back unasked once the order is fulfilled. */
  readonly unasked: UnaskedRefunds;
}

type EffectOf<T extends PurchaseEffect['type']> = Extract<PurchaseEffect, { readonly type: T }>;

/** Gives the purchase saga's effects their meaning: each changes our own rows and answers with the events to tell. */
export class PurchaseEffects {
  constructor(private readonly stores: PurchaseStores) {}

  async apply(tx: Tx, saga: SagaInstance<PurchaseProtocol>, effects: readonly PurchaseEffect[]): Promise<readonly NewEvent[]> {
    const events: NewEvent[] = [];
    for (const effect of effects) events.push(...(await this.applyOne(tx, saga, effect)));
    return events;
  }

  private async applyOne(tx: Tx, saga: SagaInstance<PurchaseProtocol>, effect: PurchaseEffect): Promise<readonly NewEvent[]> {
    switch (effect.type) {
      case 'order.become': return this.become(tx, saga, effect);
      case 'order.fulfil': return this.fulfil(tx, saga);
      case 'order.release': return this.release(tx, saga);
      case 'order.end': return this.end(tx, saga, effect);
      case 'payment.record': return this.recordPayment(tx, saga, effect);
      case 'payment.take': return this.takePayment(tx, saga, effect);
      case 'license.issue': return this.issue(tx, saga);
      case 'license.issue-anew': return this.issueAnew(tx, saga);
      case 'license.revoke': return this.revoke(tx, saga, effect);
      case 'enrollment.ask-again': return enrollmentRequested(await this.stores.licenses.silentSeats(tx, orderIdOf(saga)), effect.attempt);
      case 'seat.reject-silent': return this.rejectSilent(tx, saga);
      case 'refund.request': return this.requestRefund(tx, saga, effect);
      case 'refund.settle': return this.settleRefund(tx, effect);
      case 'refund.fail': return this.failRefund(tx, effect);
      case 'refund.book-unasked': return this.bookUnasked(tx, saga, effect);
      case 'saga.alert': return [alert(saga, effect)];
    }
  }

  private async become(tx: Tx, saga: SagaInstance<PurchaseProtocol>, { statuses, step }: EffectOf<'order.become'>): Promise<NewEvent[]> {
    const transitions = await this.stores.orders.become(tx, { orderId: orderIdOf(saga), statuses, step });
    return transitions.map((transition) => statusChanged(saga.tenantId, transition));
  }

  private async fulfil(tx: Tx, saga: SagaInstance<PurchaseProtocol>): Promise<NewEvent[]> {
    const orderId = orderIdOf(saga);
    const transitions = await this.stores.orders.become(tx, { orderId, statuses: ['FULFILLED'], step: 'FULFILMENT', fulfilledAt: tx.now });
    const { order, lines } = await this.stores.orders.withLines(tx, orderId);
    const licenseIds = await this.stores.licenses.idsOfOrder(tx, orderId);
    return [
      ...transitions.map((transition) => statusChanged(order.tenantId, transition)),
      {
        type: 'marketplace.order.fulfilled.v1', subject: order.id, tenantId: order.tenantId,
        data: {
          orderId, number: order.number, tenantId: order.tenantId, buyerId: buyerOf(order), total: amountOf(order.total), licenseIds: [...licenseIds],
          fulfilledAt: tx.now.toISOString(), refundDeadlines: lines.map((line) => ({ lineId: line.id, at: refundDeadlineOf(line, tx.now).toISOString() })),
        },
      },
      ...(await this.stores.earnings.accrue(tx, order, lines, tx.now)),
    ];
  }

  private async release(tx: Tx, saga: SagaInstance<PurchaseProtocol>): Promise<NewEvent[]> {
    const orderId = orderIdOf(saga);
    await this.stores.orders.releaseClaims(tx, orderId);
    const released = await this.stores.coupons.release(tx, orderId);
    await this.stores.spend.release(tx, orderId);
    return released ? [couponUsed('released', saga.tenantId, released)] : [];
  }

  /** An order that had ended before (a late success was given back) stays as it ended. */
  private async end(tx: Tx, saga: SagaInstance<PurchaseProtocol>, { failure, failedStep, refunded }: EffectOf<'order.end'>): Promise<NewEvent[]> {
    const orderId = orderIdOf(saga);
    const order = await this.stores.orders.lock(tx, orderId);
    if (order?.status !== 'COMPENSATING') return [];
    const cancelled = failure === 'CANCELLED';
    const step = orderStepOf(failedStep);
    const transitions = await this.stores.orders.become(tx, { orderId, statuses: [cancelled ? 'CANCELLED' : 'FAILED'], step, ...(cancelled ? {} : { failureReason: failure }) });
    const { number, tenantId } = order;
    const common = { orderId, number, tenantId, buyerId: buyerOf(order) };
    return [
      ...transitions.map((transition) => statusChanged(tenantId, transition)),
      cancelled
        ? { type: 'marketplace.order.cancelled.v1', subject: orderId, tenantId, data: common }
        : { type: 'marketplace.order.failed.v1', subject: orderId, tenantId, data: { ...common, reason: failure, failedStep: step, refunded } },
    ];
  }

  private async recordPayment(tx: Tx, saga: SagaInstance<PurchaseProtocol>, effect: EffectOf<'payment.record'>): Promise<NewEvent[]> {
    const { paymentId, attempt, idempotencyKey, paymentUrl, taxRecordId } = effect;
    await this.stores.payments.record(tx, {
      ...ownerOf(saga), paymentId, attempt, idempotencyKey, asked: moneyOf(saga.data.total), ...(paymentUrl ? { paymentUrl } : {}), ...(taxRecordId ? { taxRecordId } : {}),
    });
    return [];
  }

  private async takePayment(tx: Tx, saga: SagaInstance<PurchaseProtocol>, effect: EffectOf<'payment.take'>): Promise<NewEvent[]> {
    const { paymentId, attempt, idempotencyKey, paid, taxRecordId } = effect;
    await this.stores.payments.record(tx, {
      ...ownerOf(saga), paymentId, attempt, idempotencyKey, asked: moneyOf(saga.data.total), paid: moneyOf(paid), ...(taxRecordId ? { taxRecordId } : {}),
    });
    return [];
  }

  private async issue(tx: Tx, saga: SagaInstance<PurchaseProtocol>): Promise<NewEvent[]> {
    const { order, lines } = await this.stores.orders.withLines(tx, orderIdOf(saga));
    const issued = lines.map((line) => issueLicense(order, line, tx.now, tx.ids));
    await this.stores.licenses.issue(tx, issued.map((one) => one.license), issued.flatMap((one) => one.seats));
    return [...(await this.redeem(tx, saga)), ...issued.flatMap(({ license, seats }) => licenseGranted(license, seats.flatMap(({ id, assignmentId, learnerId }) =>
      assignmentId && learnerId ? [{ assignmentId, seatId: id, learnerId }] : [])))];
  }

  private async issueAnew(tx: Tx, saga: SagaInstance<PurchaseProtocol>): Promise<NewEvent[]> {
    const revoked = await this.revoke(tx, saga, { type: 'license.revoke', reason: 'OPERATOR_DECISION' });
    await this.stores.licenses.detachRevoked(tx, orderIdOf(saga));
    return [...revoked, ...(await this.issue(tx, saga))];
  }

  /** What is paid is redeemed; an order with nothing to pay redeems its coupon when it is placed. */
  private async redeem(tx: Tx, saga: SagaInstance<PurchaseProtocol>): Promise<NewEvent[]> {
    if (saga.data.total.amountMinor === '0') return [];
    const redeemed = await this.stores.coupons.redeem(tx, orderIdOf(saga));
    return redeemed ? [couponUsed('redeemed', saga.tenantId, redeemed)] : [];
  }

  private async revoke(tx: Tx, saga: SagaInstance<PurchaseProtocol>, { reason }: EffectOf<'license.revoke'>): Promise<NewEvent[]> {
    const revoked = await this.stores.licenses.revokeOfOrder(tx, orderIdOf(saga), reason);
    return revoked.flatMap(({ license, seats }) => licenseRevoked(license, seats));
  }

  private async rejectSilent(tx: Tx, saga: SagaInstance<PurchaseProtocol>): Promise<NewEvent[]> {
    const silent = await this.stores.licenses.silentSeats(tx, orderIdOf(saga));
    const rejected = await this.stores.licenses.reject(tx, silent.map(({ seatId, learnerId, assignmentId }) => ({ seatId, learnerId, assignmentId, enrollmentId: null })));
    return rejected.map((seat) => seatRejected(seat, 'NO_ANSWER'));
  }

  private async requestRefund(tx: Tx, saga: SagaInstance<PurchaseProtocol>, { refundId, paymentId, amount, reason }: EffectOf<'refund.request'>): Promise<NewEvent[]> {
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
  private async bookUnasked(tx: Tx, saga: SagaInstance<PurchaseProtocol>, effect: EffectOf<'refund.book-unasked'>): Promise<readonly NewEvent[]> {
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

function orderIdOf(saga: SagaInstance<PurchaseProtocol>): OrderId {
  return saga.data.orderId as OrderId;
}

function ownerOf(saga: SagaInstance<PurchaseProtocol>) {
  return { orderId: orderIdOf(saga), tenantId: saga.tenantId, buyerId: saga.buyerId };
}

function moneyOf({ amountMinor, currency }: Amount): Money {
  const known = parseCurrency(currency);
  if (!known) throw new Error(`unknown currency ${currency}`);
  return { amountMinor: BigInt(amountMinor), currency: known };
}

function alert(saga: SagaInstance<PurchaseProtocol>, { step, lastError, attempts }: EffectOf<'saga.alert'>): NewEvent {
  return {
    type: 'marketplace.saga.stuck.v1', subject: saga.id, tenantId: saga.tenantId,
    data: { sagaId: saga.id, orderId: saga.data.orderId, step, lastError, attempts },
  };
}
