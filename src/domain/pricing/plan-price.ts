import { type CurrencyCode, money, type Money } from '../money';
import type { BillingInterval, PricingPlan } from './plan';

/** The lowest price of a listing, as "from …" shows it. */
export interface LowestPrice {
  readonly price: Money;
  readonly plan: PricingPlan;
  /** True where the plan brings several seats and `price` is that of one of them. */
  readonly perSeat: boolean;
  /** Of a subscription: the price is for one such interval. Null for a single payment. */
  readonly per: BillingInterval | null;
}

export function priceOf(plan: Pick<PricingPlan, 'prices'>, currency: CurrencyCode): Money | null {
  return plan.prices.find((price) => price.currency === currency) ?? null;
}

interface Offer {
  readonly plan: PricingPlan;
  readonly unit: Money;
  /** What the price is divided by: seats, and intervals of a period. */
  readonly shares: bigint;
  readonly seats: bigint;
}

/**
 * The cheapest way for one learner to get in, among the active plans that are offered in the currency; null: none is.
 * A plan with several seats counts by its price per seat, rounded half-up to the minor unit for display; a site
 * licence has no number of seats to divide by and counts whole. Plans are compared by the exact quotient, so that
 * rounding decides nothing; a subscription counts by the price of one interval; of equals, first what can be bought for one seat alone, then the earlier in `plans`.
 */
export function lowestPrice(plans: readonly PricingPlan[], currency: CurrencyCode): LowestPrice | null {
  const best = plans.flatMap((plan) => offerOf(plan, currency)).sort(cheaper)[0];
  if (best === undefined) return null;
  const { plan, unit, shares, seats } = best;
  return { price: money((2n * unit.amountMinor + shares) / (2n * shares), currency), plan, perSeat: seats > 1n, per: plan.terms.billingInterval };
}

function offerOf(plan: PricingPlan, currency: CurrencyCode): Offer[] {
  const unit = plan.active ? priceOf(plan, currency) : null;
  const seats = BigInt(plan.terms.seatsIncluded ?? 1);
  return unit === null ? [] : [{ plan, unit, seats, shares: seats * BigInt(plan.terms.intervalCount ?? 1) }];
}

/** Stable, so that equals keep the order of the plans. */
function cheaper(left: Offer, right: Offer): number {
  const difference = left.unit.amountMinor * right.shares - right.unit.amountMinor * left.shares;
  if (difference !== 0n) return difference < 0n ? -1 : 1;
  return Number(left.seats > 1n) - Number(right.seats > 1n);
}
