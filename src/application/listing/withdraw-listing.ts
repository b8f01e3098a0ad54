import type { ListingId } from '../../domain/ids';
import type { Caller } from '../actor';
import type { Result } from '../user-error';
import { changeListing } from './change-listing';
import type { ListingDependencies } from './dependencies';
import type { ListingReference } from './requests';

/** Takes an own listing back from review: SUBMITTED → DRAFT. */
export function withdrawListing(dependencies: ListingDependencies) {
  return (caller: Caller, { id, expectedVersion }: ListingReference): Promise<Result<ListingId>> =>
    changeListing(dependencies, caller, { id, expectedVersion, role: 'provider', command: { type: 'withdraw' } });
}
