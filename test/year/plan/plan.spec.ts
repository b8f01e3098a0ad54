import { textOf } from './calendar';
import { DEEDS } from './fate';
import { planOf } from './plan';

const SIZE = { subscriptions: 300, days: 365 };

it('a seed is its plan, another one another', () => {
  expect(planOf(4, SIZE)).toEqual(planOf(4, SIZE));
  expect(planOf(5, SIZE).fates).not.toEqual(planOf(4, SIZE).fates);
});

it('has every rhythm, currency and coupon, days that February does not have, and at most one wish a day', () => {
  const { fates, firstDay, lastDay } = planOf(4, SIZE);
  const all = (of: (fate: (typeof fates)[number]) => unknown) => new Set(fates.map(of)).size;
  expect([all(({ rhythm }) => rhythm), all(({ currency }) => currency), all(({ coupon }) => coupon), all(({ provider }) => provider)]).toEqual([4, 4, 3, 4]);
  const dates = new Set(fates.map(({ startsOn }) => textOf(startsOn).slice(8)));
  expect([...dates]).toEqual(expect.arrayContaining(['29', '30', '31']));
  for (const { wishes } of fates) expect(new Set(wishes.map(({ day }) => day)).size).toBe(wishes.length);
  expect(lastDay - firstDay + 1).toBe(31 + 365);
});

it('of few subscriptions each way that one can take is among them', () => {
  const { fates, firstDay } = planOf(4, { subscriptions: 30, days: 64 });
  expect(fates).toHaveLength(30);
  expect(new Set(fates.flatMap(({ wishes }) => wishes.map(({ deed }) => deed)))).toEqual(new Set(DEEDS));
  expect(fates.some(({ startsOn }) => textOf(startsOn).endsWith('12-31'))).toBe(true);
  for (const { startsOn } of fates) expect(startsOn).toBeGreaterThanOrEqual(firstDay);
});

it('years begin early enough to be renewed within it', () => {
  const { fates, lastDay } = planOf(4, SIZE);
  expect(fates.filter(({ rhythm, startsOn }) => rhythm === 'yearly' && startsOn + 366 + 14 > lastDay)).toEqual([]);
});
