import { findContradictions } from '../support/invariants';
import { openShop } from '../support/shop';
import { waitFor } from '../support/wait';
import { evidenceOf } from './evidence';
import { Schedule } from './faults/schedule';
import { grantOn } from './load/licenses';
import { CAP, Load } from './load/load';
import { FAULT_NAMES } from './plan/fault-names';
import { planOf, type Plan } from './plan/plan';
import type { Loss } from '../support/invariants/publication';
import { heal, republishLost, untilEnded, untilPublished } from './recovery';
import type { ChaosReport } from './report';
import { startChaosWorld, type ChaosWorld } from './world/chaos-world';

/** For so long, at most, the sandbox may not have read what a stream has taken. */
const UNREAD_MS = 10_000;
/** What a stream took is marked as published when the whole batch has its answers (five seconds at most) and PostgreSQL answers. */
const MARKED_LATER_MS = 15_000;

export interface ChaosOptions {
  readonly seed: number;
  readonly orders: number;
  /** Default 3. */
  readonly replicas?: number | undefined;
  readonly say?: (line: string) => void;
}

/** One seed: load and faults by its plan, then healing, then every invariant. */
export async function runChaos({ seed, orders, replicas = 3, say = () => undefined }: ChaosOptions): Promise<ChaosReport> {
  const startedAt = performance.now();
  const plan = planOf(seed, { orders: orders + Math.ceil(orders / 20), replicas }); // some are refused: their tenant's cap is reached
  const world = await startChaosWorld(plan.skewsMs);
  let load: Load | null = null;
  try {
    const shop = await openShop({ url: world.subgraphUrl, sandbox: world.sandbox });
    load = new Load(world, shop, plan);
    await load.prepare();
    const { placed } = load;
    const schedule = await misfortune(world, load, plan, (over) => grantOn(world, shop, () => placed.length, over), say);
    say('healing');
    await heal(world);
    const recoveryMs = await untilEnded(world);
    say(`every saga has ended after ${recoveryMs} ms`);
    await load.settle();
    say('buyers have left');
    await untilEnded(world); // what followed from the orders, a refund for example
    await untilPublished(world);
    const losses = lossesOf(schedule);
    const lost = await republishLost(world, losses);
    say(`all is published, ${lost.size} events again`);
    const caps = [{ tenantId: load.cappedTenant, ...CAP }];
    const found = () => findContradictions(world, { lost, losses, caps });
    await waitFor(async () => (await found()).length === 0, { withinMs: 120_000, what: 'no contradiction', everyMs: 1_000 }).catch(() => undefined);
    const contradictions = [...(await found()), ...(await subscribers(world, load)), ...world.controlled.flatMap((controlled) => controlled.surprises)];
    const faults = { ...injected(schedule), ...(await evidenceOf(world, load.placed)) };
    return {
      seed, orders: load.placed.length, refused: load.refused, ...(await outcomes(world)), faults, recoveryMs,
      longestFaultMs: Math.max(...schedule.injections.map((injection) => injection.tookMs)), durationMs: Math.round(performance.now() - startedAt),
      points: [...new Set(schedule.injections.filter(({ planned, effect }) => effect > 0 && /at a point|lease/.test(planned.name)).map(({ planned }) => planned.point))],
      lostAndPublishedAgain: lost.size, contradictions,
    };
  } finally {
    await load?.settle().catch(() => undefined); // what made the run fail has been told
    await world.stop();
  }
}

/** Load and faults side by side until both are through; the first that fails ends all. */
async function misfortune(world: ChaosWorld, load: Load, plan: Plan, grants: (over: () => boolean) => Promise<void>, say: (line: string) => void): Promise<Schedule> {
  const schedule = new Schedule(plan, { world, placed: load.placed }, say);
  let over = false;
  const granting = grants(() => over);
  const work = [load.run(schedule), schedule.run(), granting];
  try {
    await Promise.race([Promise.all(work.slice(0, 2)), failureOf(granting)]);
  } finally {
    over = true;
    schedule.end();
    load.stop();
    await Promise.allSettled(work);
  }
  return schedule;
}

/** Never resolves; rejects where the work fails. */
function failureOf(work: Promise<void>): Promise<never> {
  return new Promise((_resolve, reject) => { work.catch(reject); });
}

/** Every subscriber saw each version once, in order, and the last state. */
async function subscribers(world: ChaosWorld, load: Load): Promise<string[]> {
  const found: string[] = [];
  for (const { watcher } of load.placed) {
    if (!watcher) continue;
    const [order] = await world.sql<{ version: number; status: string }>('select version, status from marketplace.orders where id = $1', [watcher.orderId]);
    if (!order) continue;
    await watcher.catchUp(order.version).catch((error: unknown) => found.push(String(error)));
    if (watcher.versions.some((version, index) => version !== index + 1)) found.push(`a subscriber of order ${watcher.orderId} saw the versions ${watcher.versions.join(' ')}`);
    if (watcher.status !== order.status) found.push(`a subscriber of order ${watcher.orderId} saw ${watcher.status} last, it is ${order.status}`);
  }
  return found;
}

/** A server that is killed forgets what it has not yet written or handed on, a store what it is robbed of. */
function lossesOf({ injections }: Schedule): Loss[] {
  return injections.filter(({ planned }) => /kill NATS|the stream/.test(planned.name))
    .map(({ startedAt, tookMs }) => {
      const over = startedAt.getTime() + tookMs;
      return { from: new Date(startedAt.getTime() - UNREAD_MS), over: new Date(over), markedUntil: new Date(over + MARKED_LATER_MS) };
    });
}

function injected(schedule: Schedule): Record<string, number> {
  const hits = (name: string) => schedule.injections.filter(({ planned, effect }) => planned.name === name && effect > 0).length;
  return Object.fromEntries(FAULT_NAMES.map((name) => [name, hits(name)]));
}

async function outcomes(world: ChaosWorld): Promise<Pick<ChaosReport, 'byStatus' | 'stuck'>> {
  const rows = await world.sql<{ status: string; orders: number }>('select status, count(*)::int as orders from marketplace.orders group by status order by status');
  const [stuck] = await world.sql<{ sagas: number }>(`select count(*)::int as sagas from marketplace.saga where state = 'STUCK'`);
  return { byStatus: Object.fromEntries(rows.map(({ status, orders }) => [status, orders])), stuck: stuck?.sagas ?? 0 };
}
