import { collectDefaultMetrics, Registry } from 'prom-client';
import { compose } from './composition';
import { readConfig } from './config';
import { createGraphQLServer } from './graphql-server';
import { createLogger } from './infrastructure/telemetry/logger';

/** A stop that takes longer than this ends the process all the same; whatever was in hand is found again by others. */
const DRAIN_MS = 10_000;

/** Runs one replica from the environment alone. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const logger = createLogger(config.LOG_LEVEL);
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const marketplace = await compose(config, logger);
  const server = createGraphQLServer({
    application: marketplace.application, listings: marketplace.listings, readiness: marketplace.readiness, logger, registry,
    identity: { issuer: config.IDENTITY_ISSUER, audience: config.IDENTITY_AUDIENCE, jwksUrl: config.IDENTITY_JWKS_URL },
    production: config.NODE_ENV === 'production', protection: marketplace.protection,
  });
  await server.listen({ host: config.HOST, port: config.PORT });
  marketplace.startWork();
  logger.info({ port: config.PORT, roles: config.ROLES }, 'ready');

  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'draining');
    setTimeout(() => process.exit(1), DRAIN_MS).unref();
    void server.close().then(() => marketplace.stop()).then(() => process.exit(0), (error: unknown) => {
      logger.error({ err: error }, 'the drain failed');
      process.exit(1);
    });
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
}

main().catch((error: unknown) => {
  console.error(`marketplace-service cannot start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
