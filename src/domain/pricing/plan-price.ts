import { type CurrencyCode, money, type Money } from '../money';
import type { PricingPlan } from './plan';

/** The lowest price of a listing, as "from …" shows it. */
export interface LowestPrice {
  readonly price: Money;
  readonly plan: PricingPlan;
  /** True where the plan brings several seats and `price` is that of one of them. */
  readonly perSeat: boolean;
}

export function priceOf(plan: Pick<PricingPlan, 'prices'>, currency: CurrencyCode): Money | null {
  return plan.prices.find((price) => price.currency === currency) ?? null;
}

interface Offer {
  readonly plan: PricingPlan;
  readonly unit: Money;
  readonly seats: bigint;
}

/**
 * The cheapest way for one learner to get in, among the active plans that are offered in the currency; null: none is.
 * A plan with several seats counts by its price per seat, rounded half-up to the minor unit for display; a site
 * licence has no number of seats to divide by and counts whole. Plans are compared by the exact quotient, so that
 * rounding decides nothing; of equals, first what can be bought for one seat alone, then the earlier in `plans`.
 */
export function lowestPrice(plans: readonly PricingPlan[], currency: CurrencyCode): LowestPrice | null {
  const best = plans.flatMap((plan) => offerOf(plan, currency)).sort(cheaper)[0];
  if (best === undefined) return null;
  const { plan, unit, seats } = best;
  return { price: money((2n * unit.amountMinor + seats) / (2n * seats), currency), plan, perSeat: seats > 1n };
}

function offerOf(plan: PricingPlan, currency: CurrencyCode): Offer[] {
  const unit = plan.active ? priceOf(plan, currency) : null;
  return unit === null ? [] : [{ plan, unit, seats: BigInt(plan.terms.seatsIncluded ?? 1) }];
}

/** Stable, so that equals keep the order of the plans. */
function cheaper(left: Offer, right: Offer): number {
  const difference = left.unit.amountMinor * right.seats - right.unit.amountMinor * left.seats;
  if (difference !== 0n) return difference < 0n ? -1 : 1;
  return Number(left.seats > 1n) - Number(right.seats > 1n);
}
