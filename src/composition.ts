import { randomUUID } from 'node:crypto';
import type { NatsConnection } from 'nats';
import type { DataSource } from 'typeorm';
import { purchaseSaga } from '../sagas/purchase.saga';
import { refundSaga } from '../sagas/refund.saga';
import type { ApplicationCore } from './application/application';
import { billingEventHandlers } from './application/consumers/billing-events';
import { takeInCatalogEvents } from './application/consumers/catalog-events';
import { takeInContentEvents } from './application/consumers/content-events';
import { enrollmentEventHandlers } from './application/consumers/enrollment-events';
import type { EventHandlers } from './application/consumers/event-handler';
import { Intake } from './application/consumers/intake';
import { listingUseCases } from './application/listing';
import type { ListingUseCases } from './application/listing';
import { orderUseCases } from './application/order';
import { OrderStatusWatch } from './application/order/order-status-watch';
import { PurchaseHost } from './application/order/purchase-host';
import type { PurchaseProtocol } from './application/order/purchase-protocol';
import type { Earnings } from './application/ports/earnings';
import type { Logger } from './application/ports/logger';
import type { Outbox } from './application/ports/outbox';
import type { CommitName, UnitOfWork } from './application/ports/unit-of-work';
import type { EventCodec } from './application/events/event-codec';
import { refundUseCases } from './application/refund';
import { RefundBooks } from './application/refund/refund-books';
import { RefundHost } from './application/refund/refund-host';
import type { RefundProtocol } from './application/refund/refund-protocol';
import { UnaskedRefunds } from './application/refund/unasked-refunds';
import { SagaEngine } from './application/saga/engine';
import { SagaRunner } from './application/saga/runner';
import type { Config } from './config';
import { HttpBilling } from './infrastructure/billing/http-billing';
import { CatalogClient } from './infrastructure/catalog/catalog-client';
import { connectNats, ensureMarketplaceStream } from './infrastructure/nats/connection';
import { createEventCodec } from './infrastructure/nats/envelope';
import { NatsOrderStatusNotices } from './infrastructure/nats/order-status-notices';
import { Relay } from './infrastructure/nats/relay';
import { StreamConsumer } from './infrastructure/nats/stream-consumer';
import { PostgresCourseVersions } from './infrastructure/postgres/course-version-repository';
import { createDataSource } from './infrastructure/postgres/data-source';
import { isLasting, isOutage } from './infrastructure/postgres/errors';
import { PostgresInbox } from './infrastructure/postgres/inbox';
import { PostgresLicenseReader } from './infrastructure/postgres/license-reader';
import { PostgresLicenseStore } from './infrastructure/postgres/license-store';
import { PostgresListingReader } from './infrastructure/postgres/listing-reader';
import { PostgresListings } from './infrastructure/postgres/listing-repository';
import { PostgresOrderReader } from './infrastructure/postgres/order-reader';
import { PostgresOrderStore } from './infrastructure/postgres/order-store';
import { PostgresOutbox } from './infrastructure/postgres/outbox';
import { PostgresOutboxSource } from './infrastructure/postgres/outbox-source';
import { PostgresPaymentStore } from './infrastructure/postgres/payment-store';
import { PostgresPlanReader } from './infrastructure/postgres/plan-reader';
import { PostgresPlans } from './infrastructure/postgres/plan-repository';
import { PostgresRefundStore } from './infrastructure/postgres/refund-store';
import { PostgresSagaReader } from './infrastructure/postgres/saga-reader';
import { PostgresSagaStore } from './infrastructure/postgres/saga-store';
import { PostgresUnitOfWork } from './infrastructure/postgres/unit-of-work';
import { NO_ANSWERS, RedisIdempotencyAnswers } from './infrastructure/redis/idempotency-answers';
import { connectRedis } from './infrastructure/redis/redis';
import { TenantClient } from './infrastructure/tenant/tenant-client';
import { readinessOf } from './infrastructure/telemetry/readiness';

