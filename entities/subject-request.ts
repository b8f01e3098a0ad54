import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { SubjectRequestKind } from '../src/domain/gdpr/subject-request';
import type { TenantId, UserId } from '../src/domain/ids';

/** A person's request to be forgotten, or for what is stored about them; names them until it is done. */
@Entity({ name: 'subject_request', schema: 'marketplace' })
@Unique('subject_request_request_id_key', ['requestId'])
@Index('subject_request_due', ['lookAt'], { where: 'completed_at is null' })
@Index('subject_request_answered', ['completedAt'], { where: `kind = 'erasure' and completed_at is not null and forgotten_at is null` })
@Check('subject_request_kind_check', `kind in ('erasure', 'access')`)
@Check('subject_request_person_check', '(completed_at is null) = (subject_id is not null)')
export class SubjectRequestRow {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ name: 'request_id', type: 'text' })
  requestId!: string;

  @Column({ type: 'text' })
  kind!: SubjectRequestKind;

  /** Null once it is done. */
  @Column({ name: 'subject_id', type: 'uuid', nullable: true })
  subjectId!: UserId | null;

  @Column({ name: 'tenant_id', type: 'uuid' })
  tenantId!: TenantId;

  @Column({ name: 'correlation_id', type: 'uuid' })
  correlationId!: string;

  @Column({ name: 'causation_id', type: 'uuid' })
  causationId!: string;

  @Column({ name: 'received_at', type: 'timestamptz' })
  receivedAt!: Date;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @Column({ name: 'look_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
  lookAt!: Date;

  /** When somebody was last told that an order in its way is stuck. */
  @Column({ name: 'told_stuck_at', type: 'timestamptz', nullable: true })
  toldStuckAt!: Date | null;

  @Column({ name: 'completed_at', type: 'timestamptz', nullable: true })
  completedAt!: Date | null;

  @Column({ name: 'orders_anonymised', type: 'integer', nullable: true })
  ordersAnonymised!: number | null;

  @Column({ name: 'seats_released', type: 'integer', nullable: true })
  seatsReleased!: number | null;

  @Column({ name: 'forgotten_at', type: 'timestamptz', nullable: true })
  forgottenAt!: Date | null;
}
