import { type CourseId, type CourseVersionId, type ListingId, parseId } from '../../domain/ids';
import { draftListing } from '../../domain/listing/decide';
import { checkCopy } from '../../domain/listing/copy';
import { under } from '../../domain/problem';
import type { AuthenticatedUser, Caller } from '../actor';
import { ok, refused, type Result, type UserError } from '../user-error';
import { inRole, noSuchVersion, roleMissing } from './authorise';
import { courseVersionOf } from './course-version-of';
import type { ListingDependencies } from './dependencies';
import { copyOf } from './listing-copy';
import type { CreateListingInput } from './requests';

const VERSION_AT = ['input', 'courseVersionId'];

interface Target {
  readonly courseId: CourseId;
  readonly courseVersionId: CourseVersionId;
}

/** A new listing in DRAFT, for a course version that exists and is the caller's tenant's own. */
export function createListing(dependencies: ListingDependencies) {
  return async (caller: Caller, input: CreateListingInput): Promise<Result<ListingId>> => {
    if (!inRole(caller, 'provider')) return refused(roleMissing('provider'));
    const target = await ownCourseVersion(dependencies, caller, input);
    const problems = under<UserError>(['input'], checkCopy(copyOf(input)));
    if (!target.ok) return refused(...target.errors, ...problems);
    if (problems.length > 0) return refused(...problems);
    return store(dependencies, caller, target.value, input);
  };
}

async function ownCourseVersion(dependencies: ListingDependencies, caller: AuthenticatedUser, input: CreateListingInput): Promise<Result<Target>> {
  const courseId = parseId<CourseId>(input.courseId);
  const courseVersionId = parseId<CourseVersionId>(input.courseVersionId);
  if (courseId === null || courseVersionId === null) return refused(noSuchVersion(VERSION_AT));
  const known = await courseVersionOf(dependencies, caller, courseId, courseVersionId, ({ ownerTenantId }) => ownerTenantId !== null);
  if (!known.ok) return known;
  const own = known.value?.ownerTenantId === caller.tenantId && known.value.courseId === courseId;
  return own ? ok({ courseId, courseVersionId }) : refused(noSuchVersion(VERSION_AT));
}

async function store({ unitOfWork, listings }: ListingDependencies, caller: AuthenticatedUser, target: Target, input: CreateListingInput): Promise<Result<ListingId>> {
  return unitOfWork.run(caller, async (tx) => {
    const identity = { id: tx.ids.next<ListingId>(), providerTenantId: caller.tenantId, ...target };
    const decision = draftListing(identity, copyOf(input), { actorId: caller.userId, now: tx.now });
    if (!decision.ok) return refused(...under<UserError>(['input'], decision.problems));
    await listings.add(tx, { listing: decision.listing, transition: decision.transition });
    return ok(decision.listing.id);
  }, { commit: 'listing.create' });
}