/** One replica, wired but not yet at work. */
export interface Marketplace {
  readonly application: ApplicationCore;
  readonly listings: ListingUseCases;
  /** What `/readyz` says: each part with 'ok' or what is wrong. */
  readonly readiness: () => Promise<Record<string, string>>;
  /** Consumers, timers, relay. */
  startWork(): void;
  /** Stops taking, finishes what is in hand, closes connections. */
  stop(): Promise<void>;
}

/** The only place where parts are put together. */
export async function compose(config: Config, logger: Logger): Promise<Marketplace> {
  const database = await openDatabase(config);
  const nats = await connectNats(config.NATS_URL, 'marketplace', logger);
  const redis = config.REDIS_URL ? connectRedis({ url: config.REDIS_URL, onAvailability: (available) => { logger.warn({ available }, 'redis'); } }) : null;
  const codec = createEventCodec();
  const unitOfWork = new PostgresUnitOfWork(database.api, database.worker);
  const relay = new Relay({ connection: nats, source: new PostgresOutboxSource(unitOfWork, randomUUID()), codec, logger });
  const core: Core = { config, logger, unitOfWork, nats, codec, outbox: new PostgresOutbox(codec, () => { relay.wake(); }), ...POSTGRES };

  const refunds = composeRefunds(core);
  const { engine, runner } = composePurchases(core, refunds.unasked);
  const consumers = composeConsumers(core, engine, refunds.engine);
  const notices = new NatsOrderStatusNotices(nats, codec);
  const answers = redis ? new RedisIdempotencyAnswers(redis, `marketplace:${new URL(config.DATABASE_URL).pathname.slice(1)}`) : NO_ANSWERS;
  const { readers, stores, outbox } = core;
  const working = config.ROLES.includes('worker');
  return {
    application: {
      orders: orderUseCases({ unitOfWork, readers, orders: stores.orders, outbox, purchases: engine, answers }),
      refunds: refundUseCases({ unitOfWork, readers, orders: stores.orders, payments: stores.payments, refunds: core.refunds, purchases: engine, engine: refunds.engine }),
      readers, unitOfWork, orderStatus: new OrderStatusWatch(unitOfWork, readers.orders, notices),
    },
    listings: composeListings(core),
    readiness: readinessOf(database.worker, nats),
    startWork() {
      if (!working) return;
      void ensureMarketplaceStream(nats).catch((error: unknown) => { logger.warn({ err: error }, 'the MARKETPLACE stream could not be made yet'); });
      relay.start();
      runner.start();
      refunds.runner.start();
      for (const consumer of consumers) consumer.start();
    },
    async stop() {
      notices.stop();
      if (working) await Promise.all(consumers.map((consumer) => consumer.stop()));
      await Promise.all([runner.stop(), refunds.runner.stop()]);
      if (working) await relay.stop();
      await redis?.close();
      await closeNats(nats);
      await Promise.all([database.api.destroy(), database.worker.destroy()]);
    },
  };
}

const REFUNDS = new PostgresRefundStore();

/** Stores and readers: they keep nothing of their own, every call brings its transaction. */
const POSTGRES = {
  stores: { orders: new PostgresOrderStore(), licenses: new PostgresLicenseStore(), payments: new PostgresPaymentStore() },
  readers: {
    listings: new PostgresListingReader(), plans: new PostgresPlanReader(), orders: new PostgresOrderReader(),
    licenses: new PostgresLicenseReader(), sagas: new PostgresSagaReader(), refunds: REFUNDS,
  },
  courseVersions: new PostgresCourseVersions(),
  refunds: REFUNDS,
} as const;

/** Until there is a ledger. */
const NO_EARNINGS: Earnings = { accrue: () => Promise.resolve([]), reverse: () => Promise.resolve([]) };

/** What most parts are built on. */
type Core = typeof POSTGRES & {
  readonly config: Config;
  readonly logger: Logger;
  readonly unitOfWork: UnitOfWork;
  readonly nats: NatsConnection;
  readonly codec: EventCodec;
  readonly outbox: Outbox;
};

