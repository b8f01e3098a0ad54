import { randomUUID } from 'node:crypto';
import { CreateCouponDocument, PlaceOrderDocument } from '../../e2e/operations/generated';
import type { Shop } from '../../support/shop';
import { waitFor } from '../../support/wait';
import type { Schedule } from '../faults/schedule';
import { JOURNEYS, type Journey, type JourneyName } from '../plan/journeys';
import type { Plan, PlannedOrder } from '../plan/plan';
import type { ChaosWorld } from '../world/chaos-world';
import { afterwards } from './afterwards';
import { patronOf, type Patron } from './marketplace-client';
import { Watcher } from './watcher';

export interface PlacedOrder {
  readonly orderId: string;
  readonly journey: JourneyName;
  readonly tid: string;
  readonly watcher: Watcher | null;
}

const BUYERS = 6;
const COUPON = 'SOME-OF-THEM';
/** What a month of the capped tenant may cost: three of the single plan. */
export const CAP = { currency: 'EUR', perMonthMinor: '15000' } as const;

/** Buyers who place the planned orders, six at a time, and do what follows from each. */
export class Load {
  readonly placed: PlacedOrder[] = [];
  /** Orders that were refused for good: a cap, or a coupon that was used up by then. */
  refused = 0;
  readonly cappedTenant = randomUUID();
  readonly #following = new Map<string, Promise<void>>();
  #next = 0;
  #over = false;
  #failure: Error | null = null;

  constructor(
    private readonly world: ChaosWorld,
    private readonly shop: Shop,
    private readonly plan: Plan,
  ) {}

  /** A coupon that will not do for all, and a tenant with a cap. */
  async prepare(): Promise<void> {
    const maxRedemptions = Math.ceil(this.plan.orders.length / 6);
    await this.shop.provider.http.data(CreateCouponDocument, { input: { code: COUPON, percentOff: '10', maxRedemptions } });
    await this.world.sandbox.behaviour(this.cappedTenant, { policies: { purchaseCaps: [CAP] } });
  }

  /** Resolves when all orders have been placed, or when it is over. */
  async run(schedule: Schedule): Promise<void> {
    await Promise.all(Array.from({ length: BUYERS }, () => this.buyOn(schedule)));
  }

  /** No further orders. */
  stop(): void {
    this.#over = true;
  }

  /** What follows from the orders: watching is stopped, the rest is awaited. Call it after everything has been healed. */
  async settle(): Promise<void> {
    this.#over = true;
    for (const { watcher } of this.placed) watcher?.stop();
    await waitFor(() => this.#following.size === 0 || this.#failure !== null, { withinMs: 300_000, what: 'what follows from the orders' })
      .catch((error: unknown) => { throw new Error(`${String(error)}: ${[...this.#following.keys()].join(', ')}`); });
    if (this.#failure !== null) throw this.#failure;
  }

  private follow(what: string, work: Promise<void>): void {
    this.#following.set(what, work);
    work.catch((error: unknown) => { this.#failure ??= new Error(what, { cause: error }); }).finally(() => this.#following.delete(what));
  }

  private async buyOn(schedule: Schedule): Promise<void> {
    for (let index = this.#next++; index < this.plan.orders.length && !this.#over; index = this.#next++) {
      await schedule.permits(index);
      await this.buy(this.plan.orders[index]!);
      schedule.advance();
    }
  }

  private async buy({ journey: name, coupon, watched }: PlannedOrder): Promise<void> {
    const journey: Journey = JOURNEYS[name];
    const buyer = await patronOf(this.world, ['buyer', 'org_admin'], journey.capped ? { tid: this.cappedTenant } : {});
    await this.world.sandbox.behaviour(buyer.tid, journey.behaviour);
    const orderId = (coupon ? await this.place(buyer, journey, COUPON) : null) ?? (await this.place(buyer, journey));
    if (orderId === null) {
      if (!journey.capped) throw new Error(`an order (${name}) was refused`);
      this.refused += 1;
      return;
    }
    const watcher = watched ? new Watcher(orderId, buyer) : null;
    this.placed.push({ orderId, journey: name, tid: buyer.tid, watcher });
    if (watcher) this.follow(`watching ${orderId}`, watcher.follow());
    this.follow(`${name} ${orderId}`, afterwards({ world: this.world, buyer, orderId, journey, over: () => this.#over }));
  }

  /** Null where it was refused. */
  private async place(buyer: Patron, { plan, learners }: Journey, couponCode?: string): Promise<string | null> {
    const learnerIds = learners ? { learnerIds: Array.from({ length: learners }, () => randomUUID()) } : {};
    const input = { idempotencyKey: randomUUID(), currency: 'EUR', ...(couponCode ? { couponCode } : {}), lines: [{ pricingPlanId: this.shop.plans[plan], ...learnerIds }] };
    const { placeOrder } = await buyer.insist(PlaceOrderDocument, { input });
    return placeOrder.order?.id ?? null;
  }
}
