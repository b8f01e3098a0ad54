import type { Cursor, Page, PageRequest } from '../../application/ports/page';
import type { ListingFilter, ListingSort } from '../../application/ports/readers';
import type { Listing } from '../../domain/listing/listing';
import type { Conditions } from './keyset';
import { ACTIVE_PRICES, PRICE_OF_ONE_SEAT } from './listing-filter';

/** What a page runs along: an expression over `listing l`, its type and direction. Ties are broken by id. */
export interface ListingOrder {
  readonly key: string;
  readonly type: 'timestamptz' | 'text' | 'bigint';
  readonly direction: 'asc' | 'desc';
}

/** Pages of live listings run along `live_at` (index listing_live), others along `created_at`; both newest first. */
export function newestFirst({ statuses }: Pick<ListingFilter, 'statuses'>): ListingOrder {
  const live = statuses?.length === 1 && statuses[0] === 'LIVE';
  return { key: live ? 'l.live_at' : 'l.created_at', type: 'timestamptz', direction: 'desc' };
}

/** The order, with its values added to the conditions. RELEVANCE without hits has nothing to go by and is NEWEST. */
export function orderOf(sort: ListingSort, filter: ListingFilter, conditions: Conditions): ListingOrder {
  switch (sort) {
    case 'TITLE': return { key: 'l.title', type: 'text', direction: 'asc' };
    case 'PRICE_ASC':
    case 'PRICE_DESC': return { key: lowestPriceIn(conditions.placeholder(filter.plan?.currency)), type: 'bigint', direction: sort === 'PRICE_ASC' ? 'asc' : 'desc' };
    case 'RELEVANCE': return filter.hits ? { key: `array_position(${conditions.placeholder(filter.hits)}::uuid[], l.id)::bigint`, type: 'bigint', direction: 'asc' } : newestFirst(filter);
    case 'NEWEST': return newestFirst(filter);
  }
}

/** Worked out for each listing that the filter leaves: the domain's `lowestPrice` over all of its active plans. */
function lowestPriceIn(currency: string): string {
  return `(select min(${PRICE_OF_ONE_SEAT}) ${ACTIVE_PRICES} where p.listing_id = l.id and p.active and price.currency = ${currency}::text)`;
}

/** A page of the rows that were read, one more than asked for where there are more. */
export function pageOf(read: readonly { readonly listing: Listing; readonly key: unknown }[], { first }: PageRequest): Page<Listing> {
  const rows = read.slice(0, first);
  return { nodes: rows.map(({ listing }) => listing), cursors: rows.map(({ listing, key }) => cursorOf(listing, key)), hasNextPage: read.length > first };
}

function cursorOf({ id, createdAt }: Listing, key: unknown): Cursor {
  return { key: key instanceof Date || key === null ? (key ?? createdAt).toISOString() : String(key), id };
}
