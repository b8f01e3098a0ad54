import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { CourseId, CourseVersionId, LicenseId, ListingId, OrderId, OrderLineId, PricingPlanId, TenantId, UserId } from '../src/domain/ids';
import type { LicenseSource, LicenseState } from '../src/domain/license/license';
import type { PackageFormat } from '../src/domain/listing/listing';
import type { PlanTerms } from '../src/domain/pricing/plan';

/** The durable artefact of a purchase: who may use which course version, until when, with how many seats. */
@Entity({ name: 'license', schema: 'marketplace' })
@Index('license_order', ['orderId'])
@Index('license_tenant', ['tenantId', 'validFrom', 'id'])
@Index('license_listing', ['listingId', 'tenantId'])
@Index('license_course', ['tenantId', 'courseId'])
@Index('license_valid_until', ['validUntil'], { where: `state = 'ACTIVE' and source <> 'SUBSCRIPTION' and valid_until is not null` })
@Index('license_of_subscription_valid_until', ['validUntil'], { where: `state in ('ACTIVE', 'GRACE', 'SUSPENDED') and source = 'SUBSCRIPTION'` })
@Index('license_untold_valid_until', ['validUntil'], { where: `state = 'ACTIVE' and source <> 'SUBSCRIPTION' and valid_until is not null and expiring_told_at is null` })
@Unique('license_per_line', ['orderLineId'])
@Check('license_source_check', `source in ('PURCHASE', 'SUBSCRIPTION', 'GRANT')`)
@Check('license_state_check', `state in ('ACTIVE', 'GRACE', 'SUSPENDED', 'EXPIRED', 'REVOKED')`)
@Check('license_seats_total_check', 'seats_total > 0')
@Check('license_reassignments_within_limit', `reassignments between 0 and coalesce((terms ->> 'seatReassignmentLimit')::integer, 2147483647)`)
@Unique('license_of_tenant', ['id', 'tenantId'])
export class LicenseRow {
  @PrimaryColumn({ type: 'uuid' })
  id!: LicenseId;

  @Column({ name: 'order_id', type: 'uuid', nullable: true })
  orderId!: OrderId | null;

  @Column({ name: 'order_line_id', type: 'uuid', nullable: true })
  orderLineId!: OrderLineId | null;

  @Column({ name: 'tenant_id', type: 'uuid' })
  tenantId!: TenantId;

  @Column({ name: 'buyer_id', type: 'uuid', nullable: true })
  buyerId!: UserId | null;

  @Column({ name: 'listing_id', type: 'uuid' })
  listingId!: ListingId;

  @Column({ name: 'plan_id', type: 'uuid' })
  planId!: PricingPlanId;

  @Column({ name: 'plan_revision', type: 'integer' })
  planRevision!: number;

  @Column({ type: 'jsonb' })
  terms!: PlanTerms;

  @Column({ name: 'course_id', type: 'uuid' })
  courseId!: CourseId;

  @Column({ name: 'course_version_id', type: 'uuid' })
  courseVersionId!: CourseVersionId;

  @Column({ name: 'play_package_id', type: 'text' })
  playPackageId!: string;

  @Column({ name: 'package_format', type: 'text' })
  packageFormat!: PackageFormat;

  @Column({ type: 'text' })
  source!: LicenseSource;

  @Column({ type: 'text' })
  state!: LicenseState;

  @Column({ name: 'state_reason', type: 'text', nullable: true })
  stateReason!: string | null;

  @Column({ name: 'perpetual_offline', type: 'boolean' })
  perpetualOffline!: boolean;

  @Column({ name: 'valid_from', type: 'timestamptz' })
  validFrom!: Date;

  @Column({ name: 'valid_until', type: 'timestamptz', nullable: true })
  validUntil!: Date | null;

  /** Null: unlimited (site licence). */
  @Column({ name: 'seats_total', type: 'integer', nullable: true })
  seatsTotal!: number | null;

  /** How often a seat that had been started was given back: counts against the terms' `seatReassignmentLimit`. */
  @Column({ type: 'integer', default: 0 })
  reassignments!: number;

  /** When it was told that the licence will expire; null: not yet. */
  @Column({ name: 'expiring_told_at', type: 'timestamptz', nullable: true })
  expiringToldAt!: Date | null;
}
