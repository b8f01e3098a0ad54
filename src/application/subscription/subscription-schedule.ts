import { createHash } from 'node:crypto';
import type { OrderId, SubscriptionId } from '../../domain/ids';
import type { DunningPolicy } from '../../domain/subscription/dunning';
import { periodEnd } from '../../domain/subscription/periods';
import { ended } from '../../domain/subscription/subscription';
import type { Subscription } from '../../domain/subscription/subscription';
import { WORKER } from '../actor';
import { licenseExpired } from '../license/license-events';
import { orderPlaced, statusChanged } from '../order/order-events';
import type { Logger } from '../ports/logger';
import type { OrderStore } from '../ports/orders';
import type { Outbox } from '../ports/outbox';
import type { ProviderSales } from '../ports/provider-sales';
import type { SubscriptionStore } from '../ports/subscriptions';
import type { Tx, UnitOfWork } from '../ports/unit-of-work';
import type { SagaEngine } from '../saga/engine';
import { newRenewal, renewalOrder } from './new-renewal';
import type { RenewalProtocol } from './renewal-protocol';
import { subscriptionEnded } from './subscription-events';

export interface SubscriptionScheduleParts {
  readonly unitOfWork: UnitOfWork;
  readonly subscriptions: SubscriptionStore;
  readonly orders: OrderStore;
  readonly sales: ProviderSales;
  readonly outbox: Outbox;
  readonly engine: SagaEngine<RenewalProtocol>;
  readonly dunning: DunningPolicy;
  /** How many more renewals can be paid at once: no more are begun, so that a backlog waits in its rows. */
  readonly room: () => number;
  readonly logger: Logger;
  /** Whether nothing can be done at all at the moment. */
  readonly isOutage: (error: unknown) => boolean;
}

/** Subscriptions taken at once, at most. */
const BATCH = 32;
/** One that could not be begun is left out for so long, in milliseconds, so that it does not hold up those after it. */
const PUT_ASIDE_MS = 600_000;

/**
 * What the end of a period brings: the next one's order and its saga, or the end of what was cancelled. Any replica
 * takes what no other holds, a batch a transaction and never more than can be paid at once: checkouts are not starved.
 */
export class SubscriptionSchedule {
  /** What could not be begun, and when it was tried. */
  private readonly aside = new Map<SubscriptionId, number>();

  constructor(private readonly parts: SubscriptionScheduleParts) {}

  /** Begins what is due and there is room for; resolves to how many subscriptions it took. */
  async work(): Promise<number> {
    const room = Math.min(BATCH, this.parts.room());
    if (room <= 0) return 0;
    for (const [id, triedAt] of this.aside) if (Date.now() - triedAt > PUT_ASIDE_MS) this.aside.delete(id);
    return this.take(room).catch((error: unknown) => {
      if (this.parts.isOutage(error)) throw error;
      return this.takeOneByOne(room);
    });
  }

  private take(limit: number, look: (subscription: Subscription) => void = () => undefined): Promise<number> {
    return this.parts.unitOfWork.run(WORKER, async (tx) => {
      const due = await this.parts.subscriptions.lockDue(tx, limit, [...this.aside.keys()]);
      for (const subscription of due) {
        look(subscription);
        await (subscription.cancelAtPeriodEnd ? this.end(tx, subscription) : this.invoice(tx, subscription));
      }
      return due.length;
    }, { commit: 'subscription.schedule' });
  }

  /** Something is wrong with one of them: the others are begun, it is put aside, and told of. */
  private async takeOneByOne(limit: number): Promise<number> {
    let taken = 0;
    for (let tried = 0; tried < limit; tried += 1) {
      let id: SubscriptionId | null = null;
      const one = await this.take(1, (subscription) => { id = subscription.id; }).catch((error: unknown) => {
        if (id === null || this.parts.isOutage(error)) throw error;
        this.aside.set(id, Date.now());
        this.parts.logger.error({ err: error, subscriptionId: id }, 'a renewal could not be begun');
        return null;
      });
      if (one === 0) break;
      taken += one ?? 0;
    }
    return taken;
  }

  private async end(tx: Tx, subscription: Subscription): Promise<void> {
    const over = ended(subscription, 'CANCELLED', tx.now);
    await this.parts.subscriptions.save(tx, over);
    const license = await this.parts.subscriptions.changeLicense(tx, subscription.licenseId, { state: 'EXPIRED' });
    await this.parts.outbox.append(tx, [subscriptionEnded(over), ...(license ? [licenseExpired(license)] : [])]);
  }

  /** The order, its place among the periods, and its saga, whose first call is made right after the commit. */
  private async invoice(tx: Tx, subscription: Subscription): Promise<void> {
    const { orders, sales, outbox, engine, subscriptions, dunning } = this.parts;
    const { order, line } = renewalOrder(tx, subscription, await subscriptions.firstLine(tx, subscription.id));
    const { tenantId, buyerId, currentPeriodEnd: startsAt } = subscription;
    if (!(await orders.place(tx, order, [line], keyOf(order.id), hashOf(order.id)))) throw new Error(`renewal order ${order.id} could not be placed`);
    await sales.record(tx, order, [line]);
    const period = subscription.period + 1;
    await subscriptions.addPeriod(tx, subscription, { period, orderId: order.id, lineId: line.id, startsAt, endsAt: periodEnd(subscription, period) });
    await subscriptions.save(tx, { ...subscription, renewalOrderId: order.id });
    await outbox.append(tx, [orderPlaced(order, [line]), statusChanged(tenantId, { orderId: order.id, version: 1, from: null, to: 'PLACED', step: 'RESERVE', at: tx.now })], order.id);
    await engine.start(tx, { correlationId: order.id, tenantId, buyerId, data: newRenewal(order, subscription, dunning) });
  }
}

/** Nobody else can have it: the order's own id. That a period has one order only is up to the periods. */
function keyOf(orderId: OrderId): string {
  return `renewal:${orderId}`;
}

function hashOf(orderId: OrderId): string {
  return createHash('sha256').update(orderId).digest('hex');
}
