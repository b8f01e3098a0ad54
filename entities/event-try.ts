import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How often a message of a stream has failed a consumer so far. */
@Entity({ name: 'event_try', schema: 'marketplace' })
export class EventTryRow {
  @PrimaryColumn({ type: 'text' })
  consumer!: string;

  @PrimaryColumn({ name: 'stream_sequence', type: 'bigint' })
  streamSequence!: bigint;

  @Column({ type: 'integer' })
  tries!: number;

  @Column({ name: 'last_error', type: 'text' })
  lastError!: string;
}
