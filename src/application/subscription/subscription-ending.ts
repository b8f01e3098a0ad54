import type { LicenseId, OrderLineId, UserId } from '../../domain/ids';
import type { Order } from '../../domain/order/order';
import { ended, isLive } from '../../domain/subscription/subscription';
import type { Subscription } from '../../domain/subscription/subscription';
import type { NewEvent } from '../events/event-envelope';
import { licenseExpired } from '../license/license-events';
import type { SubscriptionOfOrder, SubscriptionStore } from '../ports/subscriptions';
import type { Tx } from '../ports/unit-of-work';
import type { SagaEngine } from '../saga/engine';
import type { RenewalProtocol } from './renewal-protocol';
import { subscriptionEnded } from './subscription-events';

/** What of an order has gone back, and how. */
export interface TakenBackOf {
  /** Lines of which nothing is left. */
  readonly wholeLines: readonly OrderLineId[];
  /** Lines that are given back under the policy: with them, seats. */
  readonly lines: readonly OrderLineId[];
  /** By the bank, or billing gave back everything: licences go at once. */
  readonly revokes: boolean;
}

/** Ends subscriptions at once: by refunds, disputes and revocations (domain-rules, "Subscriptions"). */
export class SubscriptionEnding {
  constructor(
    private readonly subscriptions: SubscriptionStore,
    private readonly renewals: () => SagaEngine<RenewalProtocol>,
  ) {}

  /** Before the licences are touched: locks what the order pays for. */
  lockOfOrder(tx: Tx, order: Order): Promise<readonly SubscriptionOfOrder[]> {
    return this.subscriptions.lockOfOrder(tx, order.id);
  }

  /** Licences of which a renewal went back in a way that revokes them; those of a first order go with its line. */
  revokedLicenses(paid: readonly SubscriptionOfOrder[], { lines, revokes }: TakenBackOf): LicenseId[] {
    return revokes ? paid.filter(({ paid: { lineId } }) => lines.includes(lineId)).map(({ subscription }) => subscription.licenseId) : [];
  }

  /** A fully refunded renewal takes its period off the licence; whatever part goes back, no period follows. */
  async afterRefund(tx: Tx, paid: readonly SubscriptionOfOrder[], { wholeLines, lines }: TakenBackOf): Promise<NewEvent[]> {
    const events: NewEvent[] = [];
    for (const { subscription, paid: { lineId, period, startsAt } } of paid.filter((one) => lines.includes(one.paid.lineId))) {
      const whole = wholeLines.includes(lineId) && period > 0;
      if (whole) await this.subscriptions.takeBackValidity(tx, subscription.licenseId, startsAt);
      const license = whole ? await this.subscriptions.changeLicense(tx, subscription.licenseId, { state: 'EXPIRED' }) : null;
      events.push(...(license ? [licenseExpired(license)] : []), ...(await this.end(tx, subscription)));
    }
    return events;
  }

  async ofLicense(tx: Tx, licenseId: LicenseId): Promise<{ readonly end: () => Promise<NewEvent[]> }> {
    const subscription = await this.subscriptions.lockOfLicense(tx, licenseId);
    return { end: () => (subscription ? this.end(tx, subscription) : Promise.resolve([])) };
  }

  /** Erasure: nothing is charged any more. What was paid for is kept until its period's end. */
  async ofBuyer(tx: Tx, buyerId: UserId): Promise<NewEvent[]> {
    const events: NewEvent[] = [];
    for (const subscription of await this.subscriptions.lockLiveOfBuyer(tx, buyerId)) events.push(...(await this.end(tx, subscription)));
    return events;
  }

  private async end(tx: Tx, subscription: Subscription): Promise<NewEvent[]> {
    if (!isLive(subscription)) return [];
    const over = ended(subscription, 'CANCELLED', tx.now);
    await this.subscriptions.save(tx, over);
    if (subscription.renewalOrderId) await this.renewals().deliver(tx, [{ correlationId: subscription.renewalOrderId, input: { name: 'subscription.ended', payload: {} } }]);
    return [subscriptionEnded(over)];
  }
}
