import { setTimeout as pause } from 'node:timers/promises';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { useTracing } from './application/tracing';
import { compose } from './composition';
import type { Marketplace } from './composition';
import { readConfig, redisNamespace } from './config';
import { connectNeighbours, disconnect } from './connections';
import { createGraphQLServer } from './graphql-server';
import { TokenBuckets } from './infrastructure/http/token-buckets';
import { RedisQuotas } from './infrastructure/redis/shared-quotas';
import { createLogger } from './infrastructure/telemetry/logger';
import { ServiceMetrics } from './infrastructure/telemetry/service-metrics';
import { ReadinessBoard, readinessOf } from './infrastructure/telemetry/readiness';
import { protectionOf } from './protection';

/** A stop that takes longer than this ends the process all the same; whatever was in hand is found again by others. */
const DRAIN_MS = 10_000;

/** Runs one replica from the environment alone. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const logger = createLogger(config.LOG_LEVEL);
  const tracing = config.OTEL_EXPORTER_OTLP_ENDPOINT ? (await import('./infrastructure/telemetry/opentelemetry.js')).startTracing() : undefined;
  if (tracing) useTracing(tracing);
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const metrics = new ServiceMetrics(registry);
  const board = new ReadinessBoard();
  const running: { marketplace?: Marketplace } = {};
  const rateLimits = new TokenBuckets(null);
  const server = createGraphQLServer({
    board, logger, registry,
    onOperation: (transport, outcome) => { metrics.operation(transport, outcome); },
    graph: () => { if (!running.marketplace) throw new Error('a request came before there was a graph'); return running.marketplace; },
    identity: { issuer: config.IDENTITY_ISSUER, audience: config.IDENTITY_AUDIENCE, jwksUrl: config.IDENTITY_JWKS_URL },
    production: config.NODE_ENV === 'production', protection: protectionOf(config, rateLimits),
  });
  const stopping = new AbortController();
  onceTold(async (signal) => {
    logger.info({ signal }, 'draining');
    stopping.abort();
    board.stage = 'draining';
    const { marketplace } = running;
    const taking = marketplace?.stopTaking();
    if (marketplace) await pause(config.DRAIN_GRACE_MS);
    await server.close();
    await taking;
    await marketplace?.stop();
    await tracing?.stop();
  }, (error) => { logger.error({ err: error }, 'the drain failed'); });

  await server.listen({ host: config.HOST, port: config.PORT });
  const connections = await connectNeighbours({ config, logger, board, signal: stopping.signal, loadKeys: () => server.loadKeys() })
    .catch((error: unknown) => { if (stopping.signal.aborted) return null; throw error; });
  if (!connections) return;
  if (connections.redis) rateLimits.share(new RedisQuotas(connections.redis, redisNamespace(config)));
  const marketplace = compose(config, logger, connections, { metrics, disconnect: () => disconnect(connections) });
  running.marketplace = marketplace;
  marketplace.startWork();
  board.serve(readinessOf(connections.database.worker, connections.nats));
  logger.info({ port: config.PORT, roles: config.ROLES }, 'ready');
}

/** Drains at the first SIGTERM or SIGINT, and ends. */
function onceTold(drain: (signal: string) => Promise<void>, onFailure: (error: unknown) => void): void {
  let told = false;
  const stop = (signal: string): void => {
    if (told) return;
    told = true;
    setTimeout(() => process.exit(1), DRAIN_MS).unref();
    drain(signal).then(() => process.exit(0), (error: unknown) => { onFailure(error); process.exit(1); });
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
}

main().catch((error: unknown) => {
  console.error(`marketplace-service cannot start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
