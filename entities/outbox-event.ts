import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { TenantId } from '../src/domain/ids';

/** An event to publish. Rows lie in day partitions, which are dropped whole; the partition key is part of the primary key. */
@Entity({ name: 'outbox', schema: 'marketplace' })
@Index('outbox_unpublished', ['shard', 'sequence'], { where: 'published_at is null' })
@Index('outbox_aggregate', ['aggregateId', 'aggregateVersion'])
export class OutboxEventRow {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @PrimaryColumn({ name: 'created_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @Column({ type: 'smallint' })
  shard!: number;

  @Column({ type: 'bigint', default: () => `nextval('marketplace.outbox_sequence')` })
  sequence!: bigint;

  @Column({ type: 'text' })
  type!: string;

  @Column({ name: 'aggregate_id', type: 'uuid' })
  aggregateId!: string;

  @Column({ name: 'aggregate_version', type: 'bigint' })
  aggregateVersion!: bigint;

  @Column({ name: 'tenant_id', type: 'uuid' })
  tenantId!: TenantId;

  @Column({ name: 'correlation_id', type: 'uuid' })
  correlationId!: string;

  @Column({ name: 'causation_id', type: 'uuid', nullable: true })
  causationId!: string | null;

  @Column({ type: 'text', nullable: true })
  traceparent!: string | null;

  @Column({ name: 'occurred_at', type: 'timestamptz' })
  occurredAt!: Date;

  @Column({ type: 'jsonb' })
  data!: object;

  @Column({ name: 'published_at', type: 'timestamptz', nullable: true })
  publishedAt!: Date | null;
}
