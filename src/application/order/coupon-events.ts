import type { NewEvent } from '../events/event-envelope';
import type { CouponUse } from '../ports/coupons';
import { amountOf } from './order-events';

/** Told of the coupon, in the name of the tenant that used it. */
export function couponUsed(what: 'redeemed' | 'released', tenantId: string, { couponId, code, orderId, discount }: CouponUse): NewEvent {
  return { type: `marketplace.coupon.${what}.v1`, subject: couponId, tenantId, data: { couponId, code, orderId, discount: amountOf(discount) } };
}
