import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, nanos, RetentionPolicy, StorageType } from 'nats';
import type { NatsConnection } from 'nats';
import type { Logger } from '../../application/ports/logger';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** The stream that is ours: everything we publish, kept a week, duplicates by message id refused for two minutes. */
const MARKETPLACE_STREAM = {
  name: 'MARKETPLACE',
  subjects: ['marketplace.>'],
  retention: RetentionPolicy.Limits,
  storage: StorageType.File,
  max_age: nanos(7 * DAY_MS),
  duplicate_window: nanos(120_000),
};

/** A connection that outlives the server's restarts: it reconnects for ever. @throws when there is no server yet */
export async function connectNats(url: string, name: string, logger: Logger): Promise<NatsConnection> {
  const connection = await connect({
    ...serverOf(url), name, maxReconnectAttempts: -1, timeout: 5_000, reconnectTimeWait: 250, reconnectJitter: 100, pingInterval: 5_000, maxPingOut: 2,
    noAsyncTraces: true, // a stack trace for each message that is published, in case it fails: a seventh of the relay's time
  });
  void reportStatus(connection, logger);
  return connection;
}

/** The client takes a user and a password beside the address, not within it. */
function serverOf(url: string): { servers: string; user?: string; pass?: string } {
  const { protocol, host, username, password } = new URL(url);
  const servers = `${protocol}//${host}`;
  return username === '' ? { servers } : { servers, user: decodeURIComponent(username), pass: decodeURIComponent(password) };
}

const MAKE_WITHIN_MS = 500;
const beingMade = new WeakMap<NatsConnection, Promise<void>>();

/**
 * Makes our stream when it is missing: at the start, and again if the server comes back without it. Once at a time here, and other
 * replicas at another moment by chance: of two that make it at the same one, NATS (2.9) may refuse both, or leave a stream that nobody hears.
 */
export function ensureMarketplaceStream(connection: NatsConnection): Promise<void> {
  const making = beingMade.get(connection) ?? makeIfMissing(connection).finally(() => beingMade.delete(connection));
  beingMade.set(connection, making);
  return making;
}

async function makeIfMissing(connection: NatsConnection): Promise<void> {
  const manager = await connection.jetstreamManager({ timeout: 5_000 });
  const isThere = () => manager.streams.info(MARKETPLACE_STREAM.name).then(() => true, () => false);
  if (await isThere()) return;
  await pause(randomInt(MAKE_WITHIN_MS));
  if (!(await isThere())) await manager.streams.add(MARKETPLACE_STREAM);
}

async function reportStatus(connection: NatsConnection, logger: Logger): Promise<void> {
  for await (const { type, data } of connection.status()) {
    if (type === 'disconnect' || type === 'reconnect') logger.warn({ status: type, data }, 'nats connection');
  }
}
