import * as fc from 'fast-check';
import { EUR, USD } from '../../../test/support/listing-examples';
import type { CouponId, ListingId, TenantId } from '../ids';
import { money } from '../money';
import type { CurrencyCode, Money } from '../money';
import type { CouponOff, OfferedCoupon } from './coupon';
import { applyCoupon } from './discount';
import type { Purchase } from './discount';

const JPY = 'JPY' as CurrencyCode;
const PROVIDER = 'provider' as TenantId;
const OTHER = 'other-provider' as TenantId;
const BUYER = 'buyer' as TenantId;
const NOW = new Date('2026-03-01T12:00:00.000Z');
const at = (offsetMs: number) => new Date(NOW.getTime() + offsetMs);

const percent = (hundredths: number): CouponOff => ({ kind: 'percent', hundredths });
const amount = (amountMinor: bigint, currency = EUR): CouponOff => ({ kind: 'amount', amount: money(amountMinor, currency) });
const aCoupon = (details: Partial<OfferedCoupon> = {}): OfferedCoupon => ({
  id: 'coupon' as CouponId, code: 'SPRING', funding: 'PROVIDER', providerTenantId: PROVIDER, off: percent(1_000), startsAt: null, endsAt: null,
  minimumSubtotal: null, listingIds: [], tenantIds: [], active: true, exhausted: false, ...details,
});
const line = (subtotal: Money, providerTenantId = PROVIDER, listingId = 'listing') => ({ subtotal, providerTenantId, listingId: listingId as ListingId });
const purchase = (subtotals: readonly bigint[], details: Partial<Purchase> = {}): Purchase => {
  const currency = details.currency ?? EUR;
  return { lines: subtotals.map((subtotal) => line(money(subtotal, currency))), tenantId: BUYER, now: NOW, ...details, currency };
};
const discounts = (coupon: OfferedCoupon, bought: Purchase) => {
  const decision = applyCoupon(coupon, bought);
  return decision.applied ? decision.discounts.map(({ amountMinor }) => amountMinor) : decision.reason;
};

describe('the worked examples', () => {
  it.each<[string, CouponOff, Purchase, bigint[]]>([
    ['3 × 33.33 EUR, 10 %: 10.00 off', percent(1_000), purchase([9_999n]), [1_000n]],
    ['10.00 and 20.01, 5.00 off: 1.67 and 3.33', amount(500n), purchase([1_000n, 2_001n]), [167n, 333n]],
    ['three of 0.01, 0.02 off: the earlier two', amount(2n), purchase([1n, 1n, 1n]), [1n, 1n, 0n]],
    ['JPY 1,999, 15 %: 300 off', percent(1_500), purchase([1_999n], { currency: JPY }), [300n]],
    ['100 %: nothing left to pay', percent(10_000), purchase([4_900n, 100n]), [4_900n, 100n]],
    ['an amount above the subtotal takes all of it and no more', amount(99_999n), purchase([4_900n, 100n]), [4_900n, 100n]],
    ['half a cent is rounded up, once', percent(5_000), purchase([1n, 1n, 1n]), [1n, 1n, 0n]],
    ['12.25 % of 49.00: 6.00', percent(1_225), purchase([4_900n]), [600n]],
  ])('%s', (_, off, bought, expected) => {
    expect(discounts(aCoupon({ off }), bought)).toEqual(expected);
  });
});

