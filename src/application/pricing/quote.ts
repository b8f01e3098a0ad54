import type { CurrencyCode, Money } from '../../domain/money';
import type { PricingPlan } from '../../domain/pricing/plan';
import type { UserError } from '../user-error';
import type { CouponOutcome } from './coupon-request';

/** What a buyer asks for, already parsed but not yet checked. */
export interface OrderLineRequest {
  readonly pricingPlanId: string;
  readonly quantity: number;
  /** Absent: the buyer, where the plan has one seat; []: nobody yet. */
  readonly learnerIds?: readonly string[];
}
export interface QuoteRequest {
  readonly lines: readonly OrderLineRequest[];
  readonly currency: string;
  readonly couponCode?: string;
  /** The storefront that it is bought in. */
  readonly storefrontSlug?: string;
}

export interface QuoteLine {
  readonly index: number;
  readonly plan: PricingPlan | null;
  readonly quantity: number;
  readonly unitPrice: Money | null;
  readonly subtotal: Money | null;
  readonly discount: Money | null;
  readonly total: Money | null;
}
/** The price as `placeOrder` would make it, and everything that would keep it from doing so. */
export interface Quote {
  readonly currency: CurrencyCode | null;
  readonly lines: readonly QuoteLine[];
  /** Null while problems keep it from being computed. */
  readonly subtotal: Money | null;
  readonly discount: Money | null;
  readonly total: Money | null;
  /** What became of the coupon; null without one, and while it cannot be judged. */
  readonly coupon: CouponOutcome | null;
  readonly problems: readonly UserError[];
}
