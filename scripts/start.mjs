#!/usr/bin/env node
// npm start [-- --once] [-- --replicas N]
// The whole marketplace on this machine: PostgreSQL, NATS, Redis, the neighbours, the service, a federation gateway.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './stack/build.mjs';
import { migrate } from './stack/migrate.mjs';
import { natsUrlAs } from './stack/nats.mjs';
import { ensurePackages, requireNode } from './stack/packages.mjs';
import { freePort, isFree } from './stack/ports.mjs';
import { runSql } from './stack/postgres.mjs';
import { tail } from './stack/processes.mjs';
import { neighbourSettings, startProgram, startReplica } from './stack/programs.mjs';
import { SetupError, complain, say, step } from './stack/progress.mjs';
import { inProject } from './stack/project.mjs';
import { runWith } from './stack/run.mjs';
import { startServers } from './stack/servers.mjs';

const RESTART_BACKOFF_MS = [500, 1_000, 2_000, 5_000];
const HOST = '127.0.0.1';

function readOptions() {
  try {
    const { values } = parseArgs({ options: { once: { type: 'boolean' }, replicas: { type: 'string', default: '1' } } });
    const replicas = Number(values.replicas);
    if (!Number.isInteger(replicas) || replicas < 1) throw new Error('--replicas takes a whole number from 1');
    return { once: values.once ?? false, replicas };
  } catch (error) {
    throw new SetupError(`${error.message}; usage: npm start [-- --once] [-- --replicas N]`);
  }
}

/** The contract's ports, or the environment's. One that is taken is an error, except for a passing `--once`. */
async function choosePorts({ once, replicas }) {
  const { GATEWAY_PORT, PORT, SANDBOX_PORT } = process.env;
  const first = Number(PORT ?? 4001);
  const wanted = [
    ['GATEWAY_PORT', GATEWAY_PORT, Number(GATEWAY_PORT ?? 4000)],
    ['SANDBOX_PORT', SANDBOX_PORT, Number(SANDBOX_PORT ?? 4010)],
    ...Array.from({ length: replicas }, (_, index) => ['PORT', PORT, first + index]),
  ];
  const ports = [];
  for (const [setting, given, port] of wanted) {
    const usable = !ports.includes(port) && (await isFree(port));
    if (!usable && (given !== undefined || !once)) {
      throw new SetupError(`port ${port} is taken: stop what listens there, or set ${setting} to another one`);
    }
    ports.push(usable ? port : await freePort());
  }
  const [gateway, sandbox, ...services] = ports;
  return { gateway, sandbox, services };
}

/** A replica, started again each time that it ends without having been told to. */
async function keepReplica(processes, name, port, env) {
  const start = () =>
    startReplica(processes, name, { ...env, PORT: String(port) }, `http://${HOST}:${port}/readyz`);
  const watch = async (child) => {
    for (let failures = 0; ; ) {
      const how = await child.exited;
      if (processes.stopping) return;
      const backoffMs = RESTART_BACKOFF_MS[Math.min(failures, RESTART_BACKOFF_MS.length - 1)];
      say(`${name} (pid ${child.pid}) ended: ${how}; starting it again`);
      await pause(backoffMs);
      const next = await start().catch((error) => void (processes.stopping || complain(error)));
      failures = next ? 0 : failures + 1;
      child = next ?? child;
      if (next) say(`${name} is back: pid ${next.pid}, ${graphqlAt(port)}`);
    }
  };
  const first = await step(`${name} ready`, start, (child) => `pid ${child.pid}, ${graphqlAt(port)}`);
  watch(first).catch(complain);
}

const graphqlAt = (port) => `http://${HOST}:${port}/graphql`;

