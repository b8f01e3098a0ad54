import fc from 'fast-check';
import { aPlan, EUR, USD } from '../../../test/support/listing-examples';
import { money } from '../money';
import { lowestPrice } from './plan-price';

const plan = (amountMinor: bigint, seatsIncluded: number | null = 1, name = 'plan') => aPlan({ prices: [money(amountMinor, EUR)], terms: { seatsIncluded, name } });

describe('the lowest price of a listing', () => {
  it('is that of the cheapest plan', () => {
    const cheap = plan(1900n);
    expect(lowestPrice([plan(4900n), cheap], EUR)).toEqual({ price: money(1900n, EUR), plan: cheap, perSeat: false, per: null });
  });

  it('counts a pack by the seat, rounded half-up to the minor unit', () => {
    expect(lowestPrice([plan(4900n), plan(10_000n, 3)], EUR)).toMatchObject({ price: money(3333n, EUR), perSeat: true });
    expect(lowestPrice([plan(25n, 10)], EUR)).toMatchObject({ price: money(3n, EUR) });
    expect(lowestPrice([plan(24n, 10)], EUR)).toMatchObject({ price: money(2n, EUR) });
  });

  it('counts a site licence whole: it has no number of seats', () => {
    expect(lowestPrice([plan(500_000n, null)], EUR)).toMatchObject({ price: money(500_000n, EUR), perSeat: false });
  });

  it('counts a subscription by one interval', () => {
    const quarterly = aPlan({ prices: [money(4_000n, EUR)], terms: { kind: 'SUBSCRIPTION', billingInterval: 'MONTH', intervalCount: 3 } });
    expect(lowestPrice([plan(4_900n), quarterly], EUR)).toMatchObject({ price: money(1_333n, EUR), per: 'MONTH', perSeat: false });
  });

  it('compares exactly, before anything is rounded', () => {
    const pack = plan(9_999n, 100);
    expect(lowestPrice([plan(100n), pack], EUR)).toEqual({ price: money(100n, EUR), plan: pack, perSeat: true, per: null });
  });

  it('names what can be bought for one seat where a pack costs the same by the seat, and of equals the earlier', () => {
    expect(lowestPrice([plan(1000n, 10), plan(100n, 1, 'first'), plan(100n, 1, 'second')], EUR)?.plan.terms.name).toBe('first');
  });

  it('is none where no active plan is offered in the currency', () => {
    expect(lowestPrice([plan(100n)], USD)).toBeNull();
    expect(lowestPrice([aPlan({ active: false })], EUR)).toBeNull();
    expect(lowestPrice([], EUR)).toBeNull();
  });

  it('is never above what any active plan costs by the seat', () => {
    const plans = fc.array(fc.tuple(fc.bigInt(0n, 10n ** 12n), fc.option(fc.integer({ min: 1, max: 10_000 }))), { minLength: 1, maxLength: 8 });
    fc.assert(fc.property(plans, (offers) => {
      const lowest = lowestPrice(offers.map(([amount, seats]) => plan(amount, seats)), EUR);
      for (const [amount, seats] of offers) {
        // Half-up rounding adds half a minor unit at most.
        expect(2n * ((lowest?.price.amountMinor ?? 0n)) * BigInt(seats ?? 1)).toBeLessThanOrEqual(2n * amount + BigInt(seats ?? 1));
      }
    }));
  });
});
