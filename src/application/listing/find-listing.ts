import { type ListingId, parseId } from '../../domain/ids';
import type { Listing } from '../../domain/listing/listing';
import type { AuthenticatedUser } from '../actor';
import type { Tx } from '../ports/unit-of-work';
import { ok, refused, type Result } from '../user-error';
import { isOwnedBy, noSuchListing, notYourListing } from './authorise';
import type { ListingDependencies } from './dependencies';

/** In which role the caller changes a listing: a provider only its own, a platform admin any. */
export type ChangingRole = 'provider' | 'platform_admin';

/**
 * The listing, locked, if the caller may change it in that role. What may be seen but not changed (another
 * provider's live listing) is FORBIDDEN, what may not even be seen is NOT_FOUND. `path` names the id's argument.
 */
export async function lockListing(
  { listings, readers }: Pick<ListingDependencies, 'listings' | 'readers'>,
  tx: Tx, caller: AuthenticatedUser, role: ChangingRole, id: string, path: readonly string[],
): Promise<Result<Listing>> {
  const listingId = parseId<ListingId>(id);
  if (listingId === null) return refused(noSuchListing(path));
  const listing = await listings.lock(tx, listingId);
  if (listing !== null && (role === 'platform_admin' || isOwnedBy(listing, caller))) return ok(listing);
  const visible = listing !== null || (await readers.listings.byIds(tx, [listingId])).length > 0;
  return refused(visible ? notYourListing(path) : noSuchListing(path));
}
