import type { AssetInput } from '../listing/requests';

/** A storefront as it comes from outside; absent and null mean the same. Contract `StorefrontInput`. */
export interface StorefrontInput {
  /** Absent: a new one. */
  readonly id?: string | null | undefined;
  readonly slug: string;
  readonly name: string;
  readonly logo?: AssetInput | null | undefined;
  readonly accentColor?: string | null | undefined;
  readonly currencies: readonly string[];
  readonly defaultCurrency: string;
  readonly curated: boolean;
}

export interface SetStorefrontListingsRequest {
  readonly storefrontId: string;
  readonly listingIds: readonly string[];
}
