import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { SagaId, TenantId, UserId } from '../src/domain/ids';

/** The engine's states; that they are its own is checked where rows become snapshots. */
export type SagaRowState = 'RUNNING' | 'WAITING' | 'COMPENSATING' | 'COMPLETED' | 'COMPENSATED' | 'STUCK' | 'RESOLVED';

/** The saga state table: what is awaited, what is to be called, until when, and by whom at the moment. */
@Entity({ name: 'saga', schema: 'marketplace' })
@Index('saga_call_due', ['callDueAt'], { where: 'call_due_at is not null' })
@Index('saga_wake', ['wakeAt'], { where: 'wake_at is not null' })
@Index('saga_attention', ['state', 'startedAt', 'id'], { where: `state not in ('COMPLETED', 'COMPENSATED')` })
@Index('saga_started', ['startedAt', 'id'])
@Unique('saga_correlation', ['name', 'correlationId'])
@Check('saga_state_check', `state in ('RUNNING', 'WAITING', 'COMPENSATING', 'COMPLETED', 'COMPENSATED', 'STUCK', 'RESOLVED')`)
@Check('saga_attempt_check', 'attempt > 0')
@Check('saga_version_check', 'version > 0')
@Unique('saga_of_tenant', ['id', 'tenantId'])
export class SagaRow {
  @PrimaryColumn({ type: 'uuid' })
  id!: SagaId;

  @Column({ type: 'text' })
  name!: string;

  @Column({ name: 'definition_version', type: 'integer' })
  definitionVersion!: number;

  @Column({ name: 'correlation_id', type: 'uuid' })
  correlationId!: string;

  @Column({ name: 'tenant_id', type: 'uuid' })
  tenantId!: TenantId;

  @Column({ name: 'buyer_id', type: 'uuid', nullable: true })
  buyerId!: UserId | null;

  @Column({ type: 'text' })
  state!: SagaRowState;

  @Column({ type: 'text' })
  step!: string;

  /** Which try of the step's work this is, from 1. */
  @Column({ type: 'integer' })
  attempt!: number;

  @Column({ type: 'jsonb' })
  data!: object;

  @Column({ type: 'jsonb', nullable: true })
  call!: { name: string; request: object } | null;

  /** When the pending call is (re)tried, in real time (`clock_timestamp()`). */
  @Column({ name: 'call_due_at', type: 'timestamptz', nullable: true })
  callDueAt!: Date | null;

  /** Business time at which each timer is due, ISO 8601. */
  @Column({ type: 'jsonb', default: {} })
  timers!: Record<string, string>;

  /** Earliest timer, in business time (`marketplace.clock()`). */
  @Column({ name: 'wake_at', type: 'timestamptz', nullable: true })
  wakeAt!: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  deadline!: Date | null;

  @Column({ name: 'last_error', type: 'text', nullable: true })
  lastError!: string | null;

  @Column({ name: 'lease_token', type: 'uuid', nullable: true })
  leaseToken!: string | null;

  @Column({ name: 'lease_until', type: 'timestamptz', nullable: true })
  leaseUntil!: Date | null;

  @Column({ type: 'integer' })
  version!: number;

  /** W3C trace context of the commit that began it. */
  @Column({ type: 'text', nullable: true })
  traceparent!: string | null;

  @Column({ name: 'started_at', type: 'timestamptz' })
  startedAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;
}
