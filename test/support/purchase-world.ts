import { Pool } from 'pg';
import type { QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { purchaseSaga } from '../../sagas/purchase.saga';
import { refundSaga } from '../../sagas/refund.saga';
import { renewalSaga } from '../../sagas/renewal.saga';
import type { OrderUseCases, RefundUseCases } from '../../src/application/application';
import { billingEventHandlers } from '../../src/application/consumers/billing-events';
import { enrollmentEventHandlers } from '../../src/application/consumers/enrollment-events';
import { gdprEventHandlers } from '../../src/application/consumers/gdpr-events';
import { Intake } from '../../src/application/consumers/intake';
import type { IntakeParts } from '../../src/application/consumers/intake';
import { couponUseCases } from '../../src/application/coupon';
import type { CouponUseCases } from '../../src/application/coupon';
import { SubjectRequests } from '../../src/application/gdpr/subject-requests';
import { listingUseCases } from '../../src/application/listing';
import type { ListingUseCases } from '../../src/application/listing';
import { licenseUseCases } from '../../src/application/license';
import type { LicenseUseCases } from '../../src/application/license';
import { LicenseSchedule } from '../../src/application/license/license-schedule';
import { orderUseCases } from '../../src/application/order';
import { RevenueBooks } from '../../src/application/ledger/revenue-books';
import { PurchaseHost } from '../../src/application/order/purchase-host';
import type { PurchaseProtocol } from '../../src/application/order/purchase-protocol';
import type { TenantPolicies } from '../../src/application/ports/tenant-policies';
import type { Logger } from '../../src/application/ports/logger';
import type { Earnings } from '../../src/application/ports/earnings';
import { refundUseCases } from '../../src/application/refund';
import { RefundBooks } from '../../src/application/refund/refund-books';
import { RefundHost } from '../../src/application/refund/refund-host';
import type { RefundProtocol } from '../../src/application/refund/refund-protocol';
import { UnaskedRefunds } from '../../src/application/refund/unasked-refunds';
import { SagaEngine } from '../../src/application/saga/engine';
import { SagaRunner } from '../../src/application/saga/runner';
import { subscriptionUseCases } from '../../src/application/subscription';
import type { SubscriptionUseCases } from '../../src/application/subscription';
import { RenewalHost } from '../../src/application/subscription/renewal-host';
import type { RenewalProtocol } from '../../src/application/subscription/renewal-protocol';
import { SubscriptionEnding } from '../../src/application/subscription/subscription-ending';
import { SubscriptionSchedule } from '../../src/application/subscription/subscription-schedule';
import { EVERYTHING_ALLOWED } from '../../src/domain/pricing/purchase-policy';
import { createEventCodec } from '../../src/infrastructure/nats/envelope';
import { createDataSource } from '../../src/infrastructure/postgres/data-source';
import { isLasting, isOutage } from '../../src/infrastructure/postgres/errors';
import { PostgresCouponReader } from '../../src/infrastructure/postgres/coupon-reader';
import { PostgresCouponStore } from '../../src/infrastructure/postgres/coupon-store';
import { PostgresPurchaseSpend } from '../../src/infrastructure/postgres/purchase-spend';
import { PostgresInbox } from '../../src/infrastructure/postgres/inbox';
import { PostgresLedgerStore } from '../../src/infrastructure/postgres/ledger-store';
import { PostgresLicenseStore } from '../../src/infrastructure/postgres/license-store';
import { PostgresCourseVersions } from '../../src/infrastructure/postgres/course-version-repository';
import { PostgresListings } from '../../src/infrastructure/postgres/listing-repository';
import { PostgresPlans } from '../../src/infrastructure/postgres/plan-repository';
import { PostgresListingReader } from '../../src/infrastructure/postgres/listing-reader';
import { PostgresOrderReader } from '../../src/infrastructure/postgres/order-reader';
import { PostgresOrderStore } from '../../src/infrastructure/postgres/order-store';
import { PostgresOutbox } from '../../src/infrastructure/postgres/outbox';
import { PostgresPaymentStore } from '../../src/infrastructure/postgres/payment-store';
import { PostgresPlanReader } from '../../src/infrastructure/postgres/plan-reader';
import { PostgresRefundStore } from '../../src/infrastructure/postgres/refund-store';
import { PostgresSagaStore } from '../../src/infrastructure/postgres/saga-store';
import { PostgresStorefrontReader } from '../../src/infrastructure/postgres/storefront-reader';
import { PostgresSeatStore } from '../../src/infrastructure/postgres/seat-store';
import { PostgresSubjectRecords } from '../../src/infrastructure/postgres/subject-records';
import { PostgresSubjectRequests } from '../../src/infrastructure/postgres/subject-request-store';
import { PostgresSubscriptionReader } from '../../src/infrastructure/postgres/subscription-reader';
import { PostgresSubscriptionStore } from '../../src/infrastructure/postgres/subscription-store';
import { PostgresUnitOfWork } from '../../src/infrastructure/postgres/unit-of-work';
import { NO_ANSWERS } from '../../src/infrastructure/redis/idempotency-answers';
import { createTestDatabase } from './database';
import { PlayedNeighbours } from './listing-world';
import { putOnSale } from './offers';
import type { Offer, OfferDetails } from './offers';
import { ScriptedBilling } from './scripted-billing';

export const SILENT: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const codec = createEventCodec();
const NO_POLICIES: TenantPolicies = { of: () => Promise.resolve(EVERYTHING_ALLOWED) };

export interface PurchaseWorldOptions {
  /** Compositions over the one database, as several replicas would be. Default 1. */
  readonly replicas?: number;
  /** Whether armed calls are made and due timers found. Default true. */
  readonly working?: boolean;
  /** Called after a commit that left events in the outbox. */
  readonly onEvents?: () => void;
  /** Hears what requests about persons have to say. Default: nobody. */
  readonly logger?: Logger;
  /** What tenant-service says. Default: everybody may buy everything. */
  readonly policies?: TenantPolicies;
}

/** What one replica is made of, put together as `composition.ts` does, without the streams. */
export interface PurchaseReplica {
  readonly orders: OrderUseCases;
  readonly listings: ListingUseCases;
  readonly coupons: CouponUseCases;
  readonly refunds: RefundUseCases;
  readonly subscriptions: SubscriptionUseCases;
  /** Does what is due when it is told to; it does not look by itself. */
  readonly subscriptionSchedule: SubscriptionSchedule;
  readonly readers: { readonly coupons: PostgresCouponReader };
  readonly licenses: LicenseUseCases;
  /** Does what is due when it is told to; it does not look by itself. */
  readonly licenseSchedule: LicenseSchedule;
  readonly unitOfWork: PostgresUnitOfWork;
  readonly store: PostgresSagaStore<PurchaseProtocol>;
  readonly outbox: PostgresOutbox;
  readonly engine: SagaEngine<PurchaseProtocol>;
  readonly books: RevenueBooks;
  readonly billing: Intake;
  readonly enrollment: Intake;
  readonly gdpr: Intake;
  /** Looks at what is due when it is told to. */
  readonly subjectRequests: SubjectRequests;
  /** An intake with handlers of the test's own. */
  intake(parts: Pick<IntakeParts, 'consumer' | 'handlers'> & Partial<IntakeParts>): Intake;
  stop(): Promise<void>;
}

/** Purchases on a database of their own, with billing played in memory. */
export interface PurchaseWorld {
  readonly replicas: readonly PurchaseReplica[];
  /** The first replica. */
  readonly replica: PurchaseReplica;
  readonly playedBilling: ScriptedBilling;
  readonly databaseUrl: string;
  offer(details?: OfferDetails): Promise<Offer>;
  /** Past row level security, as the superuser. */
  sql<R extends QueryResultRow = QueryResultRow>(text: string, values?: readonly unknown[]): Promise<R[]>;
  shiftClock(ms: number): Promise<void>;
  close(): Promise<void>;
}

export async function openPurchaseWorld({ replicas: count = 1, working = true, onEvents = () => undefined, policies = NO_POLICIES, logger = SILENT }: PurchaseWorldOptions = {}): Promise<PurchaseWorld> {
  const database = await createTestDatabase();
  const superuser = new Pool({ connectionString: database.url, max: 4 });
  superuser.on('error', () => undefined); // a connection that the dropped database cuts is no failure of a test
  const playedBilling = new ScriptedBilling();
  const replicas = await Promise.all(Array.from({ length: count }, () => openReplica(database.url, { playedBilling, working, onEvents, policies, logger })));
  const sql: PurchaseWorld['sql'] = async (text, values = []) => (await superuser.query(text, [...values])).rows;
  return {
    replicas, playedBilling, sql,
    replica: replicas[0]!,
    databaseUrl: database.url,
    offer: (details) => putOnSale(sql, details),
    shiftClock: async (ms) => void (await sql('update marketplace.clock_offset set ms = ms + $1', [ms])),
    async close() {
      await Promise.all(replicas.map((replica) => replica.stop()));
      await superuser.end();
      await database.drop();
    },
  };
}

interface Surroundings extends Required<Omit<PurchaseWorldOptions, 'replicas'>> {
  readonly playedBilling: ScriptedBilling;
}

async function openReplica(url: string, { playedBilling, working, onEvents, policies, logger }: Surroundings): Promise<PurchaseReplica> {
  const api = await createDataSource({ url, role: 'marketplace_api', poolSize: 6 }).initialize();
  const worker = await createDataSource({ url, role: 'marketplace_worker', poolSize: 6 }).initialize();
  const unitOfWork = new PostgresUnitOfWork(api, worker);
  const outbox = new PostgresOutbox(codec, onEvents);
  const stores = { orders: new PostgresOrderStore(), licenses: new PostgresLicenseStore(), payments: new PostgresPaymentStore(), coupons: new PostgresCouponStore(), spend: new PostgresPurchaseSpend(), subscriptions: SUBSCRIPTIONS };
  const books = new RevenueBooks(new PostgresLedgerStore(), { feeBasisPoints: 1_500 });
  const ending: SubscriptionEnding = new SubscriptionEnding(SUBSCRIPTIONS, () => renewing.engine);
  const refunding = openRefunds({ ...stores, earnings: books, ending }, { unitOfWork, outbox, playedBilling, working });
  const renewing = openRenewals({ ...stores, books, unasked: refunding.unasked }, { unitOfWork, outbox, playedBilling, working }, logger);
  const host = new PurchaseHost({ ...stores, earnings: books, unasked: refunding.unasked, unitOfWork, billing: playedBilling });
  const store = new PostgresSagaStore<PurchaseProtocol>();
  const engine: SagaEngine<PurchaseProtocol> = new SagaEngine({
    definitions: [purchaseSaga], host, store, outbox, logger: SILENT, isLasting,
    onCallArmed: (saga, lease) => { if (working) runner.perform(saga, lease); },
  });
  const runner = new SagaRunner({ engine, host, store, unitOfWork, isLasting, logger: SILENT, pollMs: 50, concurrency: 8 });
  if (working) { runner.start(); refunding.runner.start(); renewing.runner.start(); }
  const readers = { listings: new PostgresListingReader(), plans: new PostgresPlanReader(), coupons: new PostgresCouponReader(), storefronts: new PostgresStorefrontReader(), trials: SUBSCRIPTIONS };
  const intake: PurchaseReplica['intake'] = (parts) => new Intake({ commit: 'consume.billing', unitOfWork, inbox: new PostgresInbox(), logger: SILENT, isOutage, ...parts });
  return {
    unitOfWork, store, outbox, engine, books, intake,
    listings: listingUseCases({
      unitOfWork, outbox, readers, listings: new PostgresListings(), plans: new PostgresPlans(), courseVersions: new PostgresCourseVersions(),
      catalog: NEIGHBOURS, tenants: NEIGHBOURS, defaultRefundWindowDays: 14,
    }),
    licenses: licenseUseCases({ unitOfWork, seats: new PostgresSeatStore(), outbox, readers, ending }),
    licenseSchedule: new LicenseSchedule({ unitOfWork, seats: new PostgresSeatStore(), licenses: stores.licenses, outbox, expiringAheadMs: 14 * 86_400_000 }),
    orders: orderUseCases({ unitOfWork, readers, ...stores, sales: books, policies, outbox, purchases: engine, answers: NO_ANSWERS }),
    refunds: refundUseCases({
      unitOfWork, readers: { orders: new PostgresOrderReader() }, orders: stores.orders, payments: stores.payments, refunds: REFUNDS, purchases: engine, renewals: renewing.engine, engine: refunding.engine,
    }),
    subscriptions: subscriptionUseCases({ unitOfWork, readers: { subscriptions: new PostgresSubscriptionReader() }, subscriptions: SUBSCRIPTIONS, engine: renewing.engine }),
    subscriptionSchedule: renewing.schedule,
    coupons: couponUseCases({ unitOfWork, readers, coupons: stores.coupons }),
    readers,
    billing: intake({ consumer: 'marketplace-billing', handlers: billingEventHandlers({ purchases: engine, renewals: renewing.engine, refunds: refunding.engine }, stores.payments) }),
    enrollment: intake({ consumer: 'marketplace-enrollment', handlers: enrollmentEventHandlers({ purchases: engine, licenses: stores.licenses, outbox }) }),
    gdpr: intake({ consumer: 'marketplace-gdpr', commit: 'consume.gdpr', handlers: gdprEventHandlers({ requests: new PostgresSubjectRequests() }) }),
    subjectRequests: new SubjectRequests({
      unitOfWork, purchases: engine, requests: new PostgresSubjectRequests(), records: new PostgresSubjectRecords(), seats: new PostgresSeatStore(), ending, outbox, logger,
    }),
    stop: () => stopReplica([runner, refunding.runner, renewing.runner], [api, worker]),
  };
}

const REFUNDS = new PostgresRefundStore();
const NEIGHBOURS = new PlayedNeighbours();
const SUBSCRIPTIONS = new PostgresSubscriptionStore();
interface Engines {
  readonly unitOfWork: PostgresUnitOfWork;
  readonly outbox: PostgresOutbox;
  readonly playedBilling: ScriptedBilling;
  readonly working: boolean;
}

function openRefunds(stores: { readonly orders: PostgresOrderStore; readonly payments: PostgresPaymentStore; readonly earnings: Earnings; readonly ending: SubscriptionEnding }, { unitOfWork, outbox, playedBilling, working }: Engines) {
  const parts = { ...stores, refunds: REFUNDS };
  const books = new RefundBooks(parts);
  const host = new RefundHost({ ...parts, books, billing: playedBilling });
  const store = new PostgresSagaStore<RefundProtocol>();
  const engine: SagaEngine<RefundProtocol> = new SagaEngine({
    definitions: [refundSaga], host, store, outbox, logger: SILENT, isLasting, onCallArmed: (saga, lease) => { if (working) runner.perform(saga, lease); },
  });
  const runner = new SagaRunner({ engine, host, store, unitOfWork, isLasting, logger: SILENT, pollMs: 50, concurrency: 8 });
  return { engine, runner, unasked: new UnaskedRefunds({ ...parts, books, engine }) };
}

interface RenewalParts {
  readonly orders: PostgresOrderStore;
  readonly payments: PostgresPaymentStore;
  readonly subscriptions: PostgresSubscriptionStore;
  readonly books: RevenueBooks;
  readonly unasked: UnaskedRefunds;
}

function openRenewals({ books, ...stores }: RenewalParts, { unitOfWork, outbox, playedBilling, working }: Engines, logger: Logger) {
  const host = new RenewalHost({ ...stores, earnings: books, unitOfWork, billing: playedBilling });
  const store = new PostgresSagaStore<RenewalProtocol>();
  const engine: SagaEngine<RenewalProtocol> = new SagaEngine({
    definitions: [renewalSaga], host, store, outbox, logger: SILENT, isLasting, onCallArmed: (saga, lease) => { if (working) runner.perform(saga, lease); },
  });
  const runner = new SagaRunner({ engine, host, store, unitOfWork, isLasting, logger: SILENT, pollMs: 50, concurrency: 8 });
  const schedule = new SubscriptionSchedule({
    ...stores, unitOfWork, sales: books, outbox, engine, room: () => 8, logger, isOutage, dunning: { retryDays: [1, 3, 5, 7], graceDays: 7, suspensionDays: 14 },
  });
  return { engine, runner, schedule };
}

async function stopReplica(runners: readonly { stop(): Promise<void> }[], sources: readonly DataSource[]): Promise<void> {
  for (const runner of runners) await runner.stop();
  for (const source of sources) await source.destroy();
}

/** A key that no other order has. */
export function aKey(): string {
  return `key-${v7()}`;
}
