import { aCourseVersion, aListing, aPlan } from '../../../test/support/listing-examples';
import { type BlockerFacts, blockersOf } from './blockers';
import type { ListingStatus } from './listing';

const READY: BlockerFacts = { courseVersion: aCourseVersion(), plans: [aPlan()], kycVerified: true };
const NOTHING: BlockerFacts = { courseVersion: null, plans: [aPlan({ active: false })], kycVerified: false };

describe('what keeps a listing from going live', () => {
  it.each<[ListingStatus, string[]]>([
    ['DRAFT', ['NOT_APPROVED']], ['SUBMITTED', ['NOT_APPROVED']], ['APPROVED', []], ['LIVE', []], ['SUSPENDED', ['NOT_APPROVED']], ['ARCHIVED', ['NOT_APPROVED']],
  ])('%s, given everything else is there: %j', (status, expected) => {
    expect(blockersOf(aListing({ status }), READY)).toEqual(expected);
  });

  it('is all named at once', () => {
    expect(blockersOf(aListing(), NOTHING)).toEqual(['COURSE_VERSION_NOT_PUBLISHED', 'PLAY_PACKAGE_NOT_BUILT', 'KYC_NOT_VERIFIED', 'NO_ACTIVE_PLAN', 'NOT_APPROVED']);
  });

  it('is no longer the identity, once that was asked at approval', () => {
    expect(blockersOf(aListing({ status: 'APPROVED' }), { ...READY, kycVerified: false })).toEqual([]);
  });
});
