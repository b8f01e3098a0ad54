// What a benchmark runs against: PostgreSQL, NATS, Redis, the sandbox and replicas as production has them, private to this run.
import { randomUUID } from 'node:crypto';
import { migrate } from '../scripts/stack/migrate.mjs';
import { natsUrlAs } from '../scripts/stack/nats.mjs';
import { freePort } from '../scripts/stack/ports.mjs';
import { neighbourSettings, startProgram, startReplica } from '../scripts/stack/programs.mjs';
import { step } from '../scripts/stack/progress.mjs';
import { startServers } from '../scripts/stack/servers.mjs';
import pg from 'pg';

/** The server writes its log as JSON lines, so that statements can be read back; what it logs is switched on for moments only. */
const POSTGRES = { logging_collector: 'on', log_destination: 'jsonlog', log_directory: 'log', log_filename: 'postgres', shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track_planning': 'on' };
/** One machine plays thousands of users from one address: nobody's share may be what is measured. */
const UNLIMITED = Object.fromEntries(
  ['RATE_LIMIT_PER_MINUTE', 'RATE_LIMIT_TENANT_PER_MINUTE', 'RATE_LIMIT_ADDRESS_PER_MINUTE', 'MAX_SOCKETS', 'MAX_SOCKETS_PER_USER', 'MAX_SUBSCRIPTIONS_PER_SOCKET', 'MAX_SUBSCRIPTIONS_PER_USER']
    .map((name) => [name, '1000000000']));

/** `nodeArgs` go to the replicas' Node, for a profile. */
export async function openStage(processes, { nodeArgs = [] } = {}) {
  for (const name of ['DATABASE_URL', 'NATS_URL', 'REDIS_URL']) delete process.env[name]; // never somebody's own servers
  const servers = await startServers(processes, { durable: true, settings: POSTGRES });
  await step('database migrated', () => migrate(processes, servers.databaseUrl), String);
  const pool = new pg.Pool({ connectionString: servers.databaseUrl, max: 4 });
  pool.on('error', () => undefined); // PostgreSQL ends before the pool when a run is broken off
  const sql = async (text, values = []) => (await pool.query(text, values)).rows;
  await sql('create extension pg_stat_statements');

  const sandboxPort = await freePort();
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
  const production = { NODE_ENV: 'production', LOG_LEVEL: 'warn' };
  const sandbox = await step('sandbox ready', () => startProgram(processes, 'sandbox', 'dist/sandbox/main.js',
    { ...production, SANDBOX_PORT: String(sandboxPort), NATS_URL: natsUrlAs('sandbox', servers) }, `${sandboxUrl}/healthz`));
  const { SEARCH_URL: _searched, ...neighbours } = neighbourSettings(sandboxUrl); // the database searches
  const settings = { ...neighbours, ...production, ...UNLIMITED, DRAIN_GRACE_MS: '0', DATABASE_URL: servers.databaseUrl, NATS_URL: natsUrlAs('marketplace', servers), REDIS_URL: servers.redisUrl };

  const replicas = [];
  const addReplica = async () => {
    const port = await freePort();
    const name = `replica-${replicas.length + 1}`;
    const from = performance.now();
    const child = await step(`${name} ready`, () => startReplica(processes, name, { ...settings, PORT: String(port) }, `http://127.0.0.1:${port}/readyz`, nodeArgs));
    replicas.push({ pid: child.pid, readyMs: performance.now() - from, url: `http://127.0.0.1:${port}/graphql`, stop: () => processes.end(child) });
    return replicas.at(-1);
  };
  await addReplica();
  return { servers, sql, sandboxUrl, sandbox, replicas, addReplica, postgres: { pid: servers.postgres.child.pid, data: servers.postgres.data }, token: (request) => token(sandboxUrl, request), close: () => pool.end() };
}

async function token(sandboxUrl, { roles, sub = randomUUID(), tid = randomUUID() }) {
  const answer = await fetch(`${sandboxUrl}/identity/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ sub, tid, roles }) });
  if (!answer.ok) throw new Error(`no token: ${answer.status} ${await answer.text()}`);
  const { accessToken } = await answer.json();
  return { accessToken, sub, tid };
}
