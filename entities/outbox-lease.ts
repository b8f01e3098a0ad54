import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Who relays a shard of the outbox, and until when without a further word. */
@Entity({ name: 'outbox_lease', schema: 'marketplace' })
export class OutboxLeaseRow {
  @PrimaryColumn({ type: 'smallint' })
  shard!: number;

  @Column({ name: 'replica_id', type: 'uuid', nullable: true })
  replicaId!: string | null;

  @Column({ name: 'held_until', type: 'timestamptz', nullable: true })
  heldUntil!: Date | null;
}
