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
import { couponUseCases } from './application/coupon';
import { licenseUseCases } from './application/license';
import { LicenseSchedule } from './application/license/license-schedule';
import { LicenseWatch } from './application/license/license-watch';
import { listingUseCases } from './application/listing';
import type { ListingUseCases } from './application/listing';
import { searchListings } from './application/listing/search-listings';
import { orderUseCases } from './application/order';
import { RevenueBooks } from './application/ledger/revenue-books';
import { OrderStatusWatch } from './application/order/order-status-watch';
import { PurchaseHost } from './application/order/purchase-host';
import type { PurchaseProtocol } from './application/order/purchase-protocol';
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
import { TokenBuckets } from './infrastructure/http/token-buckets';
import type { Protection } from './infrastructure/http/protection';
import { connectNats, ensureMarketplaceStream } from './infrastructure/nats/connection';
import { createEventCodec } from './infrastructure/nats/envelope';
import { NatsLicenseNotices } from './infrastructure/nats/license-notices';
import { NatsOrderStatusNotices } from './infrastructure/nats/order-status-notices';
import { Relay } from './infrastructure/nats/relay';
import { StreamConsumer } from './infrastructure/nats/stream-consumer';
import { PostgresCouponReader } from './infrastructure/postgres/coupon-reader';
import { PostgresCouponStore } from './infrastructure/postgres/coupon-store';
import { PostgresCourseVersions } from './infrastructure/postgres/course-version-repository';
import { createDataSource } from './infrastructure/postgres/data-source';
import { PostgresEarningsReader } from './infrastructure/postgres/earnings-reader';
import { isLasting, isOutage } from './infrastructure/postgres/errors';
import { FullTextSearch } from './infrastructure/postgres/full-text-search';
import { PostgresInbox } from './infrastructure/postgres/inbox';
import { PostgresLedgerStore } from './infrastructure/postgres/ledger-store';
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
import { PostgresPurchaseSpend } from './infrastructure/postgres/purchase-spend';
import { PostgresRefundStore } from './infrastructure/postgres/refund-store';
import { PostgresSagaReader } from './infrastructure/postgres/saga-reader';
import { PostgresSagaStore } from './infrastructure/postgres/saga-store';
import { PostgresSeatStore } from './infrastructure/postgres/seat-store';
import { PostgresUnitOfWork } from './infrastructure/postgres/unit-of-work';
import { NO_ANSWERS, RedisIdempotencyAnswers } from './infrastructure/redis/idempotency-answers';
import { connectRedis } from './infrastructure/redis/redis';
import { RedisQuotas } from './infrastructure/redis/shared-quotas';
import { RememberedPolicies } from './infrastructure/tenant/remembered-policies';
import { SearchClient } from './infrastructure/search/search-client';
import { TenantClient } from './infrastructure/tenant/tenant-client';
import { readinessOf } from './infrastructure/telemetry/readiness';

/** One replica, wired but not yet at work. */
export interface Marketplace {
  readonly application: ApplicationCore;
  readonly listings: ListingUseCases;
  readonly protection: Protection;
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
  const core: Core = { config, logger, unitOfWork, nats, codec, outbox: new PostgresOutbox(codec, () => { relay.wake(); }), books: booksOf(config), ...POSTGRES };

