import type { CouponStore } from '../ports/coupons';
import type { ListingReader } from '../ports/readers';
import type { UnitOfWork } from '../ports/unit-of-work';

/** What the coupon use cases are made of. */
export interface CouponDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly coupons: CouponStore;
  readonly readers: { readonly listings: Pick<ListingReader, 'byIds'> };
}
