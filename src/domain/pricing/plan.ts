import type { ListingId, PricingPlanId, TenantId } from '../ids';
import type { Money } from '../money';

export const PLAN_KINDS = ['ONE_TIME', 'SUBSCRIPTION', 'SEAT_PACK', 'SITE_LICENSE'] as const;
export type PlanKind = (typeof PLAN_KINDS)[number];

export const BILLING_INTERVALS = ['MONTH', 'YEAR'] as const;
export type BillingInterval = (typeof BILLING_INTERVALS)[number];

export interface RefundPolicy {
  readonly windowDays: number;
  readonly partial: boolean;
}

/** What is agreed to when a plan is bought: a snapshot that nothing changes afterwards. */
export interface PlanTerms {
  readonly name: string;
  readonly kind: PlanKind;
  /** Null: unlimited (SITE_LICENSE). */
  readonly seatsIncluded: number | null;
  /** Validity in days from the grant; null: perpetual, or until the period's end (SUBSCRIPTION). */
  readonly accessDays: number | null;
  readonly perpetualOffline: boolean;
  /** How long a period is: so many of these; null but for a SUBSCRIPTION. */
  readonly billingInterval: BillingInterval | null;
  readonly intervalCount: number | null;
  /** Days before the first payment; 0 but for a SUBSCRIPTION. */
  readonly trialDays: number;
  readonly refundPolicy: RefundPolicy;
  /** Null: no limit. */
  readonly seatReassignmentLimit: number | null;
}

export interface PlanRevision {
  readonly planId: PricingPlanId;
  readonly revision: number;
  readonly terms: PlanTerms;
  /** At most one per currency. */
  readonly prices: readonly Money[];
  readonly validFrom: Date;
  readonly validUntil: Date | null;
}

/** A plan at its current revision. */
export interface PricingPlan {
  readonly id: PricingPlanId;
  readonly listingId: ListingId;
  readonly providerTenantId: TenantId;
  readonly revision: number;
  readonly terms: PlanTerms;
  readonly prices: readonly Money[];
  readonly active: boolean;
}
