import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** A message that could not be taken in, kept so that a replay sends the same bytes. */
@Entity({ name: 'dead_letter', schema: 'marketplace' })
@Index('dead_letter_at', ['at', 'id'])
@Unique('dead_letter_consumer_stream_sequence_key', ['consumer', 'streamSequence'])
export class DeadLetterRow {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ type: 'text' })
  consumer!: string;

  @Column({ name: 'stream_sequence', type: 'bigint' })
  streamSequence!: bigint;

  @Column({ type: 'text' })
  subject!: string;

  /** Null: the message has none that can be read. */
  @Column({ name: 'event_id', type: 'uuid', nullable: true })
  eventId!: string | null;

  @Column({ type: 'text' })
  error!: string;

  @Column({ type: 'integer' })
  deliveries!: number;

  @Column({ type: 'text' })
  payload!: string;

  @Column({ type: 'timestamptz' })
  at!: Date;

  @Column({ name: 'replayed_at', type: 'timestamptz', nullable: true })
  replayedAt!: Date | null;

  @Column({ name: 'replayed_by', type: 'uuid', nullable: true })
  replayedBy!: string | null;
}
