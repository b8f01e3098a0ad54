import { randomUUID } from 'node:crypto';
import { patronOf } from '../../chaos/load/marketplace-client';
import type { Patron } from '../../chaos/load/marketplace-client';
import { PlaceOrderDocument } from '../../e2e/operations/generated';
import type { Behaviour } from '../../support/sandbox-client';
import type { Answer } from '../plan/fate';
import type { Fate } from '../plan/fate';
import type { Account } from '../reckoning/account';
import { begin } from '../reckoning/begin';
import { couponCode } from '../world/shop';
import type { YearShop } from '../world/shop';
import type { YearWorld } from '../world/year-world';

type Payment = NonNullable<Behaviour['payment']>;
const PLAYED: Readonly<Record<Answer, Payment>> = { pays: 'succeed', soft: 'decline', hard: 'decline_hard' };

/** Somebody with one subscription, and what has to have become of it. */
export class Subscriber {
  /** Known once the first order is fulfilled. */
  subscriptionId = '';
  private payment: Payment = 'succeed';

  private constructor(
    private readonly world: YearWorld,
    readonly patron: Patron,
    readonly firstOrderId: string,
    public account: Account,
  ) {}

  /** Places the order with which the subscription begins. */
  static async begin(world: YearWorld, shop: YearShop, fate: Fate): Promise<Subscriber> {
    const { provider, rhythm, currency, quantity, coupon, seated } = fate;
    const patron = await patronOf(world, ['buyer', 'org_admin']);
    const line = { pricingPlanId: shop.providers[provider]?.plans[rhythm] ?? '', quantity, learnerIds: seated ? [patron.sub] : [] };
    const input = { idempotencyKey: randomUUID(), currency, lines: [line], ...(coupon ? { couponCode: couponCode(provider, coupon) } : {}) };
    const { placeOrder } = await patron.insist(PlaceOrderDocument, { input });
    if (!placeOrder.order) throw new Error(`subscription ${fate.index} was refused: ${JSON.stringify(placeOrder.userErrors)}`);
    return new Subscriber(world, patron, placeOrder.order.id, begin(fate));
  }

  /** How billing will answer for this subscriber from now on, without its buyer. */
  async answers(answer: Answer): Promise<void> {
    await this.plays(PLAYED[answer]);
  }

  /** Billing waits for its buyer at a page. */
  async paysByHand(): Promise<void> {
    await this.plays('manual');
  }

  private async plays(payment: Payment): Promise<void> {
    if (this.payment === payment) return;
    await this.world.sandbox.behaviour(this.patron.tid, { payment });
    this.payment = payment;
  }
}