/** One provider, a few live listings, one real purchase, one payout and a subscription that renews, printed as it happens. */
async function runDemo(processes, supergraphUrl, sandboxUrl, databaseUrl) {
  const child = processes.start('demo', process.execPath, ['--enable-source-maps', 'dist/sandbox/demo/main.js'], {
    env: { ...process.env, SUPERGRAPH_URL: supergraphUrl, SANDBOX_URL: sandboxUrl },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  // A trial of a day ends when the demo says that it has gone by: business time is a row, and only its owner writes it.
  child.onMessage(({ passDays }) => runSql(databaseUrl, `update marketplace.clock_offset set ms = ms + ${Number(passDays)} * 86400000::bigint`).catch(complain));
  const how = await child.exited;
  if (how !== 'exit code 0') throw new SetupError(`the demo purchase failed (${how}); logs: .dev/logs/`);
}

async function isFresh(databaseUrl) {
  const [row] = await runSql(databaseUrl, "select to_regclass('marketplace.schema_migration') is null as fresh");
  return row.fresh;
}

async function start(processes, options) {
  requireNode();
  const ports = await choosePorts(options);
  await ensurePackages();
  await ensureBuilt();
  const servers = await startServers(processes, { durable: true });
  const fresh = await isFresh(servers.databaseUrl);
  await step('database migrated', () => migrate(processes, process.env.MIGRATION_DATABASE_URL ?? servers.databaseUrl), String);

  const sandboxUrl = `http://${HOST}:${ports.sandbox}`;
  const supergraphUrl = graphqlAt(ports.gateway);
  const { databaseUrl, natsUrl, redisUrl } = servers;
  // The gateway asks another replica by itself; Ctrl-C shall not wait for a balancer that is not there.
  const shared = { DRAIN_GRACE_MS: process.env.DRAIN_GRACE_MS ?? '0', DATABASE_URL: databaseUrl, NATS_URL: natsUrlAs('marketplace', servers), REDIS_URL: redisUrl };
  const sandboxSettings = { SANDBOX_PORT: String(ports.sandbox), NATS_URL: natsUrlAs('sandbox', servers) };
  await step('sandbox ready', () =>
    startProgram(processes, 'sandbox', 'dist/sandbox/main.js', sandboxSettings, `${sandboxUrl}/healthz`), () => sandboxUrl);
  const settings = { ...neighbourSettings(sandboxUrl), ...onlySet(Object.keys(neighbourSettings(''))), ...shared };
  await Promise.all(
    ports.services.map((port, index) => keepReplica(processes, `replica-${index + 1}`, port, settings)),
  );
  const gatewaySettings = {
    GATEWAY_PORT: String(ports.gateway),
    SUBGRAPH_URLS: ports.services.map(graphqlAt).join(','),
    CATALOG_SUBGRAPH_URL: `${sandboxUrl}/catalog/graphql`,
  };
  const gateway = await step('gateway ready', () =>
    startProgram(processes, 'gateway', 'dist/sandbox/gateway/main.js', gatewaySettings, `http://${HOST}:${ports.gateway}/healthz`),
    () => supergraphUrl);

  if (fresh || options.once) await runDemo(processes, supergraphUrl, sandboxUrl, process.env.MIGRATION_DATABASE_URL ?? databaseUrl);
  process.stdout.write(
    `ready supergraph=${supergraphUrl} subgraph=${graphqlAt(ports.services[0])} sandbox=${sandboxUrl} ` +
      `database=${databaseUrl} nats=${natsUrl} redis=${redisUrl}\n`,
  );
  return options.once ? undefined : gateway;
}

/** Those of the names that the caller's environment sets: they win over the sandbox. */
function onlySet(names) {
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

let options;
try {
  options = readOptions();
} catch (error) {
  complain(error);
  process.exit(2);
}
await runWith(inProject('.dev/logs'), async (processes) => {
  const gateway = await start(processes, options);
  if (!gateway) return 0;
  const how = await gateway.exited; // for as long as nobody stops us
  if (processes.stopping) return 0;
  throw new SetupError(`the gateway ended (${how})\n${tail(gateway)}`);
});
