import { randomUUID } from 'node:crypto';
import type { NatsConnection } from 'nats';
import { payoutSaga } from '../sagas/payout.saga';
import { purchaseSaga } from '../sagas/purchase.saga';
import { refundSaga } from '../sagas/refund.saga';
import { renewalSaga } from '../sagas/renewal.saga';
import type { ApplicationCore } from './application/application';
import { billingEventHandlers } from './application/consumers/billing-events';
import { takeInCatalogEvents } from './application/consumers/catalog-events';
import { takeInContentEvents } from './application/consumers/content-events';
import { enrollmentEventHandlers } from './application/consumers/enrollment-events';
import { gdprEventHandlers } from './application/consumers/gdpr-events';
import type { EventHandlers } from './application/consumers/event-handler';
import { Intake } from './application/consumers/intake';
import { couponUseCases } from './application/coupon';
import { SubjectRequests } from './application/gdpr/subject-requests';
import { licenseUseCases } from './application/license';
import { LicenseSchedule } from './application/license/license-schedule';
import { LicenseWatch } from './application/license/license-watch';
import { listingUseCases } from './application/listing';
import type { ListingUseCases } from './application/listing';
import { searchListings } from './application/listing/search-listings';
import { orderUseCases } from './application/order';
import { operatorUseCases } from './application/operators';
import { RevenueBooks } from './application/ledger/revenue-books';
import { OrderStatusWatch } from './application/order/order-status-watch';
import { PurchaseHost } from './application/order/purchase-host';
import type { PurchaseProtocol } from './application/order/purchase-protocol';
import { payoutUseCases } from './application/payout';
import { PayProvider } from './application/payout/pay-provider';
import { PayoutHost } from './application/payout/payout-host';
import type { PayoutProtocol } from './application/payout/payout-protocol';
import { PayoutRun } from './application/payout/payout-run';
import { PayoutSchedule } from './application/payout/payout-schedule';
import { Polling } from './application/polling';
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
import { redisNamespace } from './config';
import { storefrontUseCases } from './application/storefront';
import { subscriptionUseCases } from './application/subscription';
import { RenewalHost } from './application/subscription/renewal-host';
import type { RenewalProtocol } from './application/subscription/renewal-protocol';
import { SubscriptionEnding } from './application/subscription/subscription-ending';
import { SubscriptionSchedule } from './application/subscription/subscription-schedule';
import type { Config } from './config';
import type { Connections } from './connections';
import { HttpBilling } from './infrastructure/billing/http-billing';
import { CatalogClient } from './infrastructure/catalog/catalog-client';
import { FxClient } from './infrastructure/fx/fx-client';
import { createEventCodec } from './infrastructure/nats/envelope';
import { NatsLicenseNotices } from './infrastructure/nats/license-notices';
import { NatsOrderStatusNotices } from './infrastructure/nats/order-status-notices';
import { Relay } from './infrastructure/nats/relay';
import { StreamConsumer } from './infrastructure/nats/stream-consumer';
import { PostgresAuditLog } from './infrastructure/postgres/audit-log';
import { PostgresCouponReader } from './infrastructure/postgres/coupon-reader';
import { PostgresCouponStore } from './infrastructure/postgres/coupon-store';
import { PostgresCourseVersions } from './infrastructure/postgres/course-version-repository';
import { PostgresDeadLetters } from './infrastructure/postgres/dead-letters';
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
import { PostgresPayoutBatches } from './infrastructure/postgres/payout-batches';
import { PostgresPayoutReader } from './infrastructure/postgres/payout-reader';
import { PostgresPayoutStore } from './infrastructure/postgres/payout-store';
import { PostgresPaymentStore } from './infrastructure/postgres/payment-store';
import { PostgresPlanReader } from './infrastructure/postgres/plan-reader';
import { PostgresPlans } from './infrastructure/postgres/plan-repository';
import { PostgresPurchaseSpend } from './infrastructure/postgres/purchase-spend';
import { PostgresRefundStore } from './infrastructure/postgres/refund-store';
import { PostgresSagaReader } from './infrastructure/postgres/saga-reader';
import { PostgresSagaStore } from './infrastructure/postgres/saga-store';
import { PostgresSeatStore } from './infrastructure/postgres/seat-store';
import { PostgresStorefrontReader } from './infrastructure/postgres/storefront-reader';
import { PostgresStorefrontStore } from './infrastructure/postgres/storefront-store';
import { PostgresSubjectRecords } from './infrastructure/postgres/subject-records';
import { PostgresSubjectRequests } from './infrastructure/postgres/subject-request-store';
import { PostgresSubscriptionReader } from './infrastructure/postgres/subscription-reader';
import { PostgresSubscriptionStore } from './infrastructure/postgres/subscription-store';
import { PostgresUnitOfWork } from './infrastructure/postgres/unit-of-work';
import { BacklogReader } from './infrastructure/postgres/backlog-reader';
import { NO_ANSWERS, RedisIdempotencyAnswers } from './infrastructure/redis/idempotency-answers';
import { RememberedPolicies } from './infrastructure/tenant/remembered-policies';
import { SearchClient } from './infrastructure/search/search-client';
import { StripeConnect } from './infrastructure/stripe/stripe-connect';
import { TenantClient } from './infrastructure/tenant/tenant-client';
import { exposeGauges } from './infrastructure/telemetry/exposed-gauges';
import { measuredStatusFeed } from './infrastructure/telemetry/measured-status-feed';
import { countPublished } from './infrastructure/telemetry/published-events';
import type { ServiceMetrics } from './infrastructure/telemetry/service-metrics';
import { workOf } from './work';

