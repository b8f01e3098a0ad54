import type { SubscriptionId } from '../../domain/ids';
import { refundDeadlineOf } from '../../domain/order/refund-deadline';
import { periodEnd } from '../../domain/subscription/periods';
import { ended, isLive, renewed } from '../../domain/subscription/subscription';
import type { Subscription } from '../../domain/subscription/subscription';
import type { NewEvent } from '../events/event-envelope';
import { licenseExpired } from '../license/license-events';
import { amountOf, buyerOf, statusChanged } from '../order/order-events';
import { orderIdOf, PaymentEffects } from '../order/payment-effects';
import type { PaymentEffectStores } from '../order/payment-effects';
import type { Earnings } from '../ports/earnings';
import type { SubscriptionStore } from '../ports/subscriptions';
import type { Tx } from '../ports/unit-of-work';
import type { SagaInstance } from '../saga/instance';
import type { RenewalEffect, RenewalProtocol } from './renewal-protocol';
import { licenseGraceStarted, licenseReinstated, licenseRenewed, licenseSuspended, subscriptionEnded, subscriptionPastDue, subscriptionRenewed } from './subscription-events';

export interface RenewalStores extends PaymentEffectStores {
  readonly subscriptions: SubscriptionStore;
  readonly earnings: Earnings;
}

type Saga = SagaInstance<RenewalProtocol>;
type EffectOf<T extends RenewalEffect['type']> = Extract<RenewalEffect, { readonly type: T }>;

/** Gives the renewal saga's effects their meaning. */
export class RenewalEffects {
  private readonly payments: PaymentEffects;

  constructor(private readonly stores: RenewalStores) {
    this.payments = new PaymentEffects(stores);
  }

  async apply(tx: Tx, saga: Saga, effects: readonly RenewalEffect[]): Promise<readonly NewEvent[]> {
    const events: NewEvent[] = [];
    for (const effect of effects) events.push(...(await this.applyOne(tx, saga, effect)));
    return events;
  }

  private applyOne(tx: Tx, saga: Saga, effect: RenewalEffect): Promise<readonly NewEvent[]> {
    switch (effect.type) {
      case 'order.become': return this.become(tx, saga, effect);
      case 'renewal.past-due': return this.pastDue(tx, saga, effect);
      case 'renewal.retry-at': return this.retryAt(tx, saga, effect);
      case 'renewal.suspend': return this.suspend(tx, saga);
      case 'renewal.extend': return this.extend(tx, saga);
      case 'renewal.end': return this.end(tx, saga, effect);
      default: return this.payments.apply(tx, saga, effect);
    }
  }

  private async become(tx: Tx, saga: Saga, { statuses }: EffectOf<'order.become'>): Promise<NewEvent[]> {
    const transitions = await this.stores.orders.become(tx, { orderId: orderIdOf(saga), statuses, step: 'PAYMENT' });
    return transitions.map((transition) => statusChanged(saga.tenantId, transition));
  }

  /** Access goes on for the days of grace. */
  private async pastDue(tx: Tx, saga: Saga, { nextRetryAt, graceEndsAt }: EffectOf<'renewal.past-due'>): Promise<NewEvent[]> {
    const before = await this.locked(tx, saga);
    if (!isLive(before)) return [];
    const graceEnd = new Date(graceEndsAt);
    const subscription: Subscription = { ...before, state: 'PAST_DUE', nextRetryAt: nextRetryAt ? new Date(nextRetryAt) : null, graceEndsAt: graceEnd };
    await this.stores.subscriptions.save(tx, subscription);
    const license = await this.stores.subscriptions.changeLicense(tx, subscription.licenseId, { state: 'GRACE' });
    return [subscriptionPastDue(subscription), ...(license ? [licenseGraceStarted(license, graceEnd)] : [])];
  }

