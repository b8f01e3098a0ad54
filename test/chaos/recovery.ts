import { connect } from 'nats';
import { waitFor } from '../support/wait';
import { deploy } from './faults/processes';
import type { Loss } from '../support/invariants/publication';
import type { ChaosWorld } from './world/chaos-world';

const HALF_AN_HOUR_MS = 31 * 60_000;

/** Everything works again: connections pass, servers and replicas run, neighbours are at their best. */
export async function heal(world: ChaosWorld): Promise<void> {
  for (const { proxies } of world.controlled) {
    proxies.postgres.resume();
    proxies.nats.resume();
  }
  await world.redis.restart();
  await world.sandbox.resetBehaviour();
  const nextIsOut = world.controlled.some((controlled) => controlled.runsNextDefinition);
  await Promise.all(world.controlled.map((controlled) => controlled.exclusively(async () => {
    if (nextIsOut && !controlled.runsNextDefinition) await deploy(controlled);
    else if (!controlled.replica.running) await controlled.launch();
    await controlled.replica.ready();
  })));
}

/** Business time goes on until every saga has ended, or shows that it is stuck. Resolves to how long that took. */
export async function untilEnded(world: ChaosWorld): Promise<number> {
  const from = performance.now();
  let looks = 0;
  await waitFor(async () => {
    const open = await world.sql(`select name, state, step, call ->> 'name' as call, last_error from marketplace.saga where state not in ('COMPLETED', 'COMPENSATED', 'RESOLVED', 'STUCK') limit 3`);
    if (open.length === 0) return true;
    looks += 1;
    await world.shiftClock(looks < 10 ? HALF_AN_HOUR_MS : 6 * HALF_AN_HOUR_MS);
    throw new Error(JSON.stringify(open));
  }, { withinMs: 300_000, what: 'every saga to end or to be STUCK', everyMs: 1_000 });
  return Math.round(performance.now() - from);
}

export async function untilPublished(world: ChaosWorld): Promise<void> {
  await waitFor(async () => (await world.sql('select 1 from marketplace.outbox where published_at is null limit 1')).length === 0, { withinMs: 240_000, what: 'all events to be published' });
  const connection = await connect({ servers: world.nats.url });
  try {
    const manager = await connection.jetstreamManager();
    await waitFor(async () => {
      const { num_pending, num_ack_pending } = await manager.consumers.info('MARKETPLACE', 'sandbox-enrollment');
      return num_pending === 0 && num_ack_pending === 0;
    }, { withinMs: 240_000, what: 'all events to be read', everyMs: 100 });
  } finally {
    await connection.close();
  }
}

/** What a wiped or rolled-back stream had taken, and nobody read, is published again, as an operator would. Resolves to its ids. */
export async function republishLost(world: ChaosWorld, losses: readonly Loss[]): Promise<ReadonlySet<string>> {
  const seen = new Set((await world.sandbox.events()).map((event) => event.id));
  const stored = await world.sql<{ id: string; published_at: Date }>('select id, published_at from marketplace.outbox where published_at is not null');
  const lost = stored.filter(({ id, published_at }) => !seen.has(id) && losses.some(({ from, markedUntil }) => published_at >= from && published_at <= markedUntil)).map(({ id }) => id);
  await world.sql('update marketplace.outbox set published_at = null where id = any ($1)', [lost]);
  if (lost.length > 0) await untilPublished(world);
  return new Set(lost);
}
