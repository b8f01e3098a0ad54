import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { ListingId, StorefrontId, TenantId } from '../src/domain/ids';

/** A listing that was chosen for a storefront, with its place there. */
@Entity({ name: 'storefront_listing', schema: 'marketplace' })
@Unique('storefront_listing_position', ['storefrontId', 'position'])
export class StorefrontListingRow {
  @PrimaryColumn({ name: 'storefront_id', type: 'uuid' })
  storefrontId!: StorefrontId;

  @PrimaryColumn({ name: 'listing_id', type: 'uuid' })
  listingId!: ListingId;

  @Column({ name: 'tenant_id', type: 'uuid' })
  tenantId!: TenantId;

  @Column({ type: 'integer' })
  position!: number;
}
