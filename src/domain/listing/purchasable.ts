import type { PricingPlan } from '../pricing/plan';
import type { CourseVersion, Listing } from './listing';

/** Contract `Listing.purchasable`: LIVE, play package built, and an active plan. */
export function isPurchasable(listing: Pick<Listing, 'status'>, courseVersion: Pick<CourseVersion, 'playPackageId'> | null, plans: readonly Pick<PricingPlan, 'active'>[]): boolean {
  return listing.status === 'LIVE' && courseVersion?.playPackageId != null && plans.some((plan) => plan.active);
}
