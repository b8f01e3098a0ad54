import type { ListingId } from '../../domain/ids';
import type { Caller } from '../actor';
import type { Result } from '../user-error';
import { changeListing } from './change-listing';
import type { ListingDependencies } from './dependencies';
import type { SuspendListingInput } from './requests';

/** Stops new sales at once: APPROVED or LIVE → SUSPENDED. Licences live on. */
export function suspendListing(dependencies: ListingDependencies) {
  return (caller: Caller, { id, reason }: SuspendListingInput): Promise<Result<ListingId>> =>
    changeListing(dependencies, caller, { id, role: 'platform_admin', command: { type: 'suspend', reason } });
}
