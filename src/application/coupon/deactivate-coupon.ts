import { parseId } from '../../domain/ids';
import type { CouponId } from '../../domain/ids';
import type { Caller } from '../actor';
import { ok, refused, userError } from '../user-error';
import type { Result } from '../user-error';
import type { CouponDependencies } from './dependencies';

/** Switches a coupon off for good. Orders that have it already keep it. */
export function deactivateCoupon({ unitOfWork, coupons }: Pick<CouponDependencies, 'unitOfWork' | 'coupons'>) {
  return async (caller: Caller, text: string): Promise<Result<CouponId>> => {
    const id = parseId<CouponId>(text);
    if (id === null) return noSuchCoupon();
    return unitOfWork.run(caller, async (tx) => ((await coupons.deactivate(tx, id)) ? ok(id) : noSuchCoupon()), { commit: 'coupon.deactivate' });
  };
}

function noSuchCoupon(): Result<never> {
  return refused(userError('NOT_FOUND', 'There is no such coupon.', ['id']));
}