function composeRefunds({ config, logger, unitOfWork, outbox, stores, refunds }: Core) {
  const parts = { orders: stores.orders, payments: stores.payments, refunds, earnings: NO_EARNINGS };
  const books = new RefundBooks(parts);
  const host = new RefundHost({ ...parts, books, billing: new HttpBilling(config.BILLING_URL) });
  const store = new PostgresSagaStore<RefundProtocol>();
  const engine: SagaEngine<RefundProtocol> = new SagaEngine({
    definitions: [refundSaga], host, store, outbox, logger, isLasting, onCallArmed: (saga, lease) => { runner.perform(saga, lease); },
  });
  const runner = new SagaRunner({ engine, host, store, unitOfWork, logger, pollMs: config.SAGA_POLL_MS, concurrency: config.SAGA_CONCURRENCY });
  return { engine, runner, unasked: new UnaskedRefunds({ ...parts, books, engine }) };
}

function composePurchases({ config, logger, unitOfWork, outbox, stores }: Core, unasked: UnaskedRefunds) {
  const host = new PurchaseHost({ ...stores, unasked, unitOfWork, billing: new HttpBilling(config.BILLING_URL) });
  const store = new PostgresSagaStore<PurchaseProtocol>();
  const engine: SagaEngine<PurchaseProtocol> = new SagaEngine({
    definitions: [purchaseSaga], host, store, outbox, logger, isLasting, onCallArmed: (saga, lease) => { runner.perform(saga, lease); },
  });
  const runner = new SagaRunner({ engine, host, store, unitOfWork, logger, pollMs: config.SAGA_POLL_MS, concurrency: config.SAGA_CONCURRENCY });
  return { engine, runner };
}

function composeListings({ config, unitOfWork, outbox, readers, courseVersions }: Core): ListingUseCases {
  return listingUseCases({
    unitOfWork, listings: new PostgresListings(), plans: new PostgresPlans(), courseVersions, readers, outbox,
    catalog: new CatalogClient(config.CATALOG_URL), tenants: new TenantClient(config.TENANT_URL), defaultRefundWindowDays: config.DEFAULT_REFUND_WINDOW_DAYS,
  });
}

function composeConsumers({ logger, unitOfWork, nats, codec, outbox, stores, courseVersions }: Core, engine: SagaEngine<PurchaseProtocol>, refunds: SagaEngine<RefundProtocol>): StreamConsumer[] {
  const consume = (stream: string, filter: string, commit: CommitName, handlers: EventHandlers): StreamConsumer => {
    const intake = new Intake({ consumer: `marketplace-${stream.toLowerCase()}`, commit, handlers, unitOfWork, inbox: new PostgresInbox(), logger, isOutage });
    return new StreamConsumer({ connection: nats, stream, filter, types: new Set(Object.keys(handlers)), intake, codec, logger });
  };
  return [
    consume('BILLING', 'billing.payment.>', 'consume.billing', billingEventHandlers(engine, refunds, stores.payments)),
    consume('ENROLLMENT', 'enrollment.>', 'consume.enrollment', enrollmentEventHandlers({ purchases: engine, licenses: stores.licenses, outbox })),
    consume('CONTENT', 'content.play_package.>', 'consume.content', { 'content.play_package.built.v1': takeInContentEvents({ courseVersions }) }),
    consume('CATALOG', 'catalog.course_version.>', 'consume.catalog', { 'catalog.course_version.published.v1': takeInCatalogEvents({ courseVersions }) }),
  ];
}

async function openDatabase(config: Config): Promise<{ api: DataSource; worker: DataSource }> {
  const url = config.DATABASE_URL;
  const [api, worker] = await Promise.all([
    createDataSource({ url, role: 'marketplace_api', poolSize: config.DATABASE_POOL_API }).initialize(),
    createDataSource({ url, role: 'marketplace_worker', poolSize: config.DATABASE_POOL_WORKER }).initialize(),
  ]);
  return { api, worker };
}

async function closeNats(connection: NatsConnection): Promise<void> {
  await Promise.race([connection.drain(), new Promise((resolve) => setTimeout(resolve, 1_000).unref())]).catch(() => undefined);
  await connection.close().catch(() => undefined);
}

