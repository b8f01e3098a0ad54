import type { UserId } from '../ids';
import type { PricingPlan } from '../pricing/plan';
import { invalid, type Problem, under } from '../problem';
import { checkCopy, type ListingCopy, normaliseCopy } from './copy';
import { explainRefusal, type ListingCommandName, possibleCommands, targetOf } from './lifecycle';
import type { CourseVersion, Listing, ListingStatus, ListingTransition } from './listing';
import { checkReason } from '../text';

/** What can be done to a listing that exists; one for each name in the lifecycle. */
export type ListingCommand =
  | { readonly type: 'update'; readonly copy: Partial<ListingCopy> }
  | { readonly type: 'submit' }
  | { readonly type: 'withdraw' }
  | { readonly type: 'approve'; readonly kycVerified: boolean }
  | { readonly type: 'reject'; readonly reason: string }
  | { readonly type: 'publish' }
  | { readonly type: 'suspend'; readonly reason: string }
  | { readonly type: 'reinstate' }
  /** `courseVersion`: a further version of the same course, of the same owner. */
  | { readonly type: 'retarget'; readonly courseVersion: CourseVersion }
  | { readonly type: 'feature'; readonly featured: boolean }
  | { readonly type: 'archive' };

/** What else the decision depends on. */
export interface ListingFacts {
  readonly courseVersion: CourseVersion | null;
  readonly plans: readonly PricingPlan[];
}
/** By whom, and when. */
export interface Occasion {
  readonly actorId: UserId;
  readonly now: Date;
}

export type ListingDecision =
  | { readonly ok: true; readonly listing: Listing; readonly transition: ListingTransition }
  | { readonly ok: false; readonly problems: readonly Problem[] };

type NewListing = Pick<Listing, 'id' | 'providerTenantId' | 'courseId' | 'courseVersionId'>;

/** A new listing, or everything that is wrong with its copy. */
export function draftListing(identity: NewListing, copy: ListingCopy, { actorId, now }: Occasion): ListingDecision {
  const problems = checkCopy(copy);
  if (problems.length > 0) return { ok: false, problems };
  const listing: Listing = {
    ...identity, ...normaliseCopy(copy),
    featured: false, status: 'DRAFT', statusReason: null, suspendedFrom: null, version: 1, createdAt: now, updatedAt: now, liveAt: null,
  };
  return { ok: true, listing, transition: { listingId: listing.id, version: 1, from: null, to: 'DRAFT', reason: null, actorId, at: now } };
}

/** The listing after the command and the entry for its history, or everything that speaks against it. */
export function decideListing(listing: Listing, command: ListingCommand, facts: ListingFacts, { actorId, now }: Occasion): ListingDecision {
  const to = targetOf(listing, command.type);
  if (to === null) return { ok: false, problems: [illegal(listing.status, command.type)] };
  const problems = obstacles(listing, command, facts);
  if (problems.length > 0) return { ok: false, problems };
  const version = listing.version + 1;
  const reason = 'reason' in command ? command.reason.trim() : null;
  return {
    ok: true,
    listing: { ...listing, ...changeOf(listing, command, now), status: to, version, updatedAt: now },
    transition: { listingId: listing.id, version, from: listing.status, to, reason, actorId, at: now },
  };
}

function illegal(status: ListingStatus, command: ListingCommandName): Problem {
  return {
    code: 'ILLEGAL_TRANSITION', message: explainRefusal(status, command), path: [],
    params: { status, command, possible: possibleCommands(status).join(',') },
  };
}

function obstacles(listing: Listing, command: ListingCommand, facts: ListingFacts): Problem[] {
  switch (command.type) {
    case 'update': return checkCopy({ ...listing, ...command.copy });
    case 'submit': return [...unpublished(facts), ...withoutPlan(facts)];
    case 'approve': return command.kycVerified ? [] : [blocker('KYC_NOT_VERIFIED', 'The identity of the provider is not verified; only then can its listings be approved.')];
    case 'publish': return facts.courseVersion?.playPackageId == null
      ? [blocker('PLAY_PACKAGE_NOT_BUILT', 'The play package of this course version is not built yet; the listing can go live once it is.')]
      : [];
    case 'reject':
    case 'suspend': return [checkReason(['reason'], command.reason)].filter((problem) => problem !== null);
    case 'retarget': return unsellable(listing, command.courseVersion);
    case 'withdraw':
    case 'reinstate':
    case 'feature':
    case 'archive': return [];
  }
}

/** A draft may aim at what is yet to be built; what has been reviewed stays ready for sale. */
function unsellable({ status, courseVersionId }: Listing, target: CourseVersion): Problem[] {
  const path = ['courseVersionId'];
  if (target.courseVersionId === courseVersionId) return [invalid(path, 'The listing sells this course version already; name another one.')];
  const problems = [
    ...unpublished({ courseVersion: target }),
    ...(status === 'DRAFT' || target.playPackageId !== null ? [] : [blocker('PLAY_PACKAGE_NOT_BUILT', 'The play package of this course version is not built yet; the listing can sell it once it is.')]),
  ];
  return under(path, problems);
}

function unpublished({ courseVersion }: Pick<ListingFacts, 'courseVersion'>): Problem[] {
  return courseVersion?.publishedAt == null
    ? [blocker('COURSE_VERSION_NOT_PUBLISHED', 'This course version is not published in the catalog yet; publish it there first.')]
    : [];
}

function withoutPlan({ plans }: ListingFacts): Problem[] {
  return plans.some((plan) => plan.active) ? [] : [blocker('NO_ACTIVE_PLAN', 'The listing has no active pricing plan; create one first.')];
}

function blocker(code: Problem['code'], message: string): Problem {
  return { code, message, path: [], params: {} };
}

function changeOf(listing: Listing, command: ListingCommand, now: Date): Partial<Listing> {
  switch (command.type) {
    case 'update': return normaliseCopy({ ...listing, ...command.copy });
    case 'reject': return { statusReason: command.reason.trim() };
    case 'suspend': return { statusReason: command.reason.trim(), suspendedFrom: listing.status === 'LIVE' ? 'LIVE' : 'APPROVED' };
    case 'reinstate': return { statusReason: null, suspendedFrom: null };
    case 'publish': return { statusReason: null, liveAt: now };
    case 'retarget': return { courseVersionId: command.courseVersion.courseVersionId };
    case 'feature': return { featured: command.featured };
    case 'submit':
    case 'withdraw':
    case 'approve': return { statusReason: null };
    case 'archive': return { statusReason: null, suspendedFrom: null };
  }
}
