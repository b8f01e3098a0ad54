import type { LicenseId, ListingId, OrderId, OrderLineId, SubscriptionId, TenantId, UserId } from '../../domain/ids';
import type { License, LicenseState } from '../../domain/license/license';
import type { OrderLine } from '../../domain/order/order';
import type { Subscription } from '../../domain/subscription/subscription';
import type { Tx } from './unit-of-work';

export interface PaidPeriod {
  readonly period: number;
  readonly orderId: OrderId;
  readonly lineId: OrderLineId;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** A subscription and the period of it that an order pays for. */
export interface SubscriptionOfOrder {
  readonly subscription: Subscription;
  readonly paid: PaidPeriod;
}

export interface LicenseChange {
  readonly state: LicenseState;
  readonly validUntil?: Date;
}

/** Subscriptions and their periods. Locked after the order and before the licence. */
export interface SubscriptionStore {
  /** One for each of the fulfilled order's lines, with its first period, as its licence has it. */
  start(tx: Tx, orderId: OrderId, lines: readonly OrderLine[]): Promise<readonly Subscription[]>;
  /** Of these listings, those that the buyer has had a trial of, or has an order for one under way. */
  trialsUsed(tx: Tx, buyer: { readonly tenantId: TenantId; readonly userId: UserId }, listingIds: readonly ListingId[]): Promise<ReadonlySet<ListingId>>;
  /** False: another order was faster. */
  reserveTrials(tx: Tx, orderId: OrderId, buyer: { readonly tenantId: TenantId; readonly userId: UserId }, listingIds: readonly ListingId[]): Promise<boolean>;
  releaseTrials(tx: Tx, orderId: OrderId): Promise<void>;
  /** Those whose period has ended, locked, longest due first; what other replicas work on is passed over, and what waits for a refund. */
  lockDue(tx: Tx, limit: number, except: readonly SubscriptionId[]): Promise<readonly Subscription[]>;
  lock(tx: Tx, id: SubscriptionId): Promise<Subscription | null>;
  /** Those that the order pays for, locked. */
  lockOfOrder(tx: Tx, orderId: OrderId): Promise<readonly SubscriptionOfOrder[]>;
  lockOfLicense(tx: Tx, licenseId: LicenseId): Promise<Subscription | null>;
  /** Those of a buyer that have not ended, locked by ascending id. */
  lockLiveOfBuyer(tx: Tx, buyerId: UserId): Promise<readonly Subscription[]>;
  /** The line that it was bought with. */
  firstLine(tx: Tx, id: SubscriptionId): Promise<OrderLine>;
  /** The database refuses a second order for a period. */
  addPeriod(tx: Tx, subscription: Subscription, paid: PaidPeriod): Promise<void>;
  save(tx: Tx, subscription: Subscription): Promise<void>;
  /** Null: the licence had ended for good before. With EXPIRED, its learners' claims are freed. */
  changeLicense(tx: Tx, licenseId: LicenseId, change: LicenseChange): Promise<License | null>;
  /** Says until when it was paid, whatever its state. */
  takeBackValidity(tx: Tx, licenseId: LicenseId, validUntil: Date): Promise<void>;
}
