import type { ListingId } from '../../domain/ids';
import type { Caller } from '../actor';
import type { Result } from '../user-error';
import { changeListing } from './change-listing';
import type { ListingDependencies } from './dependencies';
import type { ListingReference } from './requests';

/** Lifts a suspension: SUSPENDED → what the listing was before, APPROVED or LIVE. */
export function reinstateListing(dependencies: ListingDependencies) {
  return (caller: Caller, { id, expectedVersion }: ListingReference): Promise<Result<ListingId>> =>
    changeListing(dependencies, caller, { id, expectedVersion, role: 'platform_admin', command: { type: 'reinstate' } });
}
