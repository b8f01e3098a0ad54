import { ListingRow } from '../../../entities/listing';
import { ListingTransitionRow } from '../../../entities/listing-transition';
import type { ListingChange, Listings } from '../../application/ports/listings';
import type { Tx } from '../../application/ports/unit-of-work';
import type { ListingId } from '../../domain/ids';
import type { Listing } from '../../domain/listing/listing';
import { listingOf, rowOfListing } from './listing-rows';
import { inside } from './transaction';

/** Listings for writing; cold paths, so TypeORM's. */
export class PostgresListings implements Listings {
  async lock(tx: Tx, id: ListingId): Promise<Listing | null> {
    const row = await inside(tx).entities.findOne(ListingRow, { where: { id }, lock: { mode: 'pessimistic_write' } });
    return row === null ? null : listingOf(row);
  }

  async add(tx: Tx, change: ListingChange): Promise<void> {
    await inside(tx).entities.insert(ListingRow, rowOfListing(change.listing));
    await addTransition(tx, change);
  }

  async save(tx: Tx, change: ListingChange): Promise<void> {
    const { id, version, ...columns } = rowOfListing(change.listing);
    const { affected } = await inside(tx).entities.update(ListingRow, { id, version: version - 1 }, { version, ...columns });
    if (affected !== 1) throw new Error(`listing ${id} is not at version ${version - 1}: it must be locked before it is saved`);
    await addTransition(tx, change);
  }
}

async function addTransition(tx: Tx, { listing, transition }: ListingChange): Promise<void> {
  await inside(tx).entities.insert(ListingTransitionRow, { ...transition, providerTenantId: listing.providerTenantId });
}
