import type { Coupon, OfferedCoupon } from '../../domain/coupon/coupon';
import type { CouponId, CourseId, CourseVersionId, LicenseId, ListingId, OrderId, PricingPlanId, SagaId, SeatId, SubscriptionId, TenantId, UserId } from '../../domain/ids';
import type { License, LicenseState, Seat, SeatState, SeatUsage } from '../../domain/license/license';
import type { CourseVersion, Listing, ListingStatus, ListingTransition } from '../../domain/listing/listing';
import type { Order, OrderLine, OrderTransition, Payment, Refund } from '../../domain/order/order';
import type { OrderStatus } from '../../domain/order/order-status';
import type { CurrencyCode } from '../../domain/money';
import type { PlanKind, PlanRevision, PricingPlan } from '../../domain/pricing/plan';
import type { Subscription } from '../../domain/subscription/subscription';
import type { SagaSnapshot, SagaTransitionRecord } from '../saga/records';
import type { Page, PageRequest } from './page';
import type { Tx } from './unit-of-work';

/*
 * Reads for the graph, all batched: each takes many ids and is one statement. What the transaction's actor may not
 * see is not found; row level security decides, the filters only narrow.
 */

export interface ListingFilter {
  readonly courseIds?: readonly CourseId[];
  readonly providerTenantId?: TenantId;
  readonly statuses?: readonly ListingStatus[];
  /** All of them, in lower case. */
  readonly tags?: readonly string[];
  readonly featured?: boolean;
  /** Has an active plan with all of this at once. */
  readonly plan?: PlanFilter;
  /** What a search found, best first. */
  readonly hits?: readonly ListingId[];
  /** Words to be found by the database, among what the caller may see. */
  readonly words?: string;
}
export interface PlanFilter {
  readonly kinds?: readonly PlanKind[];
  readonly currency?: CurrencyCode;
  /** In the currency, for one seat, as {@link lowestPrice} counts. */
  readonly maxMinor?: bigint;
}
/** RELEVANCE: in the order of `hits`. Prices are those of `lowestPrice` in the currency of `plan`, which is needed. */
export type ListingSort = 'RELEVANCE' | 'NEWEST' | 'PRICE_ASC' | 'PRICE_DESC' | 'TITLE';

export interface ListingReader {
  byIds(tx: Tx, ids: readonly ListingId[]): Promise<Listing[]>;
  /** NEWEST by default: by `liveAt` where only live listings are asked for, and by `createdAt` otherwise. */
  page(tx: Tx, filter: ListingFilter, page: PageRequest, sort?: ListingSort): Promise<Page<Listing>>;
  count(tx: Tx, filter: ListingFilter): Promise<number>;
  /** The live listings of each course, newest first, `page.first` of each; where given, `only` those. */
  livePagesOfCourses(tx: Tx, ids: readonly CourseId[], page: PageRequest, only?: readonly ListingId[]): Promise<Map<CourseId, Page<Listing>>>;
  liveCountsOfCourses(tx: Tx, ids: readonly CourseId[], only?: readonly ListingId[]): Promise<Map<CourseId, number>>;
  transitions(tx: Tx, ids: readonly ListingId[]): Promise<ListingTransition[]>;
  courseVersions(tx: Tx, ids: readonly CourseVersionId[]): Promise<CourseVersion[]>;
}

export interface PlanReader {
  byIds(tx: Tx, ids: readonly PricingPlanId[]): Promise<PricingPlan[]>;
  /** Oldest first. */
  ofListings(tx: Tx, ids: readonly ListingId[]): Promise<PricingPlan[]>;
  revisions(tx: Tx, ids: readonly PricingPlanId[]): Promise<PlanRevision[]>;
}

