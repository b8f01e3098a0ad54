import type { LicenseId, ListingId, OrderId, PricingPlanId, SubscriptionId, TenantId, UserId } from '../../domain/ids';
import type { CurrencyCode } from '../../domain/money';
import type { PlanTerms } from '../../domain/pricing/plan';
import type { Subscription, SubscriptionState } from '../../domain/subscription/subscription';
import { moneyOf } from './rows';
import { termsOf } from './terms';

export interface SubscriptionRow {
  id: SubscriptionId; tenant_id: TenantId; buyer_id: UserId | null; license_id: LicenseId; listing_id: ListingId; plan_id: PricingPlanId; plan_revision: number;
  terms: PlanTerms; quantity: number; unit_price_minor: bigint; currency: CurrencyCode; state: SubscriptionState; anchor_at: Date; trial: boolean; period: number;
  current_period_start: Date; current_period_end: Date; cancel_at_period_end: boolean; renewal_order_id: OrderId | null; next_retry_at: Date | null;
  grace_ends_at: Date | null; started_at: Date; ended_at: Date | null;
}

/** Columns of a subscription `s`. */
export const SUBSCRIPTION_COLUMNS = `s.id, s.tenant_id, s.buyer_id, s.license_id, s.listing_id, s.plan_id, s.plan_revision, s.terms, s.quantity, s.unit_price_minor,
  s.currency, s.state, s.anchor_at, s.trial, s.period, s.current_period_start, s.current_period_end, s.cancel_at_period_end, s.renewal_order_id, s.next_retry_at,
  s.grace_ends_at, s.started_at, s.ended_at`;

export function subscriptionOf(row: SubscriptionRow): Subscription {
  return {
    id: row.id, tenantId: row.tenant_id, buyerId: row.buyer_id, licenseId: row.license_id, listingId: row.listing_id, planId: row.plan_id,
    planRevision: row.plan_revision, terms: termsOf(row.terms), quantity: row.quantity, unitPrice: moneyOf(row.unit_price_minor, row.currency), state: row.state,
    anchorAt: row.anchor_at, trial: row.trial, period: row.period, currentPeriodStart: row.current_period_start, currentPeriodEnd: row.current_period_end,
    cancelAtPeriodEnd: row.cancel_at_period_end, renewalOrderId: row.renewal_order_id, nextRetryAt: row.next_retry_at, graceEndsAt: row.grace_ends_at,
    startedAt: row.started_at, endedAt: row.ended_at,
  };
}
