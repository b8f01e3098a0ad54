import { textOf } from './calendar';
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

it('years begin early enough to be renewed within it', () => {
  const { fates, lastDay } = planOf(4, SIZE);
  expect(fates.filter(({ rhythm, startsOn }) => rhythm === 'yearly' && startsOn + 366 + 14 > lastDay)).toEqual([]);
});
