import { issueLicense } from '../../domain/license/issue-license';
import type { Order, OrderLine } from '../../domain/order/order';
import { orderStepOf } from '../../domain/order/order-step';
import { refundDeadlineOf } from '../../domain/order/refund-deadline';
import type { NewEvent } from '../events/event-envelope';
import type { Earnings } from '../ports/earnings';
import type { CouponStore } from '../ports/coupons';
import type { LicenseStore } from '../ports/licenses';
import type { PurchaseSpend } from '../ports/purchase-spend';
import type { SubscriptionStore } from '../ports/subscriptions';
import type { Tx } from '../ports/unit-of-work';
import { subscriptionStarted } from '../subscription/subscription-events';
import type { SagaInstance } from '../saga/instance';
import { couponUsed } from './coupon-events';
import { amountOf, buyerOf, enrollmentRequested, licenseGranted, licenseRevoked, seatRejected, statusChanged } from './order-events';
import { orderIdOf, PaymentEffects } from './payment-effects';
import type { PaymentEffectStores } from './payment-effects';
import type { PurchaseEffect, PurchaseProtocol } from './purchase-protocol';

export interface PurchaseStores extends PaymentEffectStores {
  readonly licenses: LicenseStore;
  readonly earnings: Earnings;
  readonly coupons: CouponStore;
  readonly spend: PurchaseSpend;
  readonly subscriptions: Pick<SubscriptionStore, 'start' | 'releaseTrials'>;
}

type EffectOf<T extends PurchaseEffect['type']> = Extract<PurchaseEffect, { readonly type: T }>;

/** Gives the purchase saga's effects their meaning: each changes our own rows and answers with the events to tell. */
export class PurchaseEffects {
  private readonly payments: PaymentEffects;

  constructor(private readonly stores: PurchaseStores) {
    this.payments = new PaymentEffects(stores);
  }

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
      case 'license.issue': return this.issue(tx, saga);
      case 'license.issue-anew': return this.issueAnew(tx, saga);
      case 'license.revoke': return this.revoke(tx, saga, effect);
      case 'enrollment.ask-again': return enrollmentRequested(await this.stores.licenses.silentSeats(tx, orderIdOf(saga)), effect.attempt);
      case 'seat.reject-silent': return this.rejectSilent(tx, saga);
      default: return this.payments.apply(tx, saga, effect);
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
      ...(await this.startSubscriptions(tx, order, lines)),
    ];
  }

  /** A subscription is there once its order is: what is taken back before that has never begun. */
  private async startSubscriptions(tx: Tx, order: Order, lines: readonly OrderLine[]): Promise<NewEvent[]> {
    const subscribed = lines.filter((line) => line.terms.kind === 'SUBSCRIPTION');
    if (subscribed.length === 0) return [];
    return (await this.stores.subscriptions.start(tx, order.id, subscribed)).map(subscriptionStarted);
  }

  private async release(tx: Tx, saga: SagaInstance<PurchaseProtocol>): Promise<NewEvent[]> {
    const orderId = orderIdOf(saga);
    await this.stores.orders.releaseClaims(tx, orderId);
    const released = await this.stores.coupons.release(tx, orderId);
    await this.stores.spend.release(tx, orderId);
    await this.stores.subscriptions.releaseTrials(tx, orderId);
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
}
