import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Last event version of each aggregate; its row lock puts an aggregate's events in the order of commits. */
@Entity({ name: 'aggregate_version', schema: 'marketplace' })
export class AggregateVersionRow {
  @PrimaryColumn({ name: 'aggregate_id', type: 'uuid' })
  aggregateId!: string;

  @Column({ type: 'bigint' })
  version!: bigint;
}
