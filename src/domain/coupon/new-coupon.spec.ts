import { v7 } from 'uuid';
import type { TenantId } from '../ids';
import { money } from '../money';
import { EUR } from '../../../test/support/listing-examples';
import { codeKeyOf } from './coupon';
import { readCoupon } from './new-coupon';
import type { CouponDraft } from './new-coupon';

const aDraft = (details: Partial<CouponDraft> = {}): CouponDraft => ({
  code: 'SPRING', funding: 'PROVIDER', providerTenantId: 'provider' as TenantId, percentOff: '10', amountOff: null, startsAt: null, endsAt: null,
  minimumSubtotal: null, listingIds: [], tenantIds: [], maxRedemptions: null, maxRedemptionsPerTenant: null, maxRedemptionsPerBuyer: null, ...details,
});
const read = (details: Partial<CouponDraft>) => {
  const coupon = readCoupon(aDraft(details));
  if (!coupon.ok) throw new Error(coupon.problems.map(({ message }) => message).join('; '));
  return coupon;
};
const wrongIn = (details: Partial<CouponDraft>) => {
  const coupon = readCoupon(aDraft(details));
  return coupon.ok ? [] : coupon.problems.map(({ path }) => path.join('.'));
};

describe('a new coupon', () => {
  it.each([['10', 1_000], ['0.01', 1], ['12.5', 1_250], ['33.33', 3_333], ['100', 10_000], ['99.990', 9_999]])('takes %s %% off as %i hundredths', (percentOff, hundredths) => {
    expect(read({ percentOff }).terms.off).toEqual({ kind: 'percent', hundredths });
  });
  it('takes an amount off, in its currency', () => {
    expect(read({ percentOff: null, amountOff: { amount: '5.00', currency: 'EUR' } }).terms.off).toEqual({ kind: 'amount', amount: money(500n, EUR) });
  });
  it('keeps its code as it was written, without the blanks around it, and each id once', () => {
    const id = v7();
    expect(read({ code: ' Spring-26 ', tenantIds: [id, id.toUpperCase()] }).terms).toMatchObject({ code: 'Spring-26', tenantIds: [id] });
    expect(codeKeyOf(' spring-26')).toBe(codeKeyOf('SPRING-26 '));
  });

  it.each<[string, Partial<CouponDraft>]>([
    ['code', { code: '' }], ['code', { code: 'two words' }], ['code', { code: 'x'.repeat(65) }], ['code', { code: 'a\u0000' }], ['code', { code: '\ud800' }],
    ['percentOff', { percentOff: '0' }], ['percentOff', { percentOff: '100.01' }], ['percentOff', { percentOff: '12.345' }], ['percentOff', { percentOff: '-5' }],
    ['percentOff', { percentOff: null }], ['percentOff', { amountOff: { amount: '5.00', currency: 'EUR' } }],
    ['amountOff.amount', { percentOff: null, amountOff: { amount: '0.00', currency: 'EUR' } }],
    ['amountOff.amount', { percentOff: null, amountOff: { amount: '0.001', currency: 'EUR' } }],
    ['amountOff.currency', { percentOff: null, amountOff: { amount: '5.00', currency: 'XQZ' } }],
    ['minimumSubtotal.amount', { minimumSubtotal: { amount: '-1.00', currency: 'EUR' } }],
    ['endsAt', { startsAt: new Date(2), endsAt: new Date(2) }],
    ['maxRedemptions', { maxRedemptions: 0 }], ['maxRedemptionsPerTenant', { maxRedemptionsPerTenant: -1 }], ['maxRedemptionsPerBuyer', { maxRedemptionsPerBuyer: 0 }],
    ['listingIds.0', { listingIds: ['nothing'] }], ['tenantIds.1', { tenantIds: [v7(), 'nobody'] }], ['tenantIds', { tenantIds: Array.from({ length: 1_001 }, () => v7()) }],
  ])('is refused in %s: %j', (path, details) => {
    expect(wrongIn(details)).toEqual([path]);
  });
  it('is told everything that is wrong with it at once', () => {
    expect(wrongIn({ code: '', percentOff: null, maxRedemptions: 0, listingIds: ['?'] })).toEqual(['code', 'percentOff', 'maxRedemptions', 'listingIds.0']);
  });
});
