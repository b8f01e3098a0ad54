import { dayOf, isFirstOfMonth, monthsLater, textOf } from './calendar';

const later = (from: string, months: number) => {
  const [year, month, date] = from.split('-').map(Number) as [number, number, number];
  return textOf(monthsLater(dayOf(year, month, date), months));
};

it.each([
  ['2031-01-31', 1, '2031-02-28'],
  ['2032-01-31', 1, '2032-02-29'],
  ['2031-01-31', 2, '2031-03-31'],
  ['2031-08-31', 1, '2031-09-30'],
  ['2031-12-30', 2, '2032-02-29'],
  ['2032-02-29', 12, '2033-02-28'],
  ['2031-12-15', 13, '2033-01-15'],
])('%s and %i months is %s', (from, months, then) => {
  expect(later(from, months)).toBe(then);
});

it('knows a month’s first day', () => {
  expect([isFirstOfMonth(dayOf(2031, 3, 1)), isFirstOfMonth(dayOf(2031, 2, 28))]).toEqual([true, false]);
});
