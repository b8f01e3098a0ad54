import type { CourseId, CourseVersionId, ListingId, PricingPlanId, TenantId, UserId } from '../../src/domain/ids';
import type { CourseVersion, Listing } from '../../src/domain/listing/listing';
import { type CurrencyCode, money } from '../../src/domain/money';
import type { PlanTerms, PricingPlan } from '../../src/domain/pricing/plan';

export const EUR = 'EUR' as CurrencyCode;
export const USD = 'USD' as CurrencyCode;
export const REVIEWER = '0197d7a0-0000-7000-8000-0000000000a1' as UserId;

/** A listing in DRAFT, as unremarkable as can be. */
export function aListing(details: Partial<Listing> = {}): Listing {
  return {
    id: '0197d7a0-0000-7000-8000-000000000001' as ListingId,
    providerTenantId: '0197d7a0-0000-7000-8000-0000000000b1' as TenantId,
    courseId: '0197d7a0-0000-7000-8000-0000000000c1' as CourseId,
    courseVersionId: '0197d7a0-0000-7000-8000-0000000000d1' as CourseVersionId,
    title: 'Knots for sailors', tagline: null, description: 'Twelve knots that hold.', heroImage: null, screenshots: [], tags: ['sailing'], featured: false,
    status: 'DRAFT', statusReason: null, suspendedFrom: null, version: 3,
    createdAt: new Date('2026-01-01T08:00:00.000Z'), updatedAt: new Date('2026-01-02T08:00:00.000Z'), liveAt: null,
    ...details,
  };
}

/** Published and built: nothing keeps it from being sold. */
export function aCourseVersion(details: Partial<CourseVersion> = {}): CourseVersion {
  const { courseId, courseVersionId, providerTenantId } = aListing();
  return { courseVersionId, courseId, ownerTenantId: providerTenantId, publishedAt: new Date('2026-01-01T07:00:00.000Z'), playPackageId: 'package-1', packageFormat: 'CMI5', ...details };
}

/** An active one-time plan for 49.00 EUR. */
export function aPlan({ terms, ...details }: Partial<Omit<PricingPlan, 'terms'>> & { readonly terms?: Partial<PlanTerms> } = {}): PricingPlan {
  const { id: listingId, providerTenantId } = aListing();
  return {
    id: '0197d7a0-0000-7000-8000-0000000000e1' as PricingPlanId,
    listingId, providerTenantId, revision: 1, prices: [money(4900n, EUR)], active: true,
    ...details,
    terms: {
      name: 'For one', kind: 'ONE_TIME', seatsIncluded: 1, accessDays: null, perpetualOffline: false, billingInterval: null, intervalCount: null, trialDays: 0,
      refundPolicy: { windowDays: 14, partial: true }, seatReassignmentLimit: null, ...terms,
    },
  };
}
