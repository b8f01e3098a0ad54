import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ListingStatus } from '../src/domain/listing/listing';

/** History of a listing: one row for each of its versions. */
@Entity({ name: 'listing_transition', schema: 'marketplace' })
export class ListingTransitionRow {
  @PrimaryColumn({ name: 'listing_id', type: 'uuid' })
  listingId!: string;

  @PrimaryColumn({ type: 'integer' })
  version!: number;

  @Column({ name: 'provider_tenant_id', type: 'uuid' })
  providerTenantId!: string;

  @Column({ name: 'from_status', type: 'text', nullable: true })
  from!: ListingStatus | null;

  @Column({ name: 'to_status', type: 'text' })
  to!: ListingStatus;

  @Column({ type: 'text', nullable: true })
  reason!: string | null;

  @Column({ name: 'actor_id', type: 'uuid', nullable: true })
  actorId!: string | null;

  @Column({ type: 'timestamptz' })
  at!: Date;
}
