import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { LicenseId, ListingId, OrderId, PricingPlanId, SubscriptionId, TenantId, UserId } from '../src/domain/ids';
import type { CurrencyCode } from '../src/domain/money';
import type { PlanTerms } from '../src/domain/pricing/plan';
import type { SubscriptionState } from '../src/domain/subscription/subscription';

/** What is paid again at each period's end, at the terms of when it was begun. */
@Entity({ name: 'subscription', schema: 'marketplace' })
@Index('subscription_due', ['currentPeriodEnd'], { where: `state in ('TRIALING', 'ACTIVE') and renewal_order_id is null` })
@Index('subscription_buyer', ['buyerId'], { where: 'ended_at is null' })
@Index('subscription_tenant', ['tenantId', 'startedAt', 'id'])
@Index('subscription_listing', ['listingId'])
@Index('subscription_renewal_order', ['renewalOrderId'], { where: 'renewal_order_id is not null' })
@Unique('subscription_license', ['licenseId'])
@Unique('subscription_of_tenant', ['id', 'tenantId'])
@Check('subscription_quantity_check', 'quantity > 0')
@Check('subscription_unit_price_minor_check', 'unit_price_minor >= 0')
@Check('subscription_currency_check', `currency ~ '^[A-Z]{3}$'`)
@Check('subscription_state_check', `state in ('TRIALING', 'ACTIVE', 'PAST_DUE', 'CANCELLED', 'EXPIRED')`)
@Check('subscription_period_check', 'period >= 0')
@Check('subscription_check', 'current_period_end > current_period_start')
@Check('subscription_ended', `(state in ('CANCELLED', 'EXPIRED')) = (ended_at is not null)`)
export class SubscriptionRow {
  @PrimaryColumn({ type: 'uuid' })
  id!: SubscriptionId;

  @Column({ name: 'tenant_id', type: 'uuid' })
  tenantId!: TenantId;

  /** Null after erasure. */
  @Column({ name: 'buyer_id', type: 'uuid', nullable: true })
  buyerId!: UserId | null;

  @Column({ name: 'license_id', type: 'uuid' })
  licenseId!: LicenseId;

  @Column({ name: 'listing_id', type: 'uuid' })
  listingId!: ListingId;

  @Column({ name: 'plan_id', type: 'uuid' })
  planId!: PricingPlanId;

  @Column({ name: 'plan_revision', type: 'integer' })
  planRevision!: number;

  @Column({ type: 'jsonb' })
  terms!: PlanTerms;

  @Column({ type: 'integer' })
  quantity!: number;

  @Column({ name: 'unit_price_minor', type: 'bigint' })
  unitPriceMinor!: bigint;

  @Column({ type: 'text' })
  currency!: CurrencyCode;

  @Column({ type: 'text' })
  state!: SubscriptionState;

  /** Start of the first paid period: its day of the month is kept. */
  @Column({ name: 'anchor_at', type: 'timestamptz' })
  anchorAt!: Date;

  @Column({ type: 'boolean' })
  trial!: boolean;

  /** The current one, from 0; a trial is period 0. */
  @Column({ type: 'integer' })
  period!: number;

  @Column({ name: 'current_period_start', type: 'timestamptz' })
  currentPeriodStart!: Date;

  @Column({ name: 'current_period_end', type: 'timestamptz' })
  currentPeriodEnd!: Date;

  @Column({ name: 'cancel_at_period_end', type: 'boolean', default: false })
  cancelAtPeriodEnd!: boolean;

  /** The order of the next period, while it is under way. */
  @Column({ name: 'renewal_order_id', type: 'uuid', nullable: true })
  renewalOrderId!: OrderId | null;

  @Column({ name: 'next_retry_at', type: 'timestamptz', nullable: true })
  nextRetryAt!: Date | null;

  @Column({ name: 'grace_ends_at', type: 'timestamptz', nullable: true })
  graceEndsAt!: Date | null;

  @Column({ name: 'started_at', type: 'timestamptz' })
  startedAt!: Date;

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt!: Date | null;
}