describe('the lines that a coupon works on', () => {
  const mixed = purchase([], { lines: [line(money(1_000n, EUR)), line(money(1_000n, EUR), OTHER, 'foreign'), line(money(1_000n, EUR), PROVIDER, 'second')] });

  it('are the provider\'s own, for a provider\'s coupon', () => {
    expect(discounts(aCoupon(), mixed)).toEqual([100n, 0n, 100n]);
    expect(discounts(aCoupon({ providerTenantId: 'nobody' as TenantId }), mixed)).toBe('COUPON_NOT_APPLICABLE');
  });
  it('are everybody\'s for the platform\'s, but never the buyer\'s own', () => {
    const platform = aCoupon({ funding: 'PLATFORM', providerTenantId: null });
    expect(discounts(platform, mixed)).toEqual([100n, 100n, 100n]);
    expect(discounts(platform, { ...mixed, tenantId: OTHER })).toEqual([100n, 0n, 100n]);
    expect(discounts(platform, { ...purchase([4_900n]), tenantId: PROVIDER })).toBe('COUPON_NOT_APPLICABLE');
  });
  it('are of the listings that it names', () => {
    expect(discounts(aCoupon({ listingIds: ['second' as ListingId] }), mixed)).toEqual([0n, 0n, 100n]);
    expect(discounts(aCoupon({ listingIds: ['foreign' as ListingId] }), mixed)).toBe('COUPON_NOT_APPLICABLE');
  });
  it('alone count for the minimum', () => {
    expect(discounts(aCoupon({ minimumSubtotal: money(2_000n, EUR) }), mixed)).toEqual([100n, 0n, 100n]);
    expect(discounts(aCoupon({ minimumSubtotal: money(2_001n, EUR) }), mixed)).toBe('COUPON_MINIMUM_NOT_MET');
    expect(discounts(aCoupon({ minimumSubtotal: money(1n, USD) }), mixed)).toBe('COUPON_MINIMUM_NOT_MET');
  });
});

describe('a coupon that does not work', () => {
  it.each<[string, Partial<OfferedCoupon>, Partial<Purchase>]>([
    ['COUPON_EXPIRED', { active: false }, {}],
    ['COUPON_EXPIRED', { startsAt: at(1) }, {}],
    ['COUPON_EXPIRED', { endsAt: at(0) }, {}],
    ['COUPON_TENANT_RESTRICTED', { tenantIds: [OTHER] }, {}],
    ['COUPON_TENANT_RESTRICTED', { tenantIds: [BUYER] }, { tenantId: null }],
    ['COUPON_NOT_APPLICABLE', { off: amount(500n, USD) }, {}],
    ['COUPON_EXHAUSTED', { exhausted: true }, {}],
  ])('says %s: %j', (reason, coupon, bought) => {
    expect(discounts(aCoupon(coupon), purchase([4_900n], bought))).toBe(reason);
  });
  it('is not one that begins this instant, ends the next, and is for this tenant', () => {
    expect(discounts(aCoupon({ startsAt: at(0), endsAt: at(1), tenantIds: [BUYER] }), purchase([4_900n]))).toEqual([490n]);
  });
});

describe('any discount', () => {
  const off = fc.oneof(fc.integer({ min: 1, max: 10_000 }).map(percent), fc.bigInt(1n, 10n ** 12n).map((minor) => amount(minor)));
  const lines = fc.array(fc.record({ subtotal: fc.bigInt(0n, 10n ** 12n), reached: fc.boolean() }), { minLength: 1, maxLength: 50 });

  it('sums exactly, touches only what it reaches, and leaves no line below zero', () => {
    fc.assert(fc.property(off, lines, (given, bought) => {
      const decision = applyCoupon(aCoupon({ off: given }), purchase([], { lines: bought.map(({ subtotal, reached }) => line(money(subtotal, EUR), reached ? PROVIDER : OTHER)) }));
      if (!decision.applied) {
        expect([decision.reason, bought.some(({ reached }) => reached)]).toEqual(['COUPON_NOT_APPLICABLE', false]);
        return;
      }
      const reachable = bought.reduce((sum, { subtotal, reached }) => (reached ? sum + subtotal : sum), 0n);
      expect(decision.discounts.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(decision.total.amountMinor);
      expect(decision.total.amountMinor <= reachable).toBe(true);
      for (const [index, { subtotal, reached }] of bought.entries()) {
        const taken = decision.discounts[index]?.amountMinor ?? -1n;
        expect(taken >= 0n && taken <= (reached ? subtotal : 0n)).toBe(true);
      }
    }));
  });
});
