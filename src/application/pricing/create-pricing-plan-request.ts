import type { BillingInterval, PlanKind } from '../../domain/pricing/plan';

/** Contract `CreatePricingPlanInput`, as it comes from outside; absent and null mean the default. */
export interface CreatePricingPlanInput {
  readonly listingId: string;
  readonly kind: PlanKind;
  readonly name: string;
  /** `amount` is a decimal text in the currency's main unit: "49.00". */
  readonly prices: readonly { readonly amount: string; readonly currency: string }[];
  readonly seatsIncluded?: number | null | undefined;
  readonly accessDays?: number | null | undefined;
  readonly perpetualOffline?: boolean | null | undefined;
  readonly billingInterval?: BillingInterval | null | undefined;
  readonly intervalCount?: number | null | undefined;
  readonly trialDays?: number | null | undefined;
  readonly refundPolicy?: { readonly windowDays: number; readonly partial: boolean } | null | undefined;
  readonly seatReassignmentLimit?: number | null | undefined;
}
