import type { ListingId } from '../../domain/ids';
import type { Caller } from '../actor';
import type { Result } from '../user-error';
import { changeListing } from './change-listing';
import type { ListingDependencies } from './dependencies';
import type { FeatureListingInput } from './requests';

/** Puts a listing forward, or no longer. Its status stays; the change is a version with an entry of history. */
export function featureListing(dependencies: ListingDependencies) {
  return (caller: Caller, { id, featured }: FeatureListingInput): Promise<Result<ListingId>> =>
    changeListing(dependencies, caller, { id, role: 'platform_admin', command: { type: 'feature', featured } });
}
