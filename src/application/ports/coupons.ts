import type { Coupon } from '../../domain/coupon/coupon';
import type { CouponId, OrderId } from '../../domain/ids';
import type { Money } from '../../domain/money';
import type { Tx } from './unit-of-work';

/** An order's use of a coupon. */
export interface CouponUse {
  readonly couponId: CouponId;
  readonly code: string;
  readonly orderId: OrderId;
  readonly discount: Money;
}

/** Coupons for writing; {@link CouponReader} is for reading. */
export interface CouponStore {
  /** Stores a new coupon; false when its code is taken. */
  add(tx: Tx, coupon: Coupon): Promise<boolean>;
  /** Switches it off for good, however often it is asked; false: none that the caller may change. */
  deactivate(tx: Tx, id: CouponId): Promise<boolean>;
  /**
   * Counts a use by an order of the caller's: as redeemed where `atOnce` (nothing is to be paid), else as reserved. False:
   * a bound is reached or it was deactivated, and everything has to be rolled back. Locks the coupon: call it last.
   */
  reserve(tx: Tx, use: CouponUse, atOnce: boolean): Promise<boolean>;
  /** RESERVED → REDEEMED; null: the order has no coupon in that state. */
  redeem(tx: Tx, orderId: OrderId): Promise<CouponUse | null>;
  /** Gives the use back, reserved or redeemed, once; null: there is none to give back. */
  release(tx: Tx, orderId: OrderId): Promise<CouponUse | null>;
}