  const refunds = composeRefunds(core);
  const { engine, runner } = composePurchases(core, refunds.unasked);
  const licenseNotices = new NatsLicenseNotices(nats, codec);
  const licenseSchedule = composeLicenseSchedule(core);
  const consumers = composeConsumers(core, { purchases: engine, refunds: refunds.engine }, licenseNotices);
  const notices = new NatsOrderStatusNotices(nats, codec);
  const namespace = `marketplace:${new URL(config.DATABASE_URL).pathname.slice(1)}`;
  const answers = redis ? new RedisIdempotencyAnswers(redis, namespace) : NO_ANSWERS;
  const tenants = new TenantClient(config.TENANT_URL);
  const policies = redis ? new RememberedPolicies(tenants, redis, namespace) : tenants;
  const { readers, stores, outbox, books } = core;
  const working = config.ROLES.includes('worker');
  return {
    application: {
      orders: orderUseCases({ unitOfWork, readers, ...stores, sales: books, policies, outbox, purchases: engine, answers }),
      refunds: refundUseCases({ unitOfWork, readers, orders: stores.orders, payments: stores.payments, refunds: core.refunds, purchases: engine, engine: refunds.engine }),
      coupons: couponUseCases({ unitOfWork, readers, coupons: stores.coupons }),
      searchListings: searchListings({ service: config.SEARCH_URL ? new SearchClient(config.SEARCH_URL) : null, own: new FullTextSearch(unitOfWork), logger }),
      readers, unitOfWork, orderStatus: new OrderStatusWatch(unitOfWork, readers.orders, notices),
      licenses: licenseUseCases({ unitOfWork, seats: stores.seats, outbox, readers }),
      licenseFeed: new LicenseWatch(unitOfWork, readers.licenses, licenseNotices),
    },
    listings: composeListings(core),
    protection: protectionOf(config, new TokenBuckets(redis && new RedisQuotas(redis, namespace))),
    readiness: readinessOf(database.worker, nats),
    startWork() {
      if (!working) return;
      void ensureMarketplaceStream(nats).catch((error: unknown) => { logger.warn({ err: error }, 'the MARKETPLACE stream could not be made yet'); });
      relay.start();
      runner.start();
        refunds.runner.start();
        licenseSchedule.start();
      for (const consumer of consumers) consumer.start();
    },
    async stop() {
      notices.stop();
      licenseNotices.stop();
      if (working) await Promise.all(consumers.map((consumer) => consumer.stop()));
      await Promise.all([runner.stop(), refunds.runner.stop(), licenseSchedule.stop()]);
      if (working) await relay.stop();
      await redis?.close();
      await closeNats(nats);
      await Promise.all([database.api.destroy(), database.worker.destroy()]);
    },
  };
}

function protectionOf(config: Config, rateLimits: TokenBuckets): Protection {
  return {
    operations: {
      maxTokens: config.MAX_QUERY_TOKENS, maxDepth: config.MAX_QUERY_DEPTH, maxAliases: config.MAX_QUERY_ALIASES, maxDirectives: config.MAX_QUERY_DIRECTIVES, maxCost: config.MAX_QUERY_COST,
    },
    sockets: {
      maxSockets: config.MAX_SOCKETS, maxSocketsPerPrincipal: config.MAX_SOCKETS_PER_USER,
      maxSubscriptionsPerSocket: config.MAX_SUBSCRIPTIONS_PER_SOCKET, maxSubscriptionsPerPrincipal: config.MAX_SUBSCRIPTIONS_PER_USER,
    },
    rates: { perUser: config.RATE_LIMIT_PER_MINUTE, perTenant: config.RATE_LIMIT_TENANT_PER_MINUTE, perAddress: config.RATE_LIMIT_ADDRESS_PER_MINUTE },
    rateLimits,
    trustedProxies: config.TRUSTED_PROXIES,
  };
}

const DAY_MS = 24 * 60 * 60 * 1_000;
const REFUNDS = new PostgresRefundStore();

/** Stores and readers: they keep nothing of their own, every call brings its transaction. */
const POSTGRES = {
  stores: {
    orders: new PostgresOrderStore(), licenses: new PostgresLicenseStore(), payments: new PostgresPaymentStore(), coupons: new PostgresCouponStore(),
    spend: new PostgresPurchaseSpend(), seats: new PostgresSeatStore(),
  },
  readers: {
    listings: new PostgresListingReader(), plans: new PostgresPlanReader(), orders: new PostgresOrderReader(),
    licenses: new PostgresLicenseReader(), coupons: new PostgresCouponReader(), sagas: new PostgresSagaReader(), earnings: new PostgresEarningsReader(),
    refunds: REFUNDS,
  },
  courseVersions: new PostgresCourseVersions(),
  refunds: REFUNDS,
} as const;

/** What most parts are built on. */
type Core = typeof POSTGRES & {
  readonly config: Config;
  readonly logger: Logger;
  readonly unitOfWork: UnitOfWork;
  readonly nats: NatsConnection;
  readonly codec: EventCodec;
  readonly outbox: Outbox;
  readonly books: RevenueBooks;
};

