import type { ListingId } from '../../domain/ids';
import type { Caller } from '../actor';
import type { Result } from '../user-error';
import { changeListing } from './change-listing';
import type { ListingDependencies } from './dependencies';
import type { RejectListingInput } from './requests';

/** Sends a listing back to its provider: SUBMITTED → DRAFT, with the reason for them to read. */
export function rejectListing(dependencies: ListingDependencies) {
  return (caller: Caller, { id, expectedVersion, reason }: RejectListingInput): Promise<Result<ListingId>> =>
    changeListing(dependencies, caller, { id, expectedVersion, role: 'platform_admin', command: { type: 'reject', reason } });
}
