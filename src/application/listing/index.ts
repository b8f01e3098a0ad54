import type { ListingId, PricingPlanId, TenantId } from '../../domain/ids';
import type { Caller } from '../actor';
import { createPricingPlan } from '../pricing/create-pricing-plan';
import type { CreatePricingPlanInput } from '../pricing/create-pricing-plan-request';
import { retirePricingPlan } from '../pricing/retire-pricing-plan';
import { revisePricingPlan } from '../pricing/revise-pricing-plan';
import type { RevisePricingPlanInput } from '../pricing/revise-pricing-plan-request';
import type { Result } from '../user-error';
import { approveListing } from './approve-listing';
import { archiveListing } from './archive-listing';
import { createListing } from './create-listing';
import type { ListingDependencies } from './dependencies';
import { featureListing } from './feature-listing';
import { providerVerified } from './provider-verified';
import { publishListing } from './publish-listing';
import { reinstateListing } from './reinstate-listing';
import { rejectListing } from './reject-listing';
import type { ApproveListingInput, CreateListingInput, FeatureListingInput, ListingReference, RetargetListingInput, RejectListingInput, SuspendListingInput, UpdateListingInput } from './requests';
import { retargetListing } from './retarget-listing';
import { submitListing } from './submit-listing';
import { suspendListing } from './suspend-listing';
import { updateListing } from './update-listing';
import { withdrawListing } from './withdraw-listing';

export type { ListingDependencies } from './dependencies';
export type * from './requests';
export type { CreatePricingPlanInput } from '../pricing/create-pricing-plan-request';

/**
 * Everything that changes a listing or its plans. Each answers with the id of what it changed, or with every problem
 * at once; paths are those of the GraphQL arguments (`input.…`, `id`, `expectedVersion`, `reason`). None throws for
 * what a caller can cause.
 */
export interface ListingUseCases {
  createListing(caller: Caller, input: CreateListingInput): Promise<Result<ListingId>>;
  updateListing(caller: Caller, input: UpdateListingInput): Promise<Result<ListingId>>;
  submitListing(caller: Caller, listing: ListingReference): Promise<Result<ListingId>>;
  withdrawListing(caller: Caller, listing: ListingReference): Promise<Result<ListingId>>;
  publishListing(caller: Caller, listing: ListingReference): Promise<Result<ListingId>>;
  approveListing(caller: Caller, input: ApproveListingInput): Promise<Result<ListingId>>;
  rejectListing(caller: Caller, input: RejectListingInput): Promise<Result<ListingId>>;
  suspendListing(caller: Caller, input: SuspendListingInput): Promise<Result<ListingId>>;
  reinstateListing(caller: Caller, listing: ListingReference): Promise<Result<ListingId>>;
  retargetListing(caller: Caller, input: RetargetListingInput): Promise<Result<ListingId>>;
  featureListing(caller: Caller, input: FeatureListingInput): Promise<Result<ListingId>>;
  archiveListing(caller: Caller, listing: ListingReference): Promise<Result<ListingId>>;
  createPricingPlan(caller: Caller, input: CreatePricingPlanInput): Promise<Result<PricingPlanId>>;
  revisePricingPlan(caller: Caller, input: RevisePricingPlanInput): Promise<Result<PricingPlanId>>;
  retirePricingPlan(caller: Caller, id: string): Promise<Result<PricingPlanId>>;
  /** Asks tenant-service about a provider's identity, past every cache. */
  providerVerified(providerTenantId: TenantId): Promise<Result<boolean>>;
}

export function listingUseCases(dependencies: ListingDependencies): ListingUseCases {
  return {
    createListing: createListing(dependencies),
    updateListing: updateListing(dependencies),
    submitListing: submitListing(dependencies),
    withdrawListing: withdrawListing(dependencies),
    publishListing: publishListing(dependencies),
    approveListing: approveListing(dependencies),
    rejectListing: rejectListing(dependencies),
    suspendListing: suspendListing(dependencies),
    reinstateListing: reinstateListing(dependencies),
    retargetListing: retargetListing(dependencies),
    featureListing: featureListing(dependencies),
    archiveListing: archiveListing(dependencies),
    createPricingPlan: createPricingPlan(dependencies),
    revisePricingPlan: revisePricingPlan(dependencies),
    retirePricingPlan: retirePricingPlan(dependencies),
    providerVerified: providerVerified(dependencies),
  };
}