function booksOf({ PLATFORM_FEE_PERCENT }: Config): RevenueBooks {
  return new RevenueBooks(new PostgresLedgerStore(), { feeBasisPoints: Math.round(PLATFORM_FEE_PERCENT * 100) });
}

function composeRefunds({ config, logger, unitOfWork, outbox, stores, refunds, books: earnings }: Core) {
  const parts = { orders: stores.orders, payments: stores.payments, refunds, earnings };
  const books = new RefundBooks(parts);
  const host = new RefundHost({ ...parts, books, billing: new HttpBilling(config.BILLING_URL) });
  const store = new PostgresSagaStore<RefundProtocol>();
  const engine: SagaEngine<RefundProtocol> = new SagaEngine({
    definitions: [refundSaga], host, store, outbox, logger, isLasting, onCallArmed: (saga, lease) => { runner.perform(saga, lease); },
  });
  const runner = new SagaRunner({ engine, host, store, unitOfWork, logger, isLasting, pollMs: config.SAGA_POLL_MS, concurrency: config.SAGA_CONCURRENCY });
  return { engine, runner, unasked: new UnaskedRefunds({ ...parts, books, engine }) };
}

function composePurchases({ config, logger, unitOfWork, outbox, stores, books }: Core, unasked: UnaskedRefunds) {
  const host = new PurchaseHost({ ...stores, earnings: books, unasked, unitOfWork, billing: new HttpBilling(config.BILLING_URL) });
  const store = new PostgresSagaStore<PurchaseProtocol>();
  const engine: SagaEngine<PurchaseProtocol> = new SagaEngine({
    definitions: [purchaseSaga], host, store, outbox, logger, isLasting, onCallArmed: (saga, lease) => { runner.perform(saga, lease); },
  });
  const runner = new SagaRunner({ engine, host, store, unitOfWork, logger, isLasting, pollMs: config.SAGA_POLL_MS, concurrency: config.SAGA_CONCURRENCY });
  return { engine, runner };
}

function composeLicenseSchedule({ config, logger, unitOfWork, outbox, stores }: Core): LicenseSchedule {
  return new LicenseSchedule({
    unitOfWork, seats: stores.seats, licenses: stores.licenses, outbox, logger, pollMs: config.LICENSE_POLL_MS, expiringAheadMs: config.LICENSE_EXPIRING_DAYS * DAY_MS,
  });
}

function composeListings({ config, unitOfWork, outbox, readers, courseVersions }: Core): ListingUseCases {
  return listingUseCases({
    unitOfWork, listings: new PostgresListings(), plans: new PostgresPlans(), courseVersions, readers, outbox,
    catalog: new CatalogClient(config.CATALOG_URL), tenants: new TenantClient(config.TENANT_URL), defaultRefundWindowDays: config.DEFAULT_REFUND_WINDOW_DAYS,
  });
}

interface Engines {
  readonly purchases: SagaEngine<PurchaseProtocol>;
  readonly refunds: SagaEngine<RefundProtocol>;
}

function composeConsumers({ logger, unitOfWork, nats, codec, outbox, stores, courseVersions }: Core, { purchases, refunds }: Engines, notices: NatsLicenseNotices): StreamConsumer[] {
  const consume = (stream: string, filter: string, commit: CommitName, handlers: EventHandlers): StreamConsumer => {
    const intake = new Intake({ consumer: `marketplace-${stream.toLowerCase()}`, commit, handlers, unitOfWork, inbox: new PostgresInbox(), logger, isOutage });
    return new StreamConsumer({ connection: nats, stream, filter, types: new Set(Object.keys(handlers)), intake, codec, logger });
  };
  return [
    consume('BILLING', 'billing.payment.>', 'consume.billing', billingEventHandlers(purchases, refunds, stores.payments)),
    consume('ENROLLMENT', 'enrollment.>', 'consume.enrollment', enrollmentEventHandlers({ purchases, licenses: stores.licenses, outbox, onSeatsChanged: (ids) => { notices.seatsChanged(ids); } })),
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

