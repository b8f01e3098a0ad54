import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An event taken in, written with its effect: the guarantee that each takes effect once. */
@Entity({ name: 'inbox', schema: 'marketplace' })
@Index('inbox_received', ['receivedAt'])
export class InboxEventRow {
  @PrimaryColumn({ type: 'text' })
  consumer!: string;

  @PrimaryColumn({ name: 'event_id', type: 'uuid' })
  eventId!: string;

  @Column({ type: 'text' })
  type!: string;

  @Column({ name: 'received_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
  receivedAt!: Date;
}
