import type { ListingReader } from '../ports/readers';
import type { StorefrontReader, StorefrontStore } from '../ports/storefronts';
import type { UnitOfWork } from '../ports/unit-of-work';

/** What the storefront use cases are made of. */
export interface StorefrontDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly storefronts: StorefrontStore;
  readonly readers: { readonly listings: Pick<ListingReader, 'byIds'>; readonly storefronts: Pick<StorefrontReader, 'chosen'> };
}
