import type { NatsConnection } from 'nats';
import type { DataSource } from 'typeorm';
import type { Logger } from './application/ports/logger';
import type { Config } from './config';
import { connectNats } from './infrastructure/nats/connection';
import { arrival } from './infrastructure/neighbours/arrival';
import type { ArrivalOptions } from './infrastructure/neighbours/arrival';
import { createDataSource } from './infrastructure/postgres/data-source';
import { connectRedis } from './infrastructure/redis/redis';
import type { BestEffortRedis } from './infrastructure/redis/redis';
import { schemaMatches } from './infrastructure/telemetry/readiness';
import type { ReadinessBoard } from './infrastructure/telemetry/readiness';

/** What a replica is connected to. */
export interface Connections {
  readonly database: { readonly api: DataSource; readonly worker: DataSource; readonly renewals: DataSource };
  readonly nats: NatsConnection;
  readonly redis: BestEffortRedis | null;
}

export interface ConnectOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly board: ReadinessBoard;
  /** Ends the wait for those that are not there. */
  readonly signal: AbortSignal;
  /** Gets the keys that tokens are checked with. */
  readonly loadKeys: () => Promise<void>;
}

/** Waits until everything is there that the service cannot do without, in whatever order it comes. Redis is not part of that. */
export async function connectNeighbours({ config, logger, board, signal, loadKeys }: ConnectOptions): Promise<Connections> {
  const options: ArrivalOptions = { logger, signal, note: (name, state) => { board.note(name, state); } };
  board.expect('database', 'migrations', 'nats', 'identity');
  const redis = config.REDIS_URL ? connectRedis({ url: config.REDIS_URL, onAvailability: (available) => { logger.warn({ available }, 'redis'); } }) : null;
  const [database, nats] = await Promise.all([
    migratedDatabase(config, options),
    arrival('nats', () => connectNats(config.NATS_URL, 'marketplace', logger), options),
    arrival('identity', loadKeys, options),
  ]);
  return { database, nats, redis };
}

/** Everything in hand is done: closes what is open. */
export async function disconnect({ database, nats, redis }: Connections): Promise<void> {
  await redis?.close();
  await closeNats(nats);
  await Promise.all([database.api.destroy(), database.worker.destroy(), database.renewals.destroy()]);
}

/** The replica may be started before the database is migrated: it begins once it finds the schema that it knows. */
async function migratedDatabase({ DATABASE_URL: url, DATABASE_POOL_API, DATABASE_POOL_WORKER, DATABASE_POOL_RENEWALS }: Config, options: ArrivalOptions): Promise<Connections['database']> {
  const open = (role: 'marketplace_api' | 'marketplace_worker', poolSize: number) =>
    arrival('database', () => createDataSource({ url, role, poolSize }).initialize(), options);
  const worker = await open('marketplace_worker', DATABASE_POOL_WORKER);
  await arrival('migrations', () => schemaMatches(worker), options);
  return { worker, renewals: await open('marketplace_worker', DATABASE_POOL_RENEWALS), api: await open('marketplace_api', DATABASE_POOL_API) };
}

async function closeNats(connection: NatsConnection): Promise<void> {
  await Promise.race([connection.drain(), new Promise((resolve) => setTimeout(resolve, 1_000).unref())]).catch(() => undefined);
  await connection.close().catch(() => undefined);
}
