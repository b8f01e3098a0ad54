import type { PageRequest } from '../../application/ports/page';
import type { CouponFilter, CouponReader } from '../../application/ports/readers';
import type { Tx } from '../../application/ports/unit-of-work';
import { codeKeyOf } from '../../domain/coupon/coupon';
import type { Coupon, OfferedCoupon } from '../../domain/coupon/coupon';
import type { CouponId } from '../../domain/ids';
import { COUPON_COLUMNS, couponOf, offeredCouponOf } from './coupon-rows';
import type { CouponReadRow, OfferedCouponRow } from './coupon-rows';
import { Conditions, countRows, readPage } from './keyset';
import { AMONG_IDS } from './rows';
import { inside } from './transaction';

const COUPONS = 'marketplace.coupon';

/** Coupons for those who gave them, and one by its code for whoever knows that. */
export class PostgresCouponReader implements CouponReader {
  async byIds(tx: Tx, ids: readonly CouponId[]): Promise<Coupon[]> {
    return (await inside(tx).prepared<CouponReadRow>('coupons-by-ids', `select ${COUPON_COLUMNS} from ${COUPONS} where id = ${AMONG_IDS}`, [ids])).map(couponOf);
  }

  page(tx: Tx, filter: CouponFilter, page: PageRequest) {
    return readPage(tx, {
      columns: COUPON_COLUMNS, from: COUPONS, conditions: conditionsOf(filter), key: { column: 'created_at', type: 'timestamptz', direction: 'desc' },
      nodeOf: (row: CouponReadRow) => couponOf(row), keyOf: (coupon) => ({ key: coupon.createdAt.toISOString(), id: coupon.id }),
    }, page);
  }

  count(tx: Tx, filter: CouponFilter): Promise<number> {
    return countRows(tx, COUPONS, conditionsOf(filter));
  }

  async offered(tx: Tx, code: string): Promise<OfferedCoupon | null> {
    const key = codeKeyOf(code);
    if (key.includes('\u0000') || !key.isWellFormed()) return null; // PostgreSQL can hold neither, so no coupon has such a code
    const [row] = await inside(tx).prepared<OfferedCouponRow>('coupon-by-code', 'select * from marketplace.coupon_by_code($1)', [key]);
    return row ? offeredCouponOf(row) : null;
  }
}

function conditionsOf({ code }: CouponFilter): Conditions {
  return new Conditions().where(code === undefined ? undefined : codeKeyOf(code), (p) => `code_key = ${p}`);
}
