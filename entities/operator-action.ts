import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What an operator did by hand. Append-only: a trigger refuses everything but forgetting who it was. */
@Entity({ name: 'operator_action', schema: 'marketplace' })
@Index('operator_action_target', ['targetId', 'at'])
@Index('operator_action_at', ['at'])
@Check('operator_action_actor_check', `actor in ('PERSON', 'COMMAND')`)
export class OperatorActionRow {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ type: 'text' })
  action!: string;

  @Column({ type: 'text' })
  target!: string;

  @Column({ name: 'target_id', type: 'uuid', nullable: true })
  targetId!: string | null;

  @Column({ name: 'actor_id', type: 'uuid', nullable: true })
  actorId!: string | null;

  @Column({ type: 'text' })
  actor!: 'PERSON' | 'COMMAND';

  @Column({ type: 'text', nullable: true })
  reason!: string | null;

  @Column({ type: 'jsonb', nullable: true })
  before!: object | null;

  @Column({ type: 'jsonb', nullable: true })
  after!: object | null;

  @Column({ type: 'timestamptz' })
  at!: Date;
}
