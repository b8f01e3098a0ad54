import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { CourseId, CourseVersionId, ListingId, OrderId, OrderLineId, PricingPlanId, TenantId, UserId } from '../src/domain/ids';
import type { PackageFormat } from '../src/domain/listing/listing';
import type { PlanTerms } from '../src/domain/pricing/plan';

/** What was bought, with a snapshot of the terms; the buyer is repeated on each row so that policies never join. */
@Entity({ name: 'order_line', schema: 'marketplace' })
@Index('order_line_listing', ['listingId', 'tenantId', 'buyerId'])
@Unique('order_line_order_id_position_key', ['orderId', 'position'])
@Unique('order_line_of_provider', ['id', 'orderId', 'providerTenantId'])
@Check('order_line_quantity_check', 'quantity > 0')
@Check('order_line_unit_price_minor_check', 'unit_price_minor >= 0')
@Check('order_line_check', 'subtotal_minor = unit_price_minor * quantity')
@Check('order_line_check1', 'discount_minor between 0 and subtotal_minor')
@Check('order_line_check2', 'total_minor = subtotal_minor - discount_minor')
@Check('order_line_platform_discount', 'platform_discount_minor between 0 and discount_minor')
export class OrderLineRow {
  @PrimaryColumn({ type: 'uuid' })
  id!: OrderLineId;

  @Column({ name: 'order_id', type: 'uuid' })
  orderId!: OrderId;

  @Column({ name: 'tenant_id', type: 'uuid' })
  tenantId!: TenantId;

  @Column({ name: 'buyer_id', type: 'uuid', nullable: true })
  buyerId!: UserId | null;

  @Column({ type: 'integer' })
  position!: number;

  @Column({ name: 'listing_id', type: 'uuid' })
  listingId!: ListingId;

  @Column({ name: 'provider_tenant_id', type: 'uuid' })
  providerTenantId!: TenantId;

  @Column({ name: 'plan_id', type: 'uuid' })
  planId!: PricingPlanId;

  @Column({ name: 'plan_revision', type: 'integer' })
  planRevision!: number;

  @Column({ type: 'text' })
  title!: string;

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

  @Column({ type: 'integer' })
  quantity!: number;

  @Column({ name: 'unit_price_minor', type: 'bigint' })
  unitPriceMinor!: bigint;

  @Column({ name: 'subtotal_minor', type: 'bigint' })
  subtotalMinor!: bigint;

  @Column({ name: 'discount_minor', type: 'bigint', default: 0 })
  discountMinor!: bigint;

  /** The part of the discount that the platform bears; the provider bears the rest. */
  @Column({ name: 'platform_discount_minor', type: 'bigint', default: 0 })
  platformDiscountMinor!: bigint;

  @Column({ name: 'total_minor', type: 'bigint' })
  totalMinor!: bigint;

  /** Seats to assign at once. */
  @Column({ name: 'learner_ids', type: 'uuid', array: true, default: [] })
  learnerIds!: UserId[];
}
