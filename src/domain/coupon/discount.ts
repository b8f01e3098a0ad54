import type { ListingId, TenantId } from '../ids';
import { spread } from '../largest-remainder';
import { money, sum } from '../money';
import type { CurrencyCode, Money } from '../money';
import type { CouponOff, OfferedCoupon } from './coupon';

export type CouponRefusal = 'COUPON_EXPIRED' | 'COUPON_TENANT_RESTRICTED' | 'COUPON_NOT_APPLICABLE' | 'COUPON_MINIMUM_NOT_MET' | 'COUPON_EXHAUSTED';

/** What a coupon has to know of a line. */
export interface DiscountableLine {
  readonly listingId: ListingId;
  readonly providerTenantId: TenantId;
  readonly subtotal: Money;
}
export interface Purchase {
  readonly lines: readonly DiscountableLine[];
  readonly currency: CurrencyCode;
  /** Null: not known, as of an anonymous caller. */
  readonly tenantId: TenantId | null;
  readonly now: Date;
}
export type CouponDecision =
  | { readonly applied: true; readonly discounts: readonly Money[]; readonly total: Money }
  | { readonly applied: false; readonly reason: CouponRefusal };

/** Whether the coupon works for the purchase, and what it takes off each line (domain-rules, "Totals and coupons"). */
export function applyCoupon(coupon: OfferedCoupon, purchase: Purchase): CouponDecision {
  const { lines, currency, tenantId, now } = purchase;
  if (!coupon.active || (coupon.startsAt && now < coupon.startsAt) || (coupon.endsAt && now >= coupon.endsAt)) return refuse('COUPON_EXPIRED');
  if (coupon.tenantIds.length > 0 && !(tenantId && coupon.tenantIds.includes(tenantId))) return refuse('COUPON_TENANT_RESTRICTED');
  const reached = lines.map((line) => reaches(coupon, line, tenantId));
  if (!reached.includes(true) || (coupon.off.kind === 'amount' && coupon.off.amount.currency !== currency)) return refuse('COUPON_NOT_APPLICABLE');
  const subtotal = sum(lines.filter((_, index) => reached[index]).map((line) => line.subtotal), currency);
  const { minimumSubtotal } = coupon;
  if (minimumSubtotal && (minimumSubtotal.currency !== currency || subtotal.amountMinor < minimumSubtotal.amountMinor)) return refuse('COUPON_MINIMUM_NOT_MET');
  if (coupon.exhausted) return refuse('COUPON_EXHAUSTED');
  const total = discountOn(coupon.off, subtotal);
  const parts = spread(total.amountMinor, lines.map((line, index) => (reached[index] ? line.subtotal.amountMinor : 0n)));
  return { applied: true, total, discounts: parts.map((part) => money(part, currency)) };
}

/** A provider's coupon reaches its own lines; the platform pays for nobody who buys from themselves. */
function reaches({ funding, providerTenantId, listingIds }: OfferedCoupon, line: DiscountableLine, tenantId: TenantId | null): boolean {
  if (listingIds.length > 0 && !listingIds.includes(line.listingId)) return false;
  return funding === 'PROVIDER' ? line.providerTenantId === providerTenantId : line.providerTenantId !== tenantId;
}

/** A percentage is rounded once, half-up; an amount takes no more off than there is. */
function discountOn(off: CouponOff, { amountMinor, currency }: Money): Money {
  if (off.kind === 'percent') return money((2n * amountMinor * BigInt(off.hundredths) + 10_000n) / 20_000n, currency);
  return off.amount.amountMinor < amountMinor ? off.amount : money(amountMinor, currency);
}

function refuse(reason: CouponRefusal): CouponDecision {
  return { applied: false, reason };
}
