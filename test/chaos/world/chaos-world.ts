import { join } from 'node:path';
import { PROJECT_ROOT } from '../../support/child-process';
import { waitFor } from '../../support/wait';
import { startWorld, type World } from '../../support/world';
import { ControlledReplica, type Proxies } from './controlled-replica';
import { startCrashingPostgres, type CrashingPostgres } from './crashing-postgres';
import { startRedis, type OwnRedis } from './own-redis';
import { TcpProxy } from './tcp-proxy';

/** A world whose every part may fail: servers of its own, a proxy before each of them, clocks that are off. */
export interface ChaosWorld extends World {
  readonly controlled: readonly ControlledReplica[];
  readonly postgres: CrashingPostgres;
  readonly redis: OwnRedis;
}

const PRELOAD = join(PROJECT_ROOT, 'test/chaos/world/preload.js');

/** One replica for each of `skewsMs`, by which its clock is off. */
export async function startChaosWorld(skewsMs: readonly number[]): Promise<ChaosWorld> {
  const postgres = await startCrashingPostgres();
  const redis = await startRedis(postgres.name);
  const proxies: Proxies[] = [];
  const closeAll = async (): Promise<void> => {
    for (const { postgres: before, nats } of proxies) { before.close(); nats.close(); }
    await redis.stop();
  };
  try {
    const world = await startWorld({
      replicas: skewsMs.length, gateway: false, database: postgres, redisUrl: redis.url, env: { SAGA_POLL_MS: '100' },
      replicaEnv: async (env, index) => {
        const between = { postgres: await TcpProxy.before(new URL(env['DATABASE_URL']!)), nats: await TcpProxy.before(new URL(env['NATS_URL']!)) };
        proxies[index] = between;
        return {
          ...env, DATABASE_URL: between.postgres.standingIn(env['DATABASE_URL']!), NATS_URL: between.nats.standingIn(env['NATS_URL']!),
          NODE_OPTIONS: `--require ${PRELOAD}`, CHAOS_CLOCK_SKEW_MS: String(skewsMs[index]),
        };
      },
    });
    const controlled = world.replicas.map((replica, index) => new ControlledReplica(replica, proxies[index]!));
    const stop = async (): Promise<void> => {
      for (const { replica } of controlled) if (replica.running) await replica.kill();
      await world.stop().finally(closeAll);
    };
    // PostgreSQL may be away at any moment: whoever asks, asks until there is an answer
    const sql: World['sql'] = (text, params) => waitFor(async () => ({ rows: await world.sql(text, params) }), { withinMs: 120_000, what: 'PostgreSQL answers' }).then(({ rows }) => rows as never);
    const shiftClock = async (ms: number) => void (await sql('update marketplace.clock_offset set ms = ms + $1', [ms]));
    return { ...world, sql, shiftClock, controlled, postgres, redis, stop };
  } catch (error) {
    await postgres.drop().catch(() => undefined);
    await closeAll();
    throw error;
  }
}
