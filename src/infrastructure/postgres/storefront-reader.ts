import { In } from 'typeorm';
import type { ListingRow } from '../../../entities/listing';
import { StorefrontRow } from '../../../entities/storefront';
import type { Page, PageRequest } from '../../application/ports/page';
import type { ChosenListing, StorefrontReader } from '../../application/ports/storefronts';
import type { Tx } from '../../application/ports/unit-of-work';
import type { StorefrontId } from '../../domain/ids';
import type { Listing } from '../../domain/listing/listing';
import type { Storefront } from '../../domain/storefront/storefront';
import { pageOf } from './listing-page';
import { LISTING_COLUMNS, listingOf } from './listing-rows';
import { inside } from './transaction';

const CHOSEN = `select storefront_id as "storefrontId", listing_id as "listingId" from marketplace.storefront_listing
  where storefront_id = any ($1::uuid[]) order by storefront_id, position`;

/** One index scan per storefront, each of which stops at its page's end. */
const LIVE_PAGES = `
  select shelf.id as "storefrontId", l.* from unnest($1::uuid[]) with ordinality as shelf (id, ordinal)
  cross join lateral (
    select c.position, ${LISTING_COLUMNS} from marketplace.storefront_listing c join marketplace.listing l on l.id = c.listing_id
    where c.storefront_id = shelf.id and l.status = 'LIVE' and ($2::bigint is null or c.position > $2::bigint)
    order by c.position limit $3
  ) l
  order by shelf.ordinal, l.position`;

const LIVE_COUNTS = `select c.storefront_id as "storefrontId", count(*)::int as count
  from marketplace.storefront_listing c join marketplace.listing l on l.id = c.listing_id
  where c.storefront_id = any ($1::uuid[]) and l.status = 'LIVE' group by c.storefront_id`;

export class PostgresStorefrontReader implements StorefrontReader {
  async byIds(tx: Tx, ids: readonly StorefrontId[]): Promise<Storefront[]> {
    return (await inside(tx).entities.findBy(StorefrontRow, { id: In(ids) })).map(storefrontOf);
  }

  async bySlugs(tx: Tx, slugs: readonly string[]): Promise<Storefront[]> {
    return (await inside(tx).entities.findBy(StorefrontRow, { slug: In(slugs) })).map(storefrontOf);
  }

  async chosen(tx: Tx, ids: readonly StorefrontId[]): Promise<ChosenListing[]> {
    return inside(tx).prepared<ChosenListing>('storefront-chosen', CHOSEN, [ids]);
  }

  async livePages(tx: Tx, ids: readonly StorefrontId[], page: PageRequest): Promise<Map<StorefrontId, Page<Listing>>> {
    const rows = await inside(tx).prepared<ListingRow & { readonly storefrontId: StorefrontId; readonly position: number }>('storefront-live-pages', LIVE_PAGES,
      [ids, page.after?.key ?? null, page.first + 1]);
    const shelves = new Map<StorefrontId, { readonly listing: Listing; readonly key: number }[]>(ids.map((id) => [id, []]));
    for (const { storefrontId, position, ...row } of rows) shelves.get(storefrontId)?.push({ listing: listingOf(row), key: position });
    return new Map([...shelves].map(([id, read]) => [id, pageOf(read, page)]));
  }

  async liveCounts(tx: Tx, ids: readonly StorefrontId[]): Promise<Map<StorefrontId, number>> {
    const rows = await inside(tx).prepared<{ readonly storefrontId: StorefrontId; readonly count: number }>('storefront-live-counts', LIVE_COUNTS, [ids]);
    return new Map([...ids.map((id) => [id, 0] as const), ...rows.map(({ storefrontId, count }) => [storefrontId, count] as const)]);
  }
}

function storefrontOf({ ...row }: StorefrontRow): Storefront {
  return row;
}