  private async retryAt(tx: Tx, saga: Saga, { at }: EffectOf<'renewal.retry-at'>): Promise<NewEvent[]> {
    const subscription = await this.locked(tx, saga);
    if (isLive(subscription)) await this.stores.subscriptions.save(tx, { ...subscription, nextRetryAt: at ? new Date(at) : null });
    return [];
  }

  private async suspend(tx: Tx, saga: Saga): Promise<NewEvent[]> {
    const subscription = await this.locked(tx, saga);
    const license = isLive(subscription) ? await this.stores.subscriptions.changeLicense(tx, subscription.licenseId, { state: 'SUSPENDED' }) : null;
    return license ? [licenseSuspended(license)] : [];
  }

  /** Paid: order, period and licence in this one transaction; the next period begins at the old end, whenever the money came. */
  private async extend(tx: Tx, saga: Saga): Promise<readonly NewEvent[]> {
    const orderId = orderIdOf(saga);
    const transitions = await this.stores.orders.become(tx, { orderId, statuses: ['FULFILLED'], step: 'FULFILMENT', fulfilledAt: tx.now });
    const { order, lines } = await this.stores.orders.withLines(tx, orderId);
    const before = await this.locked(tx, saga);
    const subscription = renewed(before, periodEnd(before, before.period + 1));
    await this.stores.subscriptions.save(tx, subscription);
    const license = await this.stores.subscriptions.changeLicense(tx, subscription.licenseId, { state: 'ACTIVE', validUntil: subscription.currentPeriodEnd });
    if (!license) throw new Error(`the licence ${subscription.licenseId} of a live subscription has ended`);
    const { number, tenantId, total } = order;
    return [
      ...transitions.map((transition) => statusChanged(tenantId, transition)),
      licenseRenewed(license), ...(before.state === 'PAST_DUE' ? [licenseReinstated(license)] : []), subscriptionRenewed(subscription),
      {
        type: 'marketplace.order.fulfilled.v1', subject: orderId, tenantId,
        data: {
          orderId, number, tenantId, buyerId: buyerOf(order), total: amountOf(total), licenseIds: [license.id], fulfilledAt: tx.now.toISOString(),
          refundDeadlines: lines.map((line) => ({ lineId: line.id, at: refundDeadlineOf(line, tx.now).toISOString() })),
        },
      },
      ...(await this.stores.earnings.accrue(tx, order, lines, tx.now)),
    ];
  }

  /** Given up: once; money that comes later changes no more than money. */
  private async end(tx: Tx, saga: Saga, { failure, as, refunded }: EffectOf<'renewal.end'>): Promise<NewEvent[]> {
    const orderId = orderIdOf(saga);
    const order = await this.stores.orders.lock(tx, orderId);
    if (order?.status !== 'AWAITING_PAYMENT' || failure === 'CANCELLED') return [];
    const transitions = await this.stores.orders.become(tx, { orderId, statuses: ['FAILED'], step: 'PAYMENT', failureReason: failure });
    const { number, tenantId } = order;
    const before = await this.locked(tx, saga);
    const events: NewEvent[] = [
      ...transitions.map((transition) => statusChanged(tenantId, transition)),
      { type: 'marketplace.order.failed.v1', subject: orderId, tenantId, data: { orderId, number, tenantId, buyerId: buyerOf(order), reason: failure, failedStep: 'PAYMENT', refunded } },
    ];
    if (as === null || !isLive(before)) return events;
    const subscription = ended(before, as, tx.now);
    await this.stores.subscriptions.save(tx, subscription);
    const license = await this.stores.subscriptions.changeLicense(tx, subscription.licenseId, { state: 'EXPIRED' });
    return [...events, subscriptionEnded(subscription), ...(license ? [licenseExpired(license)] : [])];
  }

  private async locked(tx: Tx, saga: Saga): Promise<Subscription> {
    const subscription = await this.stores.subscriptions.lock(tx, saga.data.subscriptionId as SubscriptionId);
    if (!subscription) throw new Error(`subscription ${saga.data.subscriptionId} is missing`);
    return subscription;
  }
}
