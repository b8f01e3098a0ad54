import fc from 'fast-check';
import { aPlan } from '../../../test/support/listing-examples';
import { dunningMoments } from './dunning';
import { firstPeriod, monthsAfter, periodEnd } from './periods';

const day = (text: string) => new Date(`${text}T10:30:00.000Z`);
const text = (date: Date) => date.toISOString().slice(0, 10);
const { terms } = aPlan({ terms: { kind: 'SUBSCRIPTION', billingInterval: 'MONTH', intervalCount: 1 } });

describe('the ends of periods', () => {
  it.each([
    ['a 31st keeps its day through short months', '2026-01-31', ['2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31']],
    ['February of a leap year has a 29th', '2028-01-31', ['2028-02-29', '2028-03-31']],
    ['a 29th goes through a February without one', '2026-01-29', ['2026-02-28', '2026-03-29']],
    ['the year turns', '2026-11-30', ['2026-12-30', '2027-01-30', '2027-02-28', '2027-03-30']],
  ])('%s', (_name, anchor, ends) => {
    expect(ends.map((_, period) => text(periodEnd({ anchorAt: day(anchor), trial: false, terms }, period)))).toEqual(ends);
  });

  it('given a year from 29 Feb: 28 Feb, and 29 Feb again when there is one', () => {
    const yearly = { anchorAt: day('2028-02-29'), trial: false, terms: { billingInterval: 'YEAR', intervalCount: 1 } } as const;
    expect([0, 1, 2, 3].map((period) => text(periodEnd(yearly, period)))).toEqual(['2029-02-28', '2030-02-28', '2031-02-28', '2032-02-29']);
  });

  it('given a trial: period 0 ends with it, and paid periods are counted from there', () => {
    const first = firstPeriod({ ...terms, trialDays: 14 }, day('2026-01-17'));
    expect([text(first.endsAt), first.trial]).toEqual(['2026-01-31', true]);
    expect([1, 2].map((period) => text(periodEnd({ ...first, terms }, period)))).toEqual(['2026-02-28', '2026-03-31']);
  });

  it('are UTC, whatever the hour', () => {
    expect(monthsAfter(new Date('2026-01-31T23:59:59.999Z'), 1).toISOString()).toBe('2026-02-28T23:59:59.999Z');
    expect(monthsAfter(new Date('2026-03-31T00:00:00.000Z'), 1).toISOString()).toBe('2026-04-30T00:00:00.000Z');
  });

  it('for every anchor: each in its own month, later than the one before, on the anchor’s day or the month’s last', () => {
    fc.assert(fc.property(fc.date({ min: day('2020-01-01'), max: day('2035-01-01'), noInvalidDate: true }), fc.integer({ min: 1, max: 60 }), (anchor, months) => {
      const moved = monthsAfter(anchor, months);
      const lastDay = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate();
      expect((moved.getUTCFullYear() - anchor.getUTCFullYear()) * 12 + moved.getUTCMonth() - anchor.getUTCMonth()).toBe(months);
      expect(moved.getUTCDate()).toBe(Math.min(anchor.getUTCDate(), lastDay));
      expect(moved.getTime() % 86_400_000).toBe(anchor.getTime() % 86_400_000);
      expect(moved > monthsAfter(anchor, months - 1)).toBe(true);
    }));
  });
});

describe('the moments of dunning', () => {
  it('come in their order; on day 7 the try comes before the suspension', () => {
    const moments = dunningMoments({ retryDays: [1, 3, 5, 7], graceDays: 7, suspensionDays: 14 }, day('2026-01-31'));
    expect(moments.map(({ kind, at }) => `${text(at)} ${kind}`)).toEqual(['2026-02-01 try', '2026-02-03 try', '2026-02-05 try', '2026-02-07 try', '2026-02-07 suspend', '2026-02-14 expire']);
  });
});