/** One replica, wired but not yet at work. */
export interface Marketplace {
  readonly application: ApplicationCore;
  readonly listings: ListingUseCases;
  /** Consumers, timers, relay. */
  startWork(): void;
  /** Fetches no further events and looks for no further due work; calls that requests in hand arm are still made. */
  stopTaking(): Promise<void>;
  /** Stops taking, finishes what is in hand, hands leases back, closes connections. */
  stop(): Promise<void>;
}

/** What a replica has around it. */
export interface Surroundings {
  readonly metrics: ServiceMetrics;
  /** Closes the connections that the replica was given. */
  readonly disconnect: () => Promise<void>;
}

/** The only place where parts are put together. */
export function compose(config: Config, logger: Logger, { database, nats, redis }: Connections, { metrics, disconnect }: Surroundings): Marketplace {
  const codec = createEventCodec();
  const unitOfWork = new PostgresUnitOfWork(database.api, database.worker);
  const source = new PostgresOutboxSource(unitOfWork, randomUUID(), { outboxDays: config.OUTBOX_KEEP_DAYS, inboxDays: config.INBOX_KEEP_DAYS });
  const relay = new Relay({ connection: nats, source, codec, logger, onPublished: (event) => { countPublished(metrics, event); } });
  const notices = new NatsOrderStatusNotices(nats);
  const core: Core = { config, logger, unitOfWork, nats, codec, outbox: new PostgresOutbox(codec, (events) => { relay.wake(); notices.tell(events); }), books: booksOf(config), ...POSTGRES };

  const ending: SubscriptionEnding = new SubscriptionEnding(core.stores.subscriptions, () => renewals.engine);
  const refunds = composeRefunds(core, ending);
  const { engine, runner } = composePurchases(core, refunds.unasked);
  const renewals = composeRenewals({ ...core, unitOfWork: new PostgresUnitOfWork(database.api, database.renewals) }, refunds.unasked);
  const licenseNotices = new NatsLicenseNotices(nats, codec);
  const licenseSchedule = composeLicenseSchedule(core);
  const subjectRequests = composeSubjectRequests(core, engine, ending);
  const { consumers, intakes } = composeConsumers(core, { purchases: engine, renewals: renewals.engine, refunds: refunds.engine }, licenseNotices);
  const payouts = composePayouts(core);
  const namespace = redisNamespace(config);
  const answers = redis ? new RedisIdempotencyAnswers(redis, namespace) : NO_ANSWERS;
  const tenants = new TenantClient(config.TENANT_URL);
  const policies = redis ? new RememberedPolicies(tenants, redis, namespace) : tenants;
  const { readers, stores, outbox, books } = core;
  const readsAtOnce = Math.ceil(config.DATABASE_POOL_API / 4);
  const orderStatus = new OrderStatusWatch(unitOfWork, readers.orders, notices, { readsAtOnce });
  exposeGauges(metrics, { backlog: new BacklogReader(unitOfWork), nats, streams: CONSUMED_STREAMS, pools: { ...database }, subscribers: () => orderStatus.size });
  const working = config.ROLES.includes('worker');
  const schedules = [
    new Polling({ what: 'due licences and seats', look: () => licenseSchedule.work(), pollMs: config.LICENSE_POLL_MS, logger }),
    new Polling({ what: 'due batches of payouts', look: () => payouts.schedule.work(), pollMs: config.PAYOUT_POLL_MS, logger }),
    new Polling({ what: 'due subscriptions', look: async () => (await renewals.schedule.work()) > 0 || renewals.runner.room <= 0, pollMs: config.RENEWAL_POLL_MS, soonMs: 50, logger }),
    new Polling({ what: 'due requests about persons', look: () => subjectRequests.work().then(() => false), pollMs: config.SUBJECT_REQUEST_POLL_MS, logger }),
  ];
  const work = workOf({ nats, logger }, { relay, runners: [runner, refunds.runner, payouts.runner, renewals.runner], schedules, consumers });
  return {
    application: {
      orders: orderUseCases({ unitOfWork, readers, ...stores, sales: books, policies, outbox, purchases: engine, answers }),
      refunds: refundUseCases({ unitOfWork, readers, orders: stores.orders, payments: stores.payments, refunds: core.refunds, purchases: engine, renewals: renewals.engine, engine: refunds.engine }),
      subscriptions: subscriptionUseCases({ unitOfWork, readers, subscriptions: stores.subscriptions, engine: renewals.engine }),
      operators: operatorUseCases({
        unitOfWork, sagas: readers.sagas, engines: { purchase: engine, refund: refunds.engine, payout: payouts.engine, renewal: renewals.engine }, deadLetters: readers.deadLetters, intakes, codec,
        audit: new PostgresAuditLog(), logger, isLasting, isOutage,
      }),
      payouts: payouts.useCases,
      coupons: couponUseCases({ unitOfWork, readers, coupons: stores.coupons }),
      storefronts: storefrontUseCases({ unitOfWork, readers, storefronts: core.storefronts }),
      searchListings: searchListings({ service: config.SEARCH_URL ? new SearchClient(config.SEARCH_URL) : null, own: new FullTextSearch(unitOfWork), logger }),
      readers, unitOfWork, orderStatus: measuredStatusFeed(orderStatus, (ageMs) => { metrics.statusDelivered(ageMs); }),
      licenses: licenseUseCases({ unitOfWork, seats: stores.seats, outbox, readers, ending }),
      licenseFeed: new LicenseWatch(unitOfWork, readers.licenses, licenseNotices, { readsAtOnce }),
    },
    listings: composeListings(core),
    startWork: () => { if (working) work.start(); },
    stopTaking: () => work.stopTaking(),
    async stop() {
      notices.stop();
      licenseNotices.stop();
      await work.stop();
      await disconnect();
    },
  };
}

