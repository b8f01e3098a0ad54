import type { ListingId } from '../../domain/ids';
import type { Listing, ListingTransition } from '../../domain/listing/listing';
import type { Tx } from './unit-of-work';

/** A listing as it is to be stored, with the entry of its history that says why. */
export interface ListingChange {
  readonly listing: Listing;
  readonly transition: ListingTransition;
}

/** Listings for writing; {@link ListingReader} is for reading. */
export interface Listings {
  /** The listing, its row locked until the transaction ends; null: none that the caller may change. */
  lock(tx: Tx, id: ListingId): Promise<Listing | null>;
  add(tx: Tx, change: ListingChange): Promise<void>;
  /**
   * Stores the next version of a listing.
   * @throws when the stored version is not the one before it: the row was not locked
   */
  save(tx: Tx, change: ListingChange): Promise<void>;
}
