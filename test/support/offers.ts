import { v7 } from 'uuid';
import type { CourseId, CourseVersionId, ListingId, PricingPlanId, TenantId } from '../../src/domain/ids';
import type { BillingInterval, PlanKind, PlanTerms } from '../../src/domain/pricing/plan';

/** A plan of a listing, with what an order for it needs to know. */
export interface Offer {
  readonly planId: PricingPlanId;
  readonly listingId: ListingId;
  readonly courseId: CourseId;
  readonly courseVersionId: CourseVersionId;
  readonly providerTenantId: TenantId;
}
export interface OfferDetails {
  readonly kind?: PlanKind;
  /** Minor units by currency. Default 49.00 EUR. */
  readonly prices?: Readonly<Record<string, number>>;
  readonly seatsIncluded?: number | null;
  readonly accessDays?: number | null;
  readonly billingInterval?: BillingInterval | null;
  readonly trialDays?: number;
  readonly seatReassignmentLimit?: number | null;
  /** How far the listing has come. Default LIVE. */
  readonly status?: 'APPROVED' | 'LIVE' | 'SUSPENDED';
  readonly active?: boolean;
  /** Another plan for a course that is on sale already. */
  readonly sameCourseAs?: Offer;
}

type Sql = (text: string, values?: readonly unknown[]) => Promise<unknown>;

/** Puts a course on sale by writing the rows that the use cases would leave behind. */
export async function putOnSale(sql: Sql, details: OfferDetails = {}): Promise<Offer> {
  const offer: Offer = {
    courseId: v7() as CourseId, courseVersionId: v7() as CourseVersionId, providerTenantId: v7() as TenantId, ...details.sameCourseAs,
    planId: v7() as PricingPlanId, listingId: v7() as ListingId,
  };
  await writeListing(sql, offer, details.status ?? 'LIVE');
  await writePlan(sql, offer, details);
  return offer;
}

async function writeListing(sql: Sql, { listingId, courseId, courseVersionId, providerTenantId }: Offer, status: string): Promise<void> {
  await sql(`insert into marketplace.course_version (course_version_id, course_id, owner_tenant_id, title, published_at, play_package_id, package_format, built_at)
    values ($1, $2, $3, 'Knots', now(), 'package-1', 'CMI5', now()) on conflict do nothing`, [courseVersionId, courseId, providerTenantId]);
  await sql(`insert into marketplace.listing (id, provider_tenant_id, course_id, course_version_id, title, description, status, created_at, updated_at)
    values ($1, $2, $3, $4, 'Knots for sailors', 'Twelve knots that hold.', 'DRAFT', now(), now())`, [listingId, providerTenantId, courseId, courseVersionId]);
  const way = ['SUBMITTED', 'APPROVED', 'LIVE', 'SUSPENDED'];
  for (const next of way.slice(0, way.indexOf(status) + 1)) {
    await sql(`update marketplace.listing set suspended_from = case when $2 = 'SUSPENDED' then status end, status = $2 where id = $1`, [listingId, next]);
  }
}

async function writePlan(sql: Sql, { planId, listingId, providerTenantId }: Offer, { kind = 'ONE_TIME', prices = { EUR: 4900 }, seatsIncluded = kind === 'SITE_LICENSE' ? null : 1, accessDays = null, billingInterval = kind === 'SUBSCRIPTION' ? 'MONTH' : null, trialDays = 0, seatReassignmentLimit = null, active = true }: OfferDetails): Promise<void> {
  const terms: PlanTerms = {
    name: 'For one', kind, seatsIncluded, accessDays, perpetualOffline: false, billingInterval, intervalCount: billingInterval ? 1 : null, trialDays, refundPolicy: { windowDays: 14, partial: true }, seatReassignmentLimit,
  };
  await sql('insert into marketplace.pricing_plan (id, listing_id, provider_tenant_id, kind, active, created_at) values ($1, $2, $3, $4, $5, now())', [planId, listingId, providerTenantId, kind, active]);
  await sql('insert into marketplace.pricing_plan_revision (plan_id, revision, provider_tenant_id, terms, valid_from) values ($1, 1, $2, $3, now())', [planId, providerTenantId, terms]);
  for (const [currency, amount] of Object.entries(prices)) {
    await sql('insert into marketplace.pricing_plan_price (plan_id, revision, provider_tenant_id, currency, amount_minor) values ($1, 1, $2, $3, $4)', [planId, providerTenantId, currency, amount]);
  }
}