/** Streams of others with a durable consumer of ours. */
const CONSUMED_STREAMS = ['BILLING', 'ENROLLMENT', 'CONTENT', 'CATALOG', 'GDPR'] as const;

const DAY_MS = 24 * 60 * 60 * 1_000;
const REFUNDS = new PostgresRefundStore();
const SUBSCRIPTIONS = new PostgresSubscriptionStore();

/** Stores and readers: they keep nothing of their own, every call brings its transaction. */
const POSTGRES = {
  stores: {
    orders: new PostgresOrderStore(), licenses: new PostgresLicenseStore(), payments: new PostgresPaymentStore(), coupons: new PostgresCouponStore(),
    spend: new PostgresPurchaseSpend(), seats: new PostgresSeatStore(), subscriptions: SUBSCRIPTIONS,
  },
  readers: {
    listings: new PostgresListingReader(), plans: new PostgresPlanReader(), orders: new PostgresOrderReader(),
    licenses: new PostgresLicenseReader(), coupons: new PostgresCouponReader(), sagas: new PostgresSagaReader(), earnings: new PostgresEarningsReader(),
    refunds: REFUNDS, deadLetters: new PostgresDeadLetters(), payouts: new PostgresPayoutReader(),
    storefronts: new PostgresStorefrontReader(),
    subscriptions: new PostgresSubscriptionReader(), trials: SUBSCRIPTIONS,
  },
  courseVersions: new PostgresCourseVersions(),
  subjectRequests: new PostgresSubjectRequests(),
  refunds: REFUNDS,
  storefronts: new PostgresStorefrontStore(),
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

function composeRefunds({ config, logger, unitOfWork, outbox, stores, refunds, books: earnings }: Core, ending: SubscriptionEnding) {
  const parts = { orders: stores.orders, payments: stores.payments, refunds, earnings, ending };
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

function composePayouts({ config, logger, unitOfWork, outbox }: Core) {
  const stripe = new StripeConnect({ secretKey: config.STRIPE_SECRET_KEY, apiBase: config.STRIPE_API_BASE });
  const [payouts, batches] = [new PostgresPayoutStore(), new PostgresPayoutBatches()];
  const host = new PayoutHost({ payouts, transfers: stripe });
  const store = new PostgresSagaStore<PayoutProtocol>();
  const engine: SagaEngine<PayoutProtocol> = new SagaEngine({
    definitions: [payoutSaga], host, store, outbox, logger, isLasting, onCallArmed: (saga, lease) => { runner.perform(saga, lease); },
  });
  const runner = new SagaRunner({ engine, host, store, unitOfWork, logger, isLasting, pollMs: config.SAGA_POLL_MS, concurrency: config.STRIPE_CONCURRENCY });
  const terms = {
    minimumMinor: (currency: string) => config.PAYOUT_MINIMUMS_MINOR.get(currency) ?? config.PAYOUT_MINIMUM_MINOR,
    holdMs: config.PAYOUT_HOLD_DAYS * DAY_MS, dayOfMonth: config.PAYOUT_DAY_OF_MONTH === 0 ? null : config.PAYOUT_DAY_OF_MONTH,
  };
  const payProvider = new PayProvider({
    unitOfWork, payouts, outbox, engine, accounts: stripe, tenants: new TenantClient(config.TENANT_URL), rates: new FxClient(config.FX_URL), terms,
  });
  const run = new PayoutRun({ unitOfWork, payouts, batches, payProvider, logger });
  const schedule = new PayoutSchedule({ unitOfWork, batches, run, terms });
  return {
    engine, runner, schedule,
    useCases: payoutUseCases({ unitOfWork, payouts, batches, run, accounts: stripe, terms }),
  };
}

/** Their own connections, and their own share of what is asked of billing at once. */
function composeRenewals({ config, logger, unitOfWork, outbox, stores, books }: Core, unasked: UnaskedRefunds) {
  const host = new RenewalHost({ ...stores, earnings: books, unasked, unitOfWork, billing: new HttpBilling(config.BILLING_URL) });
  const store = new PostgresSagaStore<RenewalProtocol>();
  const engine: SagaEngine<RenewalProtocol> = new SagaEngine({
    definitions: [renewalSaga], host, store, outbox, logger, isLasting, onCallArmed: (saga, lease) => { runner.perform(saga, lease); },
  });
  const runner = new SagaRunner({ engine, host, store, unitOfWork, logger, isLasting, pollMs: config.SAGA_POLL_MS, concurrency: config.RENEWAL_CONCURRENCY });
  const schedule = new SubscriptionSchedule({
    ...stores, unitOfWork, sales: books, outbox, engine, room: () => runner.room, logger, isOutage,
    dunning: { retryDays: config.DUNNING_RETRY_DAYS, graceDays: config.GRACE_DAYS, suspensionDays: config.SUSPENSION_DAYS },
  });
  return { engine, runner, schedule };
}

function composeLicenseSchedule({ config, unitOfWork, outbox, stores }: Core): LicenseSchedule {
  return new LicenseSchedule({
    unitOfWork, seats: stores.seats, licenses: stores.licenses, outbox, expiringAheadMs: config.LICENSE_EXPIRING_DAYS * DAY_MS,
  });
}

function composeSubjectRequests({ logger, unitOfWork, outbox, stores, subjectRequests }: Core, purchases: SagaEngine<PurchaseProtocol>, ending: SubscriptionEnding): SubjectRequests {
  return new SubjectRequests({
    unitOfWork, purchases, requests: subjectRequests, records: new PostgresSubjectRecords(), seats: stores.seats, ending, outbox, logger,
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
  readonly renewals: SagaEngine<RenewalProtocol>;
  readonly refunds: SagaEngine<RefundProtocol>;
}

function composeConsumers({ logger, unitOfWork, nats, codec, outbox, stores, courseVersions, subjectRequests }: Core, { purchases, renewals, refunds }: Engines, notices: NatsLicenseNotices): { readonly consumers: StreamConsumer[]; readonly intakes: ReadonlyMap<string, Intake> } {
  const intakes = new Map<string, Intake>();
  const consume = (stream: (typeof CONSUMED_STREAMS)[number], filter: string, commit: CommitName, handlers: EventHandlers): StreamConsumer => {
    const consumer = `marketplace-${stream.toLowerCase()}`;
    const intake = new Intake({ consumer, commit, handlers, unitOfWork, inbox: new PostgresInbox(), logger, isOutage });
    intakes.set(consumer, intake);
    return new StreamConsumer({ connection: nats, stream, filter, types: new Set(Object.keys(handlers)), intake, codec, logger });
  };
  const consumers = [
    consume('BILLING', 'billing.payment.>', 'consume.billing', billingEventHandlers({ purchases, renewals, refunds }, stores.payments)),
    consume('ENROLLMENT', 'enrollment.>', 'consume.enrollment', enrollmentEventHandlers({ purchases, licenses: stores.licenses, outbox, onSeatsChanged: (ids) => { notices.seatsChanged(ids); } })),
    consume('CONTENT', 'content.play_package.>', 'consume.content', { 'content.play_package.built.v1': takeInContentEvents({ courseVersions }) }),
    consume('CATALOG', 'catalog.course_version.>', 'consume.catalog', { 'catalog.course_version.published.v1': takeInCatalogEvents({ courseVersions }) }),
    consume('GDPR', 'gdpr.subject_request.>', 'consume.gdpr', gdprEventHandlers({ requests: subjectRequests })),
  ];
  return { consumers, intakes };
}
