import { aCourseVersion, aListing, aPlan } from '../../../test/support/listing-examples';
import { LISTING_STATUSES } from './listing';
import { isPurchasable } from './purchasable';

describe('a listing is purchasable', () => {
  const live = aListing({ status: 'LIVE' });

  it('when it is live, its package is built and a plan is active', () => {
    expect(isPurchasable(live, aCourseVersion(), [aPlan({ active: false }), aPlan()])).toBe(true);
  });

  it.each(LISTING_STATUSES.filter((status) => status !== 'LIVE'))('but not while it is %s', (status) => {
    expect(isPurchasable(aListing({ status }), aCourseVersion(), [aPlan()])).toBe(false);
  });

  it('but not without a package, or without an active plan', () => {
    expect(isPurchasable(live, aCourseVersion({ playPackageId: null }), [aPlan()])).toBe(false);
    expect(isPurchasable(live, null, [aPlan()])).toBe(false);
    expect(isPurchasable(live, aCourseVersion(), [aPlan({ active: false })])).toBe(false);
  });
});
