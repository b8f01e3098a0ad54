import { accepted } from './graph';
import type { DemoChooseListingsMutation } from './operations/generated';
import { DemoChooseListingsDocument, DemoSaveStorefrontDocument } from './operations/generated';
import type { Person } from './people';

export type DemoStorefront = NonNullable<DemoChooseListingsMutation['setStorefrontListings']['storefront']>;

/** An organisation's own storefront with these listings in its window. Its slug has the organisation's id in it, for there may be one from before. */
export async function openStorefront({ graph, tenantId }: Person, listingIds: readonly string[]): Promise<DemoStorefront> {
  const input = { slug: `academy-${tenantId.slice(0, 8)}`, name: 'The Academy', accentColor: '#0b6e4f', currencies: ['EUR', 'USD'], defaultCurrency: 'EUR', curated: true };
  const { saveStorefront } = await graph.ask(DemoSaveStorefrontDocument, { input });
  const { id } = accepted('saveStorefront', saveStorefront.storefront, saveStorefront.userErrors);
  const { setStorefrontListings } = await graph.ask(DemoChooseListingsDocument, { storefrontId: id, listingIds });
  return accepted('setStorefrontListings', setStorefrontListings.storefront, setStorefrontListings.userErrors);
}
