import type { Order } from '../../domain/order/order';
import { capOf } from '../../domain/pricing/purchase-policy';
import type { PurchasePolicy } from '../../domain/pricing/purchase-policy';
import type { Tx } from '../ports/unit-of-work';
import { couponRefused } from '../pricing/coupon-request';
import type { AppliedCoupon } from '../pricing/coupon-request';
import { capExceeded } from '../pricing/tenant-policy';
import { Refusal } from '../user-error';
import { couponUsed } from './coupon-events';
import type { OrderDependencies } from './order-dependencies';

/**
 * Reserves what others compete for, coupon before cap, as the last things of the placing transaction: both rows stay
 * locked until the commit. Thrown rather than returned where another order was faster: everything stored has to go.
 */
export async function reserve(tx: Tx, { coupons, spend, outbox }: Pick<OrderDependencies, 'coupons' | 'spend' | 'outbox'>, order: Order, coupon: AppliedCoupon | null, policy: PurchasePolicy): Promise<void> {
  const nothingToPay = order.total.amountMinor === 0n;
  if (coupon) {
    const use = { couponId: coupon.id, code: coupon.code, orderId: order.id, discount: coupon.total };
    if (!(await coupons.reserve(tx, use, nothingToPay))) throw new Refusal([couponRefused('COUPON_EXHAUSTED', coupon.code)]);
    if (nothingToPay) await outbox.append(tx, [couponUsed('redeemed', order.tenantId, use)], order.id);
  }
  if (nothingToPay) return;
  const { perMonthMinor } = capOf(policy, order.currency);
  if (await spend.reserve(tx, order.id, order.total, perMonthMinor)) return;
  throw new Refusal([capExceeded({ per: 'month', capMinor: perMonthMinor ?? 0n }, order.total)]);
}
