import type { CouponFunding } from '../coupon/coupon';
import type { UserId } from '../ids';
import type { CurrencyCode, Money } from '../money';
import type { PlanTerms, PricingPlan } from './plan';
import { money, sum, times, zero } from '../money';

export const MAX_LINES = 50;
export const MAX_QUANTITY = 1_000;
/** Seats of one licence; a site licence has no bound. */
export const MAX_SEATS_PER_LINE = 10_000;

/** A line that can be priced: its plan offers the currency. */
export interface PricedLine {
  readonly plan: PricingPlan;
  readonly quantity: number;
  readonly learnerIds: readonly UserId[];
  readonly unitPrice: Money;
  readonly subtotal: Money;
  readonly discount: Money;
  /** The part of the discount that the platform bears. */
  readonly platformDiscount: Money;
  readonly total: Money;
}

export interface Totals {
  readonly subtotal: Money;
  readonly discount: Money;
  readonly total: Money;
}

export function priceLine(plan: PricingPlan, quantity: number, learnerIds: readonly UserId[], unitPrice: Money): PricedLine {
  const subtotal = times(unitPrice, quantity);
  return { plan, quantity, learnerIds, unitPrice, subtotal, discount: zero(unitPrice.currency), platformDiscount: zero(unitPrice.currency), total: subtotal };
}

/** The line with a discount, which is never more than its subtotal; `bornBy` says at whose expense. */
export function discountLine<Line extends PricedLine>(line: Line, discount: Money, bornBy: CouponFunding): Line {
  const { amountMinor, currency } = line.subtotal;
  return { ...line, discount, platformDiscount: bornBy === 'PLATFORM' ? discount : zero(currency), total: money(amountMinor - discount.amountMinor, currency) };
}

export function totalsOf(lines: readonly PricedLine[], currency: CurrencyCode): Totals {
  const subtotal = sum(lines.map((line) => line.subtotal), currency);
  const discount = sum(lines.map((line) => line.discount), currency);
  const total = sum(lines.map((line) => line.total), currency);
  return { subtotal, discount, total };
}

/** Seats of the licence that a line of this plan becomes; null: unlimited. */
export function seatsOf(terms: PlanTerms, quantity: number): number | null {
  return terms.seatsIncluded === null ? null : terms.seatsIncluded * quantity;
}
