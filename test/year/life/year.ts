import { bookContradictions, readBooks } from '../check/books';
import { differences, strays } from '../check/against-reckoning';
import { BillingWitness, seenSubscriptions } from '../check/seen';
import { leftUnpaid, readUnpaid } from '../check/unpaid';
import { isFirstOfMonth } from '../plan/calendar';
import type { Day } from '../plan/calendar';
import type { YearPlan } from '../plan/plan';
import { earningsOf } from '../reckoning/earnings';
import { deedOn, morning } from '../reckoning/morning';
import { answerOn, noon } from '../reckoning/noon';
import { untilQuiet } from '../world/quiet';
import type { YearShop } from '../world/shop';
import type { YearWorld } from '../world/year-world';
import { worthAt } from './exchange';
import { carryOut } from './deeds';
import type { Misfortune } from './misfortune';
import { Subscriber } from './subscriber';
import { Counter } from './tally';
import { together } from './together';

const AT_ONCE = 8;
/** People act early, before anything of the day is due; who begins then has all periods end at that hour; at noon all of it is due. */
const HOURS = { deeds: 3, beginnings: 6, noon: 12 } as const;
const ENROLLED = `select sp.order_id as "orderId", sp.subscription_id as id from marketplace.subscription_period sp where sp.period = 0 and sp.order_id = any ($1)`;

/** One day after the other, with what people do in it; after each, once quiet, everything is compared with the reckoning. */
export class Year {
  readonly counter = new Counter();
  private readonly subscribers: Subscriber[] = [];
  private readonly billing: BillingWitness;

  constructor(
    private readonly world: YearWorld,
    private readonly shop: YearShop,
    private readonly plan: YearPlan,
    private readonly misfortune: Misfortune,
    private readonly say: (line: string) => void,
  ) {
    this.billing = new BillingWitness(world.sandboxUrl);
  }

  get accounts() {
    return this.subscribers.map(({ account }) => account);
  }

  /** Lives through a day; resolves to the contradictions in its evening. */
  async live(day: Day): Promise<string[]> {
    const deeds = this.subscribers.flatMap((subscriber) => {
      const deed = deedOn(subscriber.account, day);
      return deed ? [{ subscriber, deed }] : [];
    });
    if (deeds.length > 0) {
      await this.world.setClock(day, HOURS.deeds);
      await together(deeds, AT_ONCE, ({ subscriber, deed }) => carryOut(this.world, this.shop, subscriber, deed));
      for (const { subscriber, deed } of deeds) {
        subscriber.account = morning(subscriber.account, deed, day);
        this.counter.deed(deed);
      }
      await untilQuiet(this.world);
    }
    const tries = await this.prepareAnswers(day);
    await this.beginnings(day);
    await this.world.setClock(day, HOURS.noon);
    const killed = await this.misfortune.strike(day, tries);
    if (killed) this.say(`${killed} was killed among ${tries} tries, and started again`);
    for (const subscriber of this.subscribers) subscriber.account = noon(subscriber.account, day);
    await untilQuiet(this.world);
    return this.contradictions(day);
  }

  private async prepareAnswers(day: Day): Promise<number> {
    const due = this.subscribers.flatMap((subscriber) => {
      const answer = answerOn(subscriber.account, day);
      return answer ? [{ subscriber, answer }] : [];
    });
    await together(due, AT_ONCE, ({ subscriber, answer }) => subscriber.answers(answer));
    for (const { answer } of due) this.counter.attempt(answer);
    return due.length;
  }

  private async beginnings(day: Day): Promise<void> {
    const fates = this.plan.fates.filter(({ startsOn }) => startsOn === day);
    if (fates.length === 0) return;
    await this.world.setClock(day, HOURS.beginnings);
    const begun: Subscriber[] = [];
    await together(fates, AT_ONCE, async (fate) => void begun.push(await Subscriber.begin(this.world, this.shop, fate)));
    await untilQuiet(this.world);
    const rows = await this.world.sql<{ orderId: string; id: string }>(ENROLLED, [begun.map(({ firstOrderId }) => firstOrderId)]);
    const ids = new Map(rows.map(({ orderId, id }) => [orderId, id]));
    for (const subscriber of begun) subscriber.subscriptionId = ids.get(subscriber.firstOrderId) ?? '';
    this.subscribers.push(...begun);
  }

  private async contradictions(day: Day): Promise<string[]> {
    const [seen, books, transfers] = await Promise.all([seenSubscriptions(this.world.sql), readBooks(this.world.sql), this.world.sandbox.transfers(), this.billing.look()]);
    const byId = new Map(seen.map((one) => [one.id, one]));
    const begun = new Set(this.subscribers.map(({ subscriptionId }) => subscriptionId));
    return [
      ...this.subscribers.flatMap(({ account, subscriptionId }) => differences(account, day, byId.get(subscriptionId), this.billing)), ...strays(seen, begun, this.billing.orders),
      ...bookContradictions(books, earningsOf(this.accounts), this.shop.providers.map(({ tid }) => tid), transfers),
      ...(isFirstOfMonth(day) ? await leftUnpaid(await readUnpaid(this.world.sql), worthAt(this.world.sandboxUrl)) : []),
    ];
  }
}
