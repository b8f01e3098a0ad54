import type { CouponId } from '../../domain/ids';
import type { Caller } from '../actor';
import type { Result } from '../user-error';
import { createCoupon } from './create-coupon';
import { deactivateCoupon } from './deactivate-coupon';
import type { CouponDependencies } from './dependencies';
import type { CreateCouponInput } from './requests';

export interface CouponUseCases {
  createCoupon(caller: Caller, input: CreateCouponInput): Promise<Result<CouponId>>;
  deactivateCoupon(caller: Caller, id: string): Promise<Result<CouponId>>;
}

export function couponUseCases(dependencies: CouponDependencies): CouponUseCases {
  return { createCoupon: createCoupon(dependencies), deactivateCoupon: deactivateCoupon(dependencies) };
}
