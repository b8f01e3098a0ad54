import type { ListingId, StorefrontId, TenantId } from '../../domain/ids';
import type { Listing } from '../../domain/listing/listing';
import type { Storefront, StorefrontFacts } from '../../domain/storefront/storefront';
import type { Page, PageRequest } from './page';
import type { Tx } from './unit-of-work';

/** A listing that was chosen for a storefront. */
export interface ChosenListing {
  readonly storefrontId: StorefrontId;
  readonly listingId: ListingId;
}

/** Everybody may read them all. Batched: each takes many keys and is one statement. */
export interface StorefrontReader {
  byIds(tx: Tx, ids: readonly StorefrontId[]): Promise<Storefront[]>;
  bySlugs(tx: Tx, slugs: readonly string[]): Promise<Storefront[]>;
  /** In the order of each storefront; those that are off sale now included. */
  chosen(tx: Tx, ids: readonly StorefrontId[]): Promise<ChosenListing[]>;
  /** What is live of each choice, in its order, `page.first` of each; the cursor's key is the place in the choice. */
  livePages(tx: Tx, ids: readonly StorefrontId[], page: PageRequest): Promise<Map<StorefrontId, Page<Listing>>>;
  liveCounts(tx: Tx, ids: readonly StorefrontId[]): Promise<Map<StorefrontId, number>>;
}

/** Another storefront has the slug. The transaction in which it is thrown can only be taken back. */
export class SlugTaken extends Error {
  constructor() {
    super('the slug is taken');
    this.name = 'SlugTaken';
  }
}

/** Storefronts for writing; {@link StorefrontReader} is for reading. */
export interface StorefrontStore {
  /** @throws SlugTaken */
  add(tx: Tx, storefront: Storefront): Promise<void>;
  /** False: the tenant has no such storefront. @throws SlugTaken */
  change(tx: Tx, id: StorefrontId, tenantId: TenantId, facts: StorefrontFacts): Promise<boolean>;
  /** Keeps others from changing it until the end; false: the tenant has no such storefront. */
  lock(tx: Tx, id: StorefrontId, tenantId: TenantId): Promise<boolean>;
  /** These listings, in this order, in the place of all that were chosen before. Lock it first. */
  choose(tx: Tx, id: StorefrontId, tenantId: TenantId, listingIds: readonly ListingId[]): Promise<void>;
}
