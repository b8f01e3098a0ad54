import { In } from 'typeorm';
import { StorefrontRow } from '../../../entities/storefront';
import type { ChosenListing, StorefrontReader } from '../../application/ports/storefronts';
import type { Tx } from '../../application/ports/unit-of-work';
import type { StorefrontId } from '../../domain/ids';
import type { Storefront } from '../../domain/storefront/storefront';
import { inside } from './transaction';

const CHOSEN = `select storefront_id as "storefrontId", listing_id as "listingId" from marketplace.storefront_listing
  where storefront_id = any ($1::uuid[]) order by storefront_id, position`;

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
}

function storefrontOf({ ...row }: StorefrontRow): Storefront {
  return row;
}
