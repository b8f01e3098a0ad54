import { EUR, USD } from '../../../test/support/listing-examples';
import { money } from '../money';
import { brokenCaps, capOf, EVERYTHING_ALLOWED, isAllowed } from './purchase-policy';
import type { PurchasePolicy } from './purchase-policy';

const policy: PurchasePolicy = { allowedCurrencies: ['EUR'], purchaseCaps: [{ currency: 'EUR', perOrderMinor: 10_000n, perMonthMinor: 15_000n }] };
const broken = (total: bigint, spent: bigint, given = policy) => brokenCaps(given, money(total, EUR), spent).map(({ per }) => per);

describe('a purchase policy', () => {
  it('lets buy in the currencies that it lists, and in all where it lists none', () => {
    expect([isAllowed(policy, EUR), isAllowed(policy, USD), isAllowed(EVERYTHING_ALLOWED, USD)]).toEqual([true, false, true]);
  });
  it.each([
    [10_000n, 0n, []], [10_001n, 0n, ['order']], [5_000n, 10_000n, []], [5_001n, 10_000n, ['month']], [10_001n, 10_000n, ['order', 'month']], [0n, 99_999n, []],
  ])('given an order of %s after %s in the month: breaks %j', (total, spent, caps) => {
    expect(broken(total, spent)).toEqual(caps);
  });
  it('does not cap a currency without an entry', () => {
    expect(brokenCaps(policy, money(10n ** 9n, USD), 0n)).toEqual([]);
  });
  it('takes the tightest of several entries', () => {
    const twice: PurchasePolicy = { allowedCurrencies: null, purchaseCaps: [...policy.purchaseCaps, { currency: 'EUR', perOrderMinor: 500n, perMonthMinor: null }] };
    expect(capOf(twice, EUR)).toEqual({ perOrderMinor: 500n, perMonthMinor: 15_000n });
    expect(broken(501n, 0n, twice)).toEqual(['order']);
  });
});
