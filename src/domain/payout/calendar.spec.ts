import { nextMonthly, nextPayoutOn } from './calendar';

const at = (text: string) => new Date(text);

it.each([
  ['2026-03-01T00:00:00Z', 1, '2026-03-01'],
  ['2026-03-01T23:59:59.999Z', 1, '2026-03-01'],
  ['2026-03-02T00:00:00Z', 1, '2026-04-01'],
  ['2026-12-31T12:00:00Z', 1, '2027-01-01'],
  ['2026-01-31T12:00:00Z', 28, '2026-02-28'],
])('given %s, the next %d. of a month is %s', (now, dayOfMonth, expected) => {
  expect(nextMonthly(at(now), dayOfMonth)).toBe(expected);
});

it.each([
  ['no hold any more', '2026-03-10T10:00:00Z', '2026-01-01T00:00:00Z', '2026-04-01'],
  ['a batch today, which has begun', '2026-04-01T00:00:00Z', '2026-01-01T00:00:00Z', '2026-05-01'],
  ['a hold that ends before the day', '2026-03-28T10:00:00Z', '2026-03-31T10:00:00Z', '2026-04-01'],
  ['a hold that ends as the day begins', '2026-03-28T10:00:00Z', '2026-04-01T00:00:00Z', '2026-04-01'],
  ['a hold that ends within the day', '2026-03-28T10:00:00Z', '2026-04-01T00:00:00.001Z', '2026-05-01'],
])('given %s', (_what, now, heldUntil, expected) => {
  expect(nextPayoutOn(at(now), at(heldUntil), 1)).toBe(expected);
});
