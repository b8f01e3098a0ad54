import type { ListingId } from '../../domain/ids';
import type { Caller } from '../actor';
import type { Result } from '../user-error';
import { changeListing } from './change-listing';
import type { ListingDependencies } from './dependencies';
import type { ListingReference } from './requests';

/** Ends an own listing for good, from any status. New sales stop at once; licences live on. */
export function archiveListing(dependencies: ListingDependencies) {
  return (caller: Caller, { id, expectedVersion }: ListingReference): Promise<Result<ListingId>> =>
    changeListing(dependencies, caller, { id, expectedVersion, role: 'provider', command: { type: 'archive' } });
}
