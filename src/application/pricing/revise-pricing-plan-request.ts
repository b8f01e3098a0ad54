/**
 * Contract `RevisePricingPlanInput`, as it comes from outside. Absent keeps what is there; null takes back to what a
 * new plan would have: the default refund policy, no reassignment limit. A name and prices a plan always has.
 */
export interface RevisePricingPlanInput {
  readonly id: string;
  readonly name?: string | null | undefined;
  readonly prices?: readonly { readonly amount: string; readonly currency: string }[] | null | undefined;
  readonly refundPolicy?: { readonly windowDays: number; readonly partial: boolean } | null | undefined;
  readonly seatReassignmentLimit?: number | null | undefined;
}
