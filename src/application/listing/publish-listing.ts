import type { ListingId } from '../../domain/ids';
import type { Caller } from '../actor';
import type { Result } from '../user-error';
import { changeListing } from './change-listing';
import type { ListingDependencies } from './dependencies';
import type { ListingReference } from './requests';

/** Puts an own, approved listing on sale once its play package is built: APPROVED → LIVE. */
export function publishListing(dependencies: ListingDependencies) {
  return (caller: Caller, { id, expectedVersion }: ListingReference): Promise<Result<ListingId>> =>
    changeListing(dependencies, caller, { id, expectedVersion, role: 'provider', command: { type: 'publish' } });
}
