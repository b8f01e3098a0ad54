import type { CouponFunding } from '../../domain/coupon/coupon';
import type { PriceText } from '../../domain/pricing/plan-prices';

/** A coupon as it comes from outside; absent and null mean the same. Contract `CreateCouponInput`. */
export interface CreateCouponInput {
  readonly code: string;
  readonly funding?: CouponFunding | null | undefined;
  readonly percentOff?: string | null | undefined;
  readonly amountOff?: PriceText | null | undefined;
  readonly startsAt?: Date | null | undefined;
  readonly endsAt?: Date | null | undefined;
  readonly maxRedemptions?: number | null | undefined;
  readonly maxRedemptionsPerTenant?: number | null | undefined;
  readonly maxRedemptionsPerBuyer?: number | null | undefined;
  readonly minimumSubtotal?: PriceText | null | undefined;
  readonly listingIds?: readonly string[] | null | undefined;
  readonly tenantIds?: readonly string[] | null | undefined;
}
