import type { PricingPlan } from '../pricing/plan';
import type { CourseVersion, Listing, ListingStatus } from './listing';

export const LISTING_BLOCKERS = ['COURSE_VERSION_NOT_PUBLISHED', 'PLAY_PACKAGE_NOT_BUILT', 'KYC_NOT_VERIFIED', 'NO_ACTIVE_PLAN', 'NOT_APPROVED'] as const;
export type ListingBlocker = (typeof LISTING_BLOCKERS)[number];

export interface BlockerFacts {
  readonly courseVersion: Pick<CourseVersion, 'publishedAt' | 'playPackageId'> | null;
  readonly plans: readonly Pick<PricingPlan, 'active'>[];
  /** Whether the provider's identity is verified; looked at only where {@link needsVerification}. */
  readonly kycVerified: boolean;
}

/** Identity is asked at approval; once that is done it keeps nothing from going live. */
export function needsVerification({ status }: Pick<Listing, 'status'>): boolean {
  return status === 'DRAFT' || status === 'SUBMITTED';
}

/** Contract `Listing.blockers`: everything that still keeps a listing from going live, in the order of the enum. */
export function blockersOf(listing: Pick<Listing, 'status'>, { courseVersion, plans, kycVerified }: BlockerFacts): ListingBlocker[] {
  const holds: Readonly<Record<ListingBlocker, boolean>> = {
    COURSE_VERSION_NOT_PUBLISHED: courseVersion?.publishedAt == null,
    PLAY_PACKAGE_NOT_BUILT: courseVersion?.playPackageId == null,
    KYC_NOT_VERIFIED: needsVerification(listing) && !kycVerified,
    NO_ACTIVE_PLAN: !plans.some((plan) => plan.active),
    NOT_APPROVED: !isApproved(listing.status),
  };
  return LISTING_BLOCKERS.filter((blocker) => holds[blocker]);
}

/** A suspension takes the approval back for as long as it lasts. */
function isApproved(status: ListingStatus): boolean {
  return status === 'APPROVED' || status === 'LIVE';
}
