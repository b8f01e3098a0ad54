import type { StorefrontId, TenantId } from '../ids';
import type { Asset } from '../listing/listing';
import type { CurrencyCode } from '../money';

/** What its tenant decides about a storefront. */
export interface StorefrontFacts {
  /** Part of its address: lower case, unique among all tenants' storefronts. */
  readonly slug: string;
  readonly name: string;
  readonly logo: Asset | null;
  /** "#rrggbb", in lower case. */
  readonly accentColor: string | null;
  /** In the order in which they are offered. */
  readonly currencies: readonly CurrencyCode[];
  readonly defaultCurrency: CurrencyCode;
  /** True: it sells what was chosen for it; false: every live listing. */
  readonly curated: boolean;
}

/** A tenant's branded storefront. */
export interface Storefront extends StorefrontFacts {
  readonly id: StorefrontId;
  readonly tenantId: TenantId;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
