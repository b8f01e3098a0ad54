import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A day on which providers are paid; whoever holds the lease (in real time) works it off. */
@Entity({ name: 'payout_batch', schema: 'marketplace' })
@Index('payout_batch_open', ['scheduledFor'], { where: 'finished_at is null' })
export class PayoutBatchRow {
  @PrimaryColumn({ name: 'scheduled_for', type: 'date' })
  scheduledFor!: string;

  @Column({ name: 'requested_at', type: 'timestamptz' })
  requestedAt!: Date;

  @Column({ name: 'lease_token', type: 'uuid', nullable: true })
  leaseToken!: string | null;

  @Column({ name: 'lease_until', type: 'timestamptz', nullable: true })
  leaseUntil!: Date | null;

  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt!: Date | null;
}
