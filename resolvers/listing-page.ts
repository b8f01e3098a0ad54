import type { ListingFilter as Filter, ListingSort as Sort } from '../src/application/ports/readers';
import type { Listing } from '../src/domain/listing/listing';
import { badInput } from './errors';
import type { OperationContext } from './operation-context';
import { connection, emptyConnection, pageRequest } from './paging';
import type { PageArguments, SortKey } from './paging';
import type { ConnectionOf } from './types/connection';

/** A page of the listings that the caller may see. A filter of null matches nothing. */
export async function listingPage(context: OperationContext, filter: Filter | null, page: PageArguments, sort: Sort = 'NEWEST'): Promise<ConnectionOf<Listing>> {
  const byPrice = sort === 'PRICE_ASC' || sort === 'PRICE_DESC';
  if (byPrice && filter !== null && filter.plan?.currency === undefined) throw badInput('Sorting by price needs the filter’s “currency”.');
  const found = filter && await withHits(context, filter);
  const request = pageRequest(page, 20, sortKeyOf(sort, found));
  if (found === null) return emptyConnection(request);
  const { listings } = context.application.readers;
  const read = await context.read((tx) => listings.page(tx, found, request, sort));
  for (const listing of read.nodes) context.loaders.listing.prime(listing.id, listing);
  return connection(read, request, () => context.read((tx) => listings.count(tx, found)));
}

/** What is live is searched by whoever searches best; what only some may see, by the database in their name. */
async function withHits({ application }: OperationContext, filter: Filter): Promise<Filter> {
  const { words, hits: among, ...rest } = filter;
  const live = filter.statuses?.length === 1 && filter.statuses[0] === 'LIVE';
  if (words === undefined || !live) return filter;
  const hits = await application.searchListings(words);
  const allowed = among && new Set(among);
  return { ...rest, hits: allowed ? hits.filter((id) => allowed.has(id)) : hits };
}

function sortKeyOf(sort: Sort, filter: Filter | null): SortKey {
  switch (sort) {
    case 'TITLE': return 'text';
    case 'PRICE_ASC':
    case 'PRICE_DESC': return 'number';
    case 'RELEVANCE': return filter?.hits ? 'number' : 'instant';
    case 'NEWEST': return 'instant';
  }
}
