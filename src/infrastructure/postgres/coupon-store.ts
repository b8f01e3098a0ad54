import { CouponRow } from '../../../entities/coupon';
import type { CouponStore, CouponUse } from '../../application/ports/coupons';
import type { Tx } from '../../application/ports/unit-of-work';
import { codeKeyOf } from '../../domain/coupon/coupon';
import type { Coupon } from '../../domain/coupon/coupon';
import type { CouponId, OrderId } from '../../domain/ids';
import { couponRowOf } from './coupon-rows';
import { moneyOf } from './rows';
import { inside } from './transaction';

const REDEEM = `with used as (
    update marketplace.coupon_redemption set state = 'REDEEMED', redeemed_at = $2 where order_id = $1 and state = 'RESERVED'
    returning coupon_id, order_id, discount_minor, currency)
  update marketplace.coupon c set reserved = c.reserved - 1, redeemed = c.redeemed + 1 from used where c.id = used.coupon_id
  returning c.id, c.code, used.order_id, used.discount_minor, used.currency`;

const RELEASE = `with held as (select order_id, state from marketplace.coupon_redemption where order_id = $1 and state <> 'RELEASED' for update),
  used as (
    update marketplace.coupon_redemption r set state = 'RELEASED', released_at = $2 from held where r.order_id = held.order_id
    returning r.coupon_id, r.order_id, r.tenant_id, r.buyer_id, r.discount_minor, r.currency, held.state as held_as),
  of_tenant as (
    update marketplace.coupon_tenant_use u set used = u.used - 1 from used where u.coupon_id = used.coupon_id and u.tenant_id = used.tenant_id),
  of_buyer as (
    update marketplace.coupon_buyer_use u set used = u.used - 1 from used
    where u.coupon_id = used.coupon_id and u.tenant_id = used.tenant_id and u.buyer_id = used.buyer_id)
  update marketplace.coupon c set reserved = c.reserved - (used.held_as = 'RESERVED')::integer, redeemed = c.redeemed - (used.held_as = 'REDEEMED')::integer
  from used where c.id = used.coupon_id
  returning c.id, c.code, used.order_id, used.discount_minor, used.currency`;

interface UseRow { id: CouponId; code: string; order_id: OrderId; discount_minor: bigint; currency: string }

/** Coupons; callers reserve through a function of the database, redeeming and releasing is the worker's. */
export class PostgresCouponStore implements CouponStore {
  async add(tx: Tx, coupon: Coupon): Promise<boolean> {
    const { raw } = await inside(tx).entities.createQueryBuilder().insert().into(CouponRow).values(couponRowOf(coupon, codeKeyOf(coupon.code)))
      .orIgnore().returning('id').execute();
    return (raw as unknown[]).length > 0;
  }

  async deactivate(tx: Tx, id: CouponId): Promise<boolean> {
    const rows = await inside(tx).prepared('coupon-deactivate', 'update marketplace.coupon set active = false where id = $1 returning id', [id]);
    return rows.length > 0;
  }

  async reserve(tx: Tx, { couponId, orderId, discount }: CouponUse, atOnce: boolean): Promise<boolean> {
    const [row] = await inside(tx).prepared<{ reserved: boolean }>('coupon-reserve', 'select marketplace.reserve_coupon($1, $2, $3, $4, $5) as reserved',
      [orderId, couponId, discount.amountMinor, discount.currency, atOnce]);
    return row?.reserved ?? false;
  }

  redeem(tx: Tx, orderId: OrderId): Promise<CouponUse | null> {
    return use(tx, 'coupon-redeem', REDEEM, orderId);
  }

  release(tx: Tx, orderId: OrderId): Promise<CouponUse | null> {
    return use(tx, 'coupon-release', RELEASE, orderId);
  }
}

async function use(tx: Tx, name: string, statement: string, orderId: OrderId): Promise<CouponUse | null> {
  const [row] = await inside(tx).prepared<UseRow>(name, statement, [orderId, inside(tx).now]);
  return row ? { couponId: row.id, code: row.code, orderId: row.order_id, discount: moneyOf(row.discount_minor, row.currency) } : null;
}
