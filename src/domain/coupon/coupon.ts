import type { CouponId, ListingId, TenantId } from '../ids';
import type { Money } from '../money';

/** Who bears the discount. */
export const COUPON_FUNDINGS = ['PROVIDER', 'PLATFORM'] as const;
export type CouponFunding = (typeof COUPON_FUNDINGS)[number];

/** A percentage in hundredths of a percent (1 to 10,000), or an amount in its own currency. */
export type CouponOff = { readonly kind: 'percent'; readonly hundredths: number } | { readonly kind: 'amount'; readonly amount: Money };

/** What a coupon gives, to whom, on what and when; it never changes, but that it can be deactivated. */
export interface CouponTerms {
  readonly code: string;
  readonly funding: CouponFunding;
  /** Null exactly where the platform bears the discount. */
  readonly providerTenantId: TenantId | null;
  readonly off: CouponOff;
  readonly startsAt: Date | null;
  /** The first instant at which it no longer works. */
  readonly endsAt: Date | null;
  /** Of the lines that it works on. */
  readonly minimumSubtotal: Money | null;
  /** Empty: any. */
  readonly listingIds: readonly ListingId[];
  /** Tenants that may use it; empty: any. */
  readonly tenantIds: readonly TenantId[];
}

/** Bounds on its uses; null: none. */
export interface CouponBounds {
  readonly maxRedemptions: number | null;
  readonly maxRedemptionsPerTenant: number | null;
  readonly maxRedemptionsPerBuyer: number | null;
}

export interface Coupon extends CouponTerms, CouponBounds {
  readonly id: CouponId;
  readonly active: boolean;
  readonly createdAt: Date;
  /** Orders under way that use it. */
  readonly reserved: number;
  /** Orders that were paid with it. */
  readonly redemptions: number;
}

/** A coupon as it stands for one caller, who knows its code. */
export interface OfferedCoupon extends CouponTerms {
  readonly id: CouponId;
  readonly active: boolean;
  /** One of its bounds is reached for the caller. */
  readonly exhausted: boolean;
}

/** Codes are told apart without regard to case or to blanks around them. */
export function codeKeyOf(code: string): string {
  return code.trim().normalize('NFKC').toUpperCase();
}
