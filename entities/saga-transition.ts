import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SagaId, TenantId, UserId } from '../src/domain/ids';
import type { SagaRowState } from './saga';

/** One accepted input of a saga; `cause` names the event, reply, timer or command behind it. */
@Entity({ name: 'saga_transition', schema: 'marketplace' })
export class SagaTransitionRow {
  @PrimaryColumn({ name: 'saga_id', type: 'uuid' })
  sagaId!: SagaId;

  @PrimaryColumn({ type: 'integer' })
  version!: number;

  @Column({ name: 'tenant_id', type: 'uuid' })
  tenantId!: TenantId;

  @Column({ name: 'buyer_id', type: 'uuid', nullable: true })
  buyerId!: UserId | null;

  @Column({ name: 'from_state', type: 'text' })
  fromState!: SagaRowState;

  @Column({ name: 'from_step', type: 'text' })
  fromStep!: string;

  @Column({ name: 'to_state', type: 'text' })
  toState!: SagaRowState;

  @Column({ name: 'to_step', type: 'text' })
  toStep!: string;

  @Column({ type: 'text' })
  cause!: string;

  @Column({ name: 'actor_id', type: 'uuid', nullable: true })
  actorId!: UserId | null;

  @Column({ type: 'timestamptz' })
  at!: Date;
}
