import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { AssignmentId, LicenseId, OrderId, RefundId, SeatId, TenantId, UserId } from '../src/domain/ids';
import type { SeatState } from '../src/domain/license/license';

/** A seat of a licence: a row that is taken, never a counter. Who holds it follows from its state. */
@Entity({ name: 'seat', schema: 'marketplace' })
@Index('seat_license', ['licenseId', 'id'])
@Index('seat_at_purchase', ['orderId'], { where: 'at_purchase' })
@Index('seat_free', ['licenseId', 'place'], { where: `state = 'AVAILABLE'` })
@Index('seat_learner', ['licenseId', 'learnerId'], { unique: true, where: `state in ('ASSIGNED', 'ENROLLED', 'CONSUMED')` })
@Index('seat_own', ['tenantId', 'learnerId'], { where: 'learner_id is not null' })
@Index('seat_ask_due', ['askAt'], { where: 'ask_at is not null' })
@Index('seat_frozen', ['frozenBy'], { where: 'frozen_by is not null' })
@Unique('seat_assignment_id_key', ['assignmentId'])
@Check('seat_state_check', `state in ('AVAILABLE', 'ASSIGNED', 'ENROLLED', 'CONSUMED', 'REVOKED')`)
@Check('seat_holder', `case
    when state = 'AVAILABLE' then assignment_id is null and learner_id is null and enrollment_id is null
    when state = 'ASSIGNED' then assignment_id is not null and learner_id is not null and enrollment_id is null
    when state in ('ENROLLED', 'CONSUMED') then assignment_id is not null and learner_id is not null and enrollment_id is not null
    else true end`)
export class SeatRow {
  @PrimaryColumn({ type: 'uuid' })
  id!: SeatId;

  @Column({ name: 'license_id', type: 'uuid' })
  licenseId!: LicenseId;

  @Column({ name: 'order_id', type: 'uuid', nullable: true })
  orderId!: OrderId | null;

  @Column({ name: 'tenant_id', type: 'uuid' })
  tenantId!: TenantId;

  @Column({ name: 'buyer_id', type: 'uuid', nullable: true })
  buyerId!: UserId | null;

  @Column({ type: 'text' })
  state!: SeatState;

  /** Where it stands among the free seats of its licence: by chance, so that those who take some at once rarely meet. */
  @Column({ type: 'integer', default: () => '(random() * 2147483647)' })
  place!: number;

  @Column({ name: 'assignment_id', type: 'uuid', nullable: true })
  assignmentId!: AssignmentId | null;

  @Column({ name: 'learner_id', type: 'uuid', nullable: true })
  learnerId!: UserId | null;

  @Column({ name: 'enrollment_id', type: 'text', nullable: true })
  enrollmentId!: string | null;

  /** Assigned with the order and not yet given back: what the purchase saga's enrollment step waits for. */
  @Column({ name: 'at_purchase', type: 'boolean', default: false })
  atPurchase!: boolean;

  @Column({ name: 'assigned_at', type: 'timestamptz', nullable: true })
  assignedAt!: Date | null;

  @Column({ name: 'consumed_at', type: 'timestamptz', nullable: true })
  consumedAt!: Date | null;

  /** Stays true when the seat is given to somebody else: what the refund rule counts. */
  @Column({ name: 'ever_consumed', type: 'boolean', default: false })
  everConsumed!: boolean;

  /** When enrollment-service is asked again about the assignment, or the assignment given up; null: nothing is awaited here. */
  @Column({ name: 'ask_at', type: 'timestamptz', nullable: true })
  askAt!: Date | null;

  /** How often it was asked again. */
  @Column({ type: 'integer', default: 0 })
  asked!: number;
  /** The open refund that takes it back: nobody is assigned to it, and a start is only recorded. */
  @Column({ name: 'frozen_by', type: 'uuid', nullable: true })
  frozenBy!: RefundId | null;
}
