import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { AssignmentId, LicenseId, SeatId, TenantId, UserId } from '../src/domain/ids';

/** An assignment that ended: a late word about it changes no seat, and the neighbour is told again. */
@Entity({ name: 'former_assignment', schema: 'marketplace' })
@Index('former_assignment_seat', ['seatId'])
@Check('former_assignment_ended_as_check', `ended_as in ('RELEASED', 'REJECTED', 'REVOKED')`)
export class FormerAssignmentRow {
  @PrimaryColumn({ name: 'assignment_id', type: 'uuid' })
  assignmentId!: AssignmentId;

  @Column({ name: 'seat_id', type: 'uuid' })
  seatId!: SeatId;

  @Column({ name: 'license_id', type: 'uuid' })
  licenseId!: LicenseId;

  @Column({ name: 'tenant_id', type: 'uuid' })
  tenantId!: TenantId;

  @Column({ name: 'buyer_id', type: 'uuid', nullable: true })
  buyerId!: UserId | null;

  @Column({ name: 'learner_id', type: 'uuid' })
  learnerId!: UserId;

  @Column({ name: 'enrollment_id', type: 'text', nullable: true })
  enrollmentId!: string | null;

  /**  'REVOKED' */
  @Column({ name: 'ended_as', type: 'text' })
  endedAs!: 'RELEASED' | 'REJECTED' | 'REVOKED';

  @Column({ name: 'ended_at', type: 'timestamptz' })
  endedAt!: Date;
}
