import { anOrder, anOrderLine } from '../../../test/support/order-examples';
import type { PlanTerms } from '../pricing/plan';
import type { UserId } from '../ids';
import { issueLicense } from './issue-license';

const NOW = new Date('2026-01-31T09:30:00.000Z');
const learners = ['learner-1', 'learner-2'] as UserId[];
function issue(terms: Partial<PlanTerms>, { quantity = 1, learnerIds = [] as readonly UserId[] } = {}) {
  let ids = 0;
  return issueLicense(anOrder(), anOrderLine({ terms, quantity, learnerIds }), NOW, { next: <Id extends string>() => `id-${++ids}` as Id });
}

describe('the licence of a paid line', () => {
  it.each([
    ['one-time', { kind: 'ONE_TIME', seatsIncluded: 1 }, 1, 1],
    ['one-time, three of them', { kind: 'ONE_TIME', seatsIncluded: 1 }, 3, 3],
    ['one-time with two seats, three of them', { kind: 'ONE_TIME', seatsIncluded: 2 }, 3, 6],
    ['a pack of ten, twice', { kind: 'SEAT_PACK', seatsIncluded: 10 }, 2, 20],
    ['a site', { kind: 'SITE_LICENSE', seatsIncluded: null }, 1, null],
  ] as const)('%s: has its seats', (_plan, terms, quantity, total) => {
    const { license, seats } = issue(terms, { quantity });
    expect(license.seatsTotal).toBe(total);
    expect(seats).toHaveLength(total ?? 0);
    expect(seats.every(({ state, learnerId, assignmentId, atPurchase }) => state === 'AVAILABLE' && !learnerId && !assignmentId && !atPurchase)).toBe(true);
  });

  it('seats the learners named at purchase first, each with an assignment of its own', () => {
    const { license, seats } = issue({ kind: 'SEAT_PACK', seatsIncluded: 3 }, { learnerIds: learners });
    expect(seats.map(({ learnerId, state, atPurchase, assignedAt }) => [learnerId, state, atPurchase, assignedAt])).toEqual([
      ['learner-1', 'ASSIGNED', true, NOW], ['learner-2', 'ASSIGNED', true, NOW], [null, 'AVAILABLE', false, null],
    ]);
    expect(new Set(seats.flatMap(({ assignmentId }) => assignmentId ?? [])).size).toBe(2);
    expect(seats.every(({ licenseId }) => licenseId === license.id)).toBe(true);
  });

  it('a site makes a seat for each learner only', () => {
    expect(issue({ kind: 'SITE_LICENSE', seatsIncluded: null }, { learnerIds: learners }).seats.map(({ learnerId }) => learnerId)).toEqual(learners);
  });

  it('is valid from the grant, for the plan’s days or for ever', () => {
    expect(issue({ accessDays: null }).license).toMatchObject({ validFrom: NOW, validUntil: null });
    expect(issue({ accessDays: 365 }).license.validUntil).toEqual(new Date('2027-01-31T09:30:00.000Z'));
    expect(issue({ accessDays: 1 }).license.validUntil).toEqual(new Date('2026-02-01T09:30:00.000Z'));
  });

  it('keeps what was agreed to', () => {
    const order = anOrder();
    const { license } = issue({ perpetualOffline: true, name: 'For one' });
    expect(license).toMatchObject({
      orderId: order.id, tenantId: order.tenantId, buyerId: order.buyerId, source: 'PURCHASE', state: 'ACTIVE', stateReason: null, perpetualOffline: true,
      terms: { name: 'For one' }, playPackageId: 'package-1', packageFormat: 'CMI5', orderLineId: anOrderLine().id,
    });
  });
});
