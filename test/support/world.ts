import { Pool, type QueryResultRow } from 'pg';
import { TestProcess } from './child-process';
import { createTestDatabase, type TestDatabase } from './database';
import { startNats, type TestNats } from './nats';
import { freePort } from './ports';
import { programEnvironment } from './program-environment';
import { answersOk, retryOnTakenPort, untilReady } from './readiness';
import { claimRedisDatabase } from './redis';
import { Replica } from './replica';
import { sandboxClient, type SandboxClient } from './sandbox-client';

export interface WorldOptions {
  /** How many replicas of the service. Default 1. */
  readonly replicas?: number;
  /** Settings of every replica, beyond those that name its neighbours. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether search-service is there. Default false: the database searches. */
  readonly search?: boolean;
  /** Whether a federation gateway stands before the replicas. Default true. */
  readonly gateway?: boolean;
  /** A migrated database. Default: one of the test servers' own, cloned. */
  readonly database?: TestDatabase;
  /** Default: a numbered database of the test servers' own. */
  readonly redisUrl?: string;
  /** Changes what one replica (from 0) is told, for example who stands between it and its servers. */
  readonly replicaEnv?: (env: Readonly<Record<string, string>>, index: number) => Promise<Readonly<Record<string, string>>>;
}

/** Everything that a purchase needs, private to one test file: processes, database, streams, neighbours. */
export interface World {
  /** The gateway's GraphQL endpoint. */
  readonly supergraphUrl: string;
  /** The first replica's GraphQL endpoint. */
  readonly subgraphUrl: string;
  readonly sandboxUrl: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly nats: TestNats;
  readonly sandbox: SandboxClient;
  readonly replicas: readonly Replica[];
  /** Runs SQL as the superuser, past every policy. */
  sql<R extends QueryResultRow = QueryResultRow>(text: string, params?: readonly unknown[]): Promise<R[]>;
  /** Moves business time forward (back, if negative) by so many milliseconds, for all replicas at once. */
  shiftClock(ms: number): Promise<void>;
  /** Ends every process and drops the database. */
  stop(): Promise<void>;
}

/** What is to be undone, in the order in which it was done. */
type CleanUp = (() => Promise<unknown>)[];

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const cleanUp: CleanUp = [];
  const stop = () => runInReverse(cleanUp);
  try {
    return await build(options, cleanUp, stop);
  } catch (error) {
    await stop().catch(() => undefined); // what made the start fail matters more
    throw error;
  }
}

async function build(options: WorldOptions, cleanUp: CleanUp, stop: () => Promise<void>): Promise<World> {
  const database = options.database ?? (await createTestDatabase());
  cleanUp.push(() => database.drop());
  const redisUrl = options.redisUrl ?? (await claimRedisDatabase());
  const nats = await startNats(database.name);
  cleanUp.push(() => nats.stop());

  const sandboxUrl = await startSandbox(database.name, nats.as('sandbox'), cleanUp);
  const env = {
    ...neighbours(sandboxUrl),
    DATABASE_URL: database.url,
    NATS_URL: nats.as('marketplace'),
    REDIS_URL: redisUrl,
    DRAIN_GRACE_MS: '0', // nobody is told to go elsewhere when a test ends
    ...(options.search ? { SEARCH_URL: `${sandboxUrl}/search` } : {}),
    ...options.env,
  };
  const envOf = async (index: number) => options.replicaEnv?.(env, index) ?? env;
  const replicas = await startReplicas(options.replicas ?? 1, database.name, envOf, cleanUp);
  const [first] = replicas;
  if (first === undefined) throw new Error('a world has at least one replica');

  const supergraphUrl =
    options.gateway === false ? '' : await startGateway(database.name, replicas, sandboxUrl, cleanUp);
  const pool = new Pool({ connectionString: database.url, max: 4 });
  pool.on('error', () => undefined); // a connection that the dropped database cuts is no failure of a test
  cleanUp.push(() => pool.end());

  const sql: World['sql'] = async (text, params = []) => (await pool.query(text, [...params])).rows;
  return {
    supergraphUrl,
    subgraphUrl: first.graphqlUrl,
    sandboxUrl,
    databaseUrl: database.url,
    redisUrl,
    nats,
    sandbox: sandboxClient(sandboxUrl),
    replicas,
    sql,
    shiftClock: async (ms) => void (await sql('update marketplace.clock_offset set ms = ms + $1', [ms])),
    stop,
  };
}

function neighbours(sandboxUrl: string): Record<string, string> {
  return {
    IDENTITY_ISSUER: `${sandboxUrl}/identity`,
    IDENTITY_JWKS_URL: `${sandboxUrl}/identity/.well-known/jwks.json`,
    IDENTITY_AUDIENCE: 'marketplace',
    BILLING_URL: `${sandboxUrl}/billing`,
    CATALOG_URL: `${sandboxUrl}/catalog`,
    TENANT_URL: `${sandboxUrl}/tenants`,
    FX_URL: `${sandboxUrl}/fx`,
    STRIPE_SECRET_KEY: 'sk_test_sandbox',
    STRIPE_API_BASE: `${sandboxUrl}/stripe`,
  };
}

/** All at once. Those that did start are stopped in the end, even when another one did not. */
async function startReplicas(
  count: number,
  group: string,
  envOf: (index: number) => Promise<Readonly<Record<string, string>>>,
  cleanUp: CleanUp,
): Promise<Replica[]> {
  const starts = Array.from({ length: count }, async (_, index) => {
    const replica = await Replica.start(`replica-${index + 1}`, group, await envOf(index));
    cleanUp.push(() => replica.stop());
    return replica;
  });
  await Promise.allSettled(starts);
  return Promise.all(starts);
}

async function startSandbox(group: string, natsUrl: string, cleanUp: CleanUp): Promise<string> {
  return retryOnTakenPort(async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const child = await TestProcess.start({
      name: 'sandbox',
      group,
      command: process.execPath,
      args: ['--enable-source-maps', 'dist/sandbox/main.js'],
      env: programEnvironment({ SANDBOX_PORT: String(port), NATS_URL: natsUrl }),
    });
    cleanUp.push(() => child.stop());
    await untilReady(child, () => answersOk(`${url}/healthz`));
    return url;
  });
}

async function startGateway(
  group: string,
  replicas: readonly Replica[],
  sandboxUrl: string,
  cleanUp: CleanUp,
): Promise<string> {
  return retryOnTakenPort(async () => {
    const port = await freePort();
    const child = await TestProcess.start({
      name: 'gateway',
      group,
      command: process.execPath,
      args: ['--enable-source-maps', 'dist/sandbox/gateway/main.js'],
      env: programEnvironment({
        GATEWAY_PORT: String(port),
        SUBGRAPH_URLS: replicas.map((replica) => replica.graphqlUrl).join(','),
        CATALOG_SUBGRAPH_URL: `${sandboxUrl}/catalog/graphql`,
      }),
    });
    cleanUp.push(() => child.stop());
    await untilReady(child, () => answersOk(`http://127.0.0.1:${port}/healthz`));
    return `http://127.0.0.1:${port}/graphql`;
  });
}

/** Last started, first stopped. Every step is tried; the first failure is told at the end. */
async function runInReverse(steps: CleanUp): Promise<void> {
  const failures: unknown[] = [];
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    await step().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}
