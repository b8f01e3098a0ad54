import type { ListingId } from '../../domain/ids';
import type { Caller } from '../actor';
import type { Result } from '../user-error';
import { changeListing } from './change-listing';
import type { ListingDependencies } from './dependencies';
import { copyChangesOf } from './listing-copy';
import type { UpdateListingInput } from './requests';

/** Edits the marketing copy of an own listing, in any status but SUBMITTED and ARCHIVED. Each edit is a version. */
export function updateListing(dependencies: ListingDependencies) {
  return (caller: Caller, input: UpdateListingInput): Promise<Result<ListingId>> => changeListing(dependencies, caller, {
    id: input.id, expectedVersion: input.expectedVersion, role: 'provider', argumentsAt: ['input'],
    command: { type: 'update', copy: copyChangesOf(input) },
  });
}
