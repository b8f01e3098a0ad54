import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { CourseId, LicenseId, OrderId, TenantId, UserId } from '../src/domain/ids';

/** One per tenant, learner and course: a live seat, or an order for one under way (ALREADY_LICENSED). */
@Entity({ name: 'course_claim', schema: 'marketplace' })
@Index('course_claim_order', ['orderId'])
@Index('course_claim_license', ['licenseId'])
@Check('course_claim_held_by', 'num_nonnulls(order_id, license_id) > 0')
export class CourseClaimRow {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid' })
  tenantId!: TenantId;

  @PrimaryColumn({ name: 'learner_id', type: 'uuid' })
  learnerId!: UserId;

  @PrimaryColumn({ name: 'course_id', type: 'uuid' })
  courseId!: CourseId;

  /** Null where the licence was granted without an order. */
  @Column({ name: 'order_id', type: 'uuid', nullable: true })
  orderId!: OrderId | null;

  /** The licence whose seat was assigned after the purchase. */
  @Column({ name: 'license_id', type: 'uuid', nullable: true })
  licenseId!: LicenseId | null;

  @Column({ name: 'buyer_id', type: 'uuid', nullable: true })
  buyerId!: UserId | null;
}