export interface OrderFilter {
  readonly statuses?: readonly OrderStatus[];
  readonly placedAfter?: Date;
  readonly placedBefore?: Date;
  readonly listingId?: ListingId;
  readonly number?: string;
  readonly purchaseReference?: string;
  readonly buyerId?: UserId;
  readonly tenantId?: TenantId;
  /** Its first order and its renewals. */
  readonly subscriptionId?: SubscriptionId;
}
export interface OrderReader {
  byIds(tx: Tx, ids: readonly OrderId[]): Promise<Order[]>;
  page(tx: Tx, filter: OrderFilter, page: PageRequest): Promise<Page<Order>>;
  count(tx: Tx, filter: OrderFilter): Promise<number>;
  lines(tx: Tx, ids: readonly OrderId[]): Promise<OrderLine[]>;
  payments(tx: Tx, ids: readonly OrderId[]): Promise<Payment[]>;
  refunds(tx: Tx, ids: readonly OrderId[]): Promise<Refund[]>;
  /** The present version of each. */
  versions(tx: Tx, ids: readonly OrderId[]): Promise<ReadonlyMap<OrderId, number>>;
  /** The order's status, and its changes with a version above `afterVersion` in order; null: since the one before the present. Null where there is no such order for the caller. */
  statusSince(tx: Tx, id: OrderId, afterVersion: number | null): Promise<{ readonly status: OrderStatus; readonly after: number; readonly changes: readonly OrderTransition[] } | null>;
  /** The purchase saga of each order, for its progress. */
  sagas(tx: Tx, ids: readonly OrderId[]): Promise<{ readonly saga: SagaSnapshot; readonly transitions: readonly SagaTransitionRecord[] }[]>;
}

export interface CouponFilter {
  /** Without regard to case. */
  readonly code?: string;
}
export interface CouponReader {
  byIds(tx: Tx, ids: readonly CouponId[]): Promise<Coupon[]>;
  /** Newest first. */
  page(tx: Tx, filter: CouponFilter, page: PageRequest): Promise<Page<Coupon>>;
  count(tx: Tx, filter: CouponFilter): Promise<number>;
  /** The coupon with this code as it stands for the caller, whoever gave it. */
  offered(tx: Tx, code: string): Promise<OfferedCoupon | null>;
}

export interface LicenseFilter {
  readonly states?: readonly LicenseState[];
  readonly courseId?: CourseId;
  readonly learnerId?: UserId;
}
export interface SeatFilter {
  readonly states?: readonly SeatState[];
  readonly learnerId?: UserId;
}
export interface LicenseReader {
  byIds(tx: Tx, ids: readonly LicenseId[]): Promise<License[]>;
  ofOrders(tx: Tx, ids: readonly OrderId[]): Promise<License[]>;
  page(tx: Tx, filter: LicenseFilter, page: PageRequest): Promise<Page<License>>;
  count(tx: Tx, filter: LicenseFilter): Promise<number>;
  usage(tx: Tx, ids: readonly LicenseId[]): Promise<Map<LicenseId, SeatUsage>>;
  seatsByIds(tx: Tx, ids: readonly SeatId[]): Promise<Seat[]>;
  seatPage(tx: Tx, licenseId: LicenseId, filter: SeatFilter, page: PageRequest): Promise<Page<Seat>>;
  seatCount(tx: Tx, licenseId: LicenseId, filter: SeatFilter): Promise<number>;
  /** The learner's active licence of each course, if any: of the seat that is theirs. */
  activeOfLearner(tx: Tx, learnerId: UserId, ids: readonly CourseId[]): Promise<Map<CourseId, License>>;
}

export interface SubscriptionReader {
  byIds(tx: Tx, ids: readonly SubscriptionId[]): Promise<Subscription[]>;
  ofLicenses(tx: Tx, ids: readonly LicenseId[]): Promise<Subscription[]>;
  /** Newest first. */
  page(tx: Tx, page: PageRequest): Promise<Page<Subscription>>;
  count(tx: Tx): Promise<number>;
}

export interface SagaFilter {
  readonly states?: readonly SagaSnapshot['state'][];
  readonly step?: string;
  readonly overdueOnly?: boolean;
}
export interface SagaReader {
  byIds(tx: Tx, ids: readonly SagaId[]): Promise<SagaSnapshot[]>;
  page(tx: Tx, filter: SagaFilter, page: PageRequest): Promise<Page<SagaSnapshot>>;
  count(tx: Tx, filter: SagaFilter): Promise<number>;
  transitions(tx: Tx, ids: readonly SagaId[]): Promise<SagaTransitionRecord[]>;
}
