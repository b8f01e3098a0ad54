// PostgreSQL, NATS and Redis of one run: those that the environment names, private ones for the rest.
import { startNats } from './nats.mjs';
import { startPostgres } from './postgres.mjs';
import { step } from './progress.mjs';
import { startRedis } from './redis.mjs';
import { ensureServers } from './server-binaries.mjs';

const given = (url) => url && { url };
const where = ({ url }) => url.replace(/:[^:@/]+@/, ':…@');

/** `ownServers: true` finds the binaries even when the URLs are set, for tests that start servers of their own. */
export async function startServers(processes, { durable, ownServers = false, settings = {} }) {
  const { DATABASE_URL, NATS_URL, REDIS_URL } = process.env;
  const needed = [...(NATS_URL && !ownServers ? [] : ['nats-server']), ...(REDIS_URL && !ownServers ? [] : ['redis-server'])];
  const binaries = await ensureServers(needed);
  const nats = given(NATS_URL) ?? (await step('NATS ready', () => startNats(processes, binaries['nats-server']), where));
  const redis = given(REDIS_URL) ?? (await step('Redis ready', () => startRedis(processes, binaries['redis-server']), where));
  const postgres = given(DATABASE_URL) ?? (await step('PostgreSQL ready', () => startPostgres(processes, { durable, settings }), where));
  return { databaseUrl: postgres.url, postgres, natsUrl: nats.url, natsIsPrivate: !NATS_URL, redisUrl: redis.url, natsBinary: binaries['nats-server'], redisBinary: binaries['redis-server'] };
}
