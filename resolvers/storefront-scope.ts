import type { ListingFilter } from '../src/application/ports/readers';
import type { Storefront } from '../src/domain/storefront/storefront';
import { isSlug } from '../src/domain/storefront/new-storefront';
import type { OperationContext } from './operation-context';

/** By a slug as it came from outside: one that cannot be a slug names nothing. */
export async function storefrontBySlug({ loaders }: OperationContext, slug: string): Promise<Storefront | null> {
  return isSlug(slug) ? loaders.storefrontBySlug.load(slug) : null;
}

/** The filter within the storefront that a slug names, if any is given. Null: nothing can match. */
export async function inStorefront(context: OperationContext, slug: string | null | undefined, filter: ListingFilter | null): Promise<ListingFilter | null> {
  if (slug == null || filter === null) return filter;
  const storefront = await storefrontBySlug(context, slug);
  if (!storefront?.curated) return storefront && filter;
  const chosen = await context.loaders.chosenListings.load(storefront.id);
  return { ...filter, hits: chosen.map(({ listingId }) => listingId) };
}
