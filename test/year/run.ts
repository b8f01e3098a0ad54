import { books } from '../support/invariants/books';
import { counts } from '../support/invariants/counts';
import { entitlements } from '../support/invariants/entitlements';
import { subscriptions as subscriptionsHold } from '../support/invariants';
import { Misfortune } from './life/misfortune';
import { Year } from './life/year';
import { textOf } from './plan/calendar';
import type { YearPlan } from './plan/plan';
import { planOf } from './plan/plan';
import type { YearReport } from './report';
import { openYearShop } from './world/shop';
import { startYearWorld } from './world/year-world';
import type { YearWorld } from './world/year-world';

export interface YearOptions {
  readonly seed: number;
  readonly subscriptions: number;
  readonly days: number;
  readonly say?: (line: string) => void;
}

/** A year by its seed, until its last evening or the first one on which something contradicts itself. */
export async function runYear({ seed, subscriptions, days, say = () => undefined }: YearOptions): Promise<YearReport> {
  const startedAt = performance.now();
  const plan = planOf(seed, { subscriptions, days });
  const world = await startYearWorld();
  try {
    await world.setClock(plan.firstDay, 1);
    const shop = await openYearShop(world);
    const misfortune = new Misfortune(world, plan.kills, Math.min(8, Math.ceil(subscriptions / 40)));
    const year = new Year(world, shop, plan, misfortune, say);
    const { lastLived, contradictions } = await liveThrough(year, plan, say);
    const transfers = await world.sandbox.transfers();
    return {
      seed, subscriptions, days: lastLived - plan.firstDay + 1, from: textOf(plan.firstDay), to: textOf(lastLived), ...year.counter.total(year.accounts),
      kills: misfortune.kills, payouts: transfers.length, events: await eventsOf(world), durationMs: Math.round(performance.now() - startedAt),
      contradictions, atTheEnd: await atTheEnd(world),
    };
  } finally {
    await world.stop();
  }
}

async function liveThrough(year: Year, plan: YearPlan, say: (line: string) => void) {
  let contradictions: string[] = [];
  let day = plan.firstDay;
  for (; day <= plan.lastDay; day++) {
    const from = performance.now();
    contradictions = await year.live(day).catch((error: unknown) => { throw new Error(`on ${textOf(day)}, seed ${plan.seed}`, { cause: error }); });
    if ((day - plan.firstDay) % 10 === 0) say(`${textOf(day)}: ${year.accounts.length} subscriptions, ${Math.round(performance.now() - from)} ms`);
    if (contradictions.length > 0) break;
  }
  return { lastLived: Math.min(day, plan.lastDay), contradictions };
}

/** What every world has to satisfy, asked once: it looks at each row. */
async function atTheEnd(world: YearWorld): Promise<string[]> {
  const { count, violations } = await world.sandbox.violations();
  const letters = await world.sql<{ error: string }>('select error from marketplace.dead_letter limit 3');
  return [
    ...(await books(world)), ...(await counts(world, [])), ...(await entitlements(world)), ...(await subscriptionsHold(world)),
    ...(count > 0 ? [`the sandbox complains: ${JSON.stringify(violations.slice(0, 3))}`] : []), ...letters.map(({ error }) => `a dead letter: ${error}`),
  ];
}

async function eventsOf({ sql }: YearWorld): Promise<number> {
  const [row] = await sql<{ events: number }>('select count(*)::int as events from marketplace.outbox');
  return row?.events ?? 0;
}
