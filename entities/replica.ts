import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A running replica, by when it was last heard of. */
@Entity({ name: 'replica', schema: 'marketplace' })
export class ReplicaRow {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ name: 'seen_at', type: 'timestamptz' })
  seenAt!: Date;
}
