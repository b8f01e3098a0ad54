import * as fc from 'fast-check';
import { aPlan, EUR } from '../../../test/support/listing-examples';
import { money } from '../money';
import type { CurrencyCode } from '../money';
import type { CouponOff, OfferedCoupon } from '../coupon/coupon';
import { applyCoupon } from '../coupon/discount';
import { discountLine, priceLine, seatsOf, totalsOf } from './quote';

const price = (minor: bigint, quantity: number) => priceLine(aPlan(), quantity, [], money(minor, EUR));

it('a line costs its unit price times its quantity', () => {
  expect(price(3333n, 3)).toMatchObject({ subtotal: money(9999n, EUR), discount: money(0n, EUR), total: money(9999n, EUR) });
});

it('an order costs what its lines cost, to the minor unit', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.integer({ min: 1, max: 1_000 })), { maxLength: 50 }), (wanted) => {
    const lines = wanted.map(([minor, quantity]) => price(minor, quantity));
    const totals = totalsOf(lines, EUR);
    const exact = wanted.reduce((left, [minor, quantity]) => left + minor * BigInt(quantity), 0n);
    expect(totals).toEqual({ subtotal: money(exact, EUR), discount: money(0n, EUR), total: money(exact, EUR) });
    expect(exact).toBeLessThan(2n ** 63n); // whatever is asked for fits the database
  }));
});

describe('the worked examples, from prices to totals', () => {
  const JPY = 'JPY' as CurrencyCode;
  const percent = (hundredths: number): CouponOff => ({ kind: 'percent', hundredths });
  const off = (minor: bigint): CouponOff => ({ kind: 'amount', amount: money(minor, EUR) });
  it.each<[string, readonly (readonly [bigint, number])[], CouponOff, bigint[], CurrencyCode]>([
    ['3 × 33.33 EUR, 10 % → 89.99', [[3_333n, 3]], percent(1_000), [9_999n, 1_000n, 8_999n], EUR],
    ['10.00 and 20.01, 5.00 off → 25.01', [[1_000n, 1], [2_001n, 1]], off(500n), [3_001n, 500n, 2_501n], EUR],
    ['three of 0.01, 0.02 off → 0.01', [[1n, 1], [1n, 1], [1n, 1]], off(2n), [3n, 2n, 1n], EUR],
    ['JPY 1,999, 15 % → 1,699', [[1_999n, 1]], percent(1_500), [1_999n, 300n, 1_699n], JPY],
    ['100 % → 0', [[4_900n, 1], [33n, 3]], percent(10_000), [4_999n, 4_999n, 0n], EUR],
  ])('%s', (_, wanted, given, expected, currency) => {
    const lines = wanted.map(([minor, quantity]) => priceLine(aPlan(), quantity, [], money(minor, currency)));
    const coupon = { off: given, active: true, funding: 'PROVIDER', providerTenantId: aPlan().providerTenantId, startsAt: null, endsAt: null, minimumSubtotal: null, listingIds: [], tenantIds: [], exhausted: false } as unknown as OfferedCoupon;
    const decision = applyCoupon(coupon, { lines: lines.map(({ plan, subtotal }) => ({ ...plan, subtotal })), currency, tenantId: null, now: new Date(0) });
    const discounts = decision.applied ? decision.discounts : [];
    const { subtotal, discount, total } = totalsOf(lines.map((line, index) => discountLine(line, discounts[index]!, 'PROVIDER')), currency);
    expect([subtotal, discount, total].map(({ amountMinor }) => amountMinor)).toEqual(expected);
  });
});

it('nothing costs nothing', () => {
  expect(totalsOf([], EUR).total).toEqual(money(0n, EUR));
});

it.each([[1, 1, 1], [10, 2, 20], [null, 3, null]] as const)('a plan with %s seats, %i times, has %s', (seatsIncluded, quantity, seats) => {
  expect(seatsOf(aPlan({ terms: { seatsIncluded } }).terms, quantity)).toBe(seats);
});
