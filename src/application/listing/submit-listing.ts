import { type ListingId, parseId } from '../../domain/ids';
import type { Caller } from '../actor';
import { ok, refused, type Result } from '../user-error';
import { inRole, isOwnedBy, roleMissing } from './authorise';
import { changeListing } from './change-listing';
import { courseVersionOf } from './course-version-of';
import type { ListingDependencies } from './dependencies';
import type { ListingReference } from './requests';

/** Hands an own listing in for review: DRAFT → SUBMITTED. Needs a published course version and an active plan. */
export function submitListing(dependencies: ListingDependencies) {
  return async (caller: Caller, { id, expectedVersion }: ListingReference): Promise<Result<ListingId>> => {
    if (!inRole(caller, 'provider')) return refused(roleMissing('provider'));
    const asked = await learnPublication(dependencies, caller, id);
    if (!asked.ok) return asked;
    return changeListing(dependencies, caller, { id, expectedVersion, role: 'provider', command: { type: 'submit' } });
  };
}

/** A version that was published a moment ago, and whose event is still on its way, counts as published. */
async function learnPublication(dependencies: ListingDependencies, caller: Caller, id: string): Promise<Result<null>> {
  const listingId = parseId<ListingId>(id);
  const [listing] = listingId === null ? [] : await dependencies.unitOfWork.run(caller, (tx) => dependencies.readers.listings.byIds(tx, [listingId]));
  if (caller.kind !== 'user' || listing?.status !== 'DRAFT' || !isOwnedBy(listing, caller)) return ok(null);
  const known = await courseVersionOf(dependencies, caller, listing.courseId, listing.courseVersionId, ({ publishedAt }) => publishedAt !== null);
  return known.ok ? ok(null) : known;
}
