import { type CourseVersionId, type ListingId, parseId } from '../../domain/ids';
import type { CourseVersion, Listing } from '../../domain/listing/listing';
import type { Caller } from '../actor';
import { ok, refused, type Result } from '../user-error';
import { inRole, isOwnedBy, noSuchListing, noSuchVersion, notYourListing, roleMissing } from './authorise';
import { changeListing } from './change-listing';
import { courseVersionOf } from './course-version-of';
import type { ListingDependencies } from './dependencies';
import type { RetargetListingInput } from './requests';

/**
 * Lets an own listing sell another published version of the same course: a draft freely, one that has been reviewed
 * only where that version's package is built. What was sold stays on its version.
 */
export function retargetListing(dependencies: ListingDependencies) {
  return async (caller: Caller, { id, courseVersionId, expectedVersion }: RetargetListingInput): Promise<Result<ListingId>> => {
    if (!inRole(caller, 'provider')) return refused(roleMissing('provider'));
    const listing = await read(dependencies, caller, id);
    if (listing === null) return refused(noSuchListing(['id']));
    if (!isOwnedBy(listing, caller)) return refused(notYourListing(['id']));
    const target = await versionOfSameCourse(dependencies, caller, listing, courseVersionId);
    if (!target.ok) return target;
    return changeListing(dependencies, caller, { id, expectedVersion, role: 'provider', command: { type: 'retarget', courseVersion: target.value } });
  };
}

async function read({ unitOfWork, readers }: ListingDependencies, caller: Caller, id: string): Promise<Listing | null> {
  const listingId = parseId<ListingId>(id);
  if (listingId === null) return null;
  const [listing = null] = await unitOfWork.run(caller, (tx) => readers.listings.byIds(tx, [listingId]));
  return listing;
}

/** Remote, so before the transaction. What it finds cannot become untrue: versions are never unpublished or given away. */
async function versionOfSameCourse(dependencies: ListingDependencies, caller: Caller, { courseId, providerTenantId }: Listing, text: string): Promise<Result<CourseVersion>> {
  const courseVersionId = parseId<CourseVersionId>(text);
  if (courseVersionId === null) return refused(noSuchVersion(['courseVersionId']));
  const known = await courseVersionOf(dependencies, caller, courseId, courseVersionId, ({ ownerTenantId, publishedAt }) => ownerTenantId !== null && publishedAt !== null);
  if (!known.ok) return known;
  const own = known.value?.courseId === courseId && known.value.ownerTenantId === providerTenantId;
  return own ? ok(known.value) : refused(noSuchVersion(['courseVersionId']));
}
