import { applyCoupon } from '../../domain/coupon/discount';
import type { CouponDecision, CouponRefusal } from '../../domain/coupon/discount';
import type { CouponFunding, OfferedCoupon } from '../../domain/coupon/coupon';
import type { CouponId } from '../../domain/ids';
import { zero } from '../../domain/money';
import type { CurrencyCode, Money } from '../../domain/money';
import type { PricedLine } from '../../domain/pricing/quote';
import type { Caller } from '../actor';
import type { CouponReader } from '../ports/readers';
import type { Tx } from '../ports/unit-of-work';
import { userError } from '../user-error';
import type { UserError } from '../user-error';

/** What became of the code in a request. */
export interface CouponOutcome {
  /** As the coupon has it; of an unknown one, as it was asked for. */
  readonly code: string;
  readonly applied: boolean;
  readonly reason: 'COUPON_UNKNOWN' | CouponRefusal | null;
  readonly discount: Money;
}
export interface AppliedCoupon {
  readonly id: CouponId;
  readonly code: string;
  readonly funding: CouponFunding;
  readonly total: Money;
  /** One for each line. */
  readonly discounts: readonly Money[];
}
export interface CouponAnswer {
  readonly outcome: CouponOutcome;
  readonly applied: AppliedCoupon | null;
}

/** What the priced lines have to be for these to be known; while some have no price they are not told. */
const NEED_EVERY_LINE: readonly string[] = ['COUPON_NOT_APPLICABLE', 'COUPON_MINIMUM_NOT_MET'];

/** Looks the code up and applies it; null where it cannot be judged yet, because not every line has a price. */
export async function couponAnswer(
  tx: Tx, coupons: Pick<CouponReader, 'offered'>, caller: Caller, code: string, purchase: { readonly currency: CurrencyCode; readonly lines: readonly PricedLine[]; readonly complete: boolean },
): Promise<CouponAnswer | null> {
  const { currency, lines, complete } = purchase;
  const coupon = await coupons.offered(tx, code);
  if (!coupon) return { outcome: { code, applied: false, reason: 'COUPON_UNKNOWN', discount: zero(currency) }, applied: null };
  const decision = applyCoupon(coupon, {
    lines: lines.map(({ plan, subtotal }) => ({ listingId: plan.listingId, providerTenantId: plan.providerTenantId, subtotal })),
    currency, tenantId: caller.kind === 'user' ? caller.tenantId : null, now: tx.now,
  });
  const known = complete || (!decision.applied && !NEED_EVERY_LINE.includes(decision.reason));
  return known ? answerOf(coupon, decision, currency) : null;
}

function answerOf({ id, code, funding }: OfferedCoupon, decision: CouponDecision, currency: CurrencyCode): CouponAnswer {
  if (!decision.applied) return { outcome: { code, applied: false, reason: decision.reason, discount: zero(currency) }, applied: null };
  const { total, discounts } = decision;
  return { outcome: { code, applied: true, reason: null, discount: total }, applied: { id, code, funding, total, discounts } };
}

const WHY: Readonly<Record<NonNullable<CouponOutcome['reason']>, string>> = {
  COUPON_UNKNOWN: 'There is no coupon with this code.',
  COUPON_EXPIRED: 'The coupon is not valid now.',
  COUPON_EXHAUSTED: 'The coupon has been used as often as it may be.',
  COUPON_NOT_APPLICABLE: 'The coupon does not apply to anything in this order.',
  COUPON_TENANT_RESTRICTED: 'The coupon is not for your organisation.',
  COUPON_MINIMUM_NOT_MET: 'What the coupon applies to does not reach its minimum.',
};

export function couponRefused(reason: NonNullable<CouponOutcome['reason']>, code: string): UserError {
  return userError(reason, WHY[reason], ['input', 'couponCode'], { code });
}
