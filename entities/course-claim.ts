import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { CourseId, OrderId, TenantId, UserId } from '../src/domain/ids';

/** One per tenant, learner and course: a live seat, or an order for one under way (ALREADY_LICENSED). */
@Entity({ name: 'course_claim', schema: 'marketplace' })
@Index('course_claim_order', ['orderId'])
export class CourseClaimRow {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid' })
  tenantId!: TenantId;

  @PrimaryColumn({ name: 'learner_id', type: 'uuid' })
  learnerId!: UserId;

  @PrimaryColumn({ name: 'course_id', type: 'uuid' })
  courseId!: CourseId;

  @Column({ name: 'order_id', type: 'uuid' })
  orderId!: OrderId;

  @Column({ name: 'buyer_id', type: 'uuid', nullable: true })
  buyerId!: UserId | null;
}
