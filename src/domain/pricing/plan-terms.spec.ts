import { EUR } from '../../../test/support/listing-examples';
import { type CurrencyCode, money } from '../money';
import { decidePlan, type PlanDraft } from './plan-terms';

const DRAFT: PlanDraft = {
  kind: 'ONE_TIME', name: ' For one ', prices: [{ amount: '49.00', currency: 'EUR' }], seatsIncluded: null, accessDays: null,
  perpetualOffline: false, billingInterval: null, intervalCount: null, trialDays: 0, refundPolicy: { windowDays: 14, partial: true }, seatReassignmentLimit: null,
};
const euros = (amount: string) => ({ prices: [{ amount, currency: 'EUR' }] });

function paths(draft: Partial<PlanDraft>): string[] {
  const decision = decidePlan({ ...DRAFT, ...draft });
  return decision.ok ? [] : decision.problems.map(({ path }) => path.join('.'));
}

describe('the terms of a plan', () => {
  it('give one seat for a one-time plan that names no number', () => {
    expect(decidePlan(DRAFT)).toMatchObject({ ok: true, terms: { name: 'For one', seatsIncluded: 1, accessDays: null }, prices: [money(4900n, EUR)] });
  });

  it('give as many seats as a pack says, and a site licence no number at all', () => {
    expect(decidePlan({ ...DRAFT, kind: 'SEAT_PACK', seatsIncluded: 25 })).toMatchObject({ terms: { seatsIncluded: 25 } });
    expect(decidePlan({ ...DRAFT, kind: 'SITE_LICENSE' })).toMatchObject({ terms: { seatsIncluded: null } });
  });

  it('read amounts by the exponent of their currency', () => {
    const prices = [{ amount: '4900', currency: 'JPY' }, { amount: '4.900', currency: 'KWD' }, { amount: '0', currency: 'EUR' }];
    expect(decidePlan({ ...DRAFT, prices })).toMatchObject({
      prices: [money(4900n, 'JPY' as CurrencyCode), money(4900n, 'KWD' as CurrencyCode), money(0n, EUR)],
    });
  });

  it.each<[string, Partial<PlanDraft>, string[]]>([
    ['a pack without a number of seats', { kind: 'SEAT_PACK' }, ['seatsIncluded']],
    ['a pack of 10,001 seats', { kind: 'SEAT_PACK', seatsIncluded: 10_001 }, ['seatsIncluded']],
    ['a site licence with a number of seats', { kind: 'SITE_LICENSE', seatsIncluded: 5 }, ['seatsIncluded']],
    ['no seats', { seatsIncluded: 0 }, ['seatsIncluded']],
    ['access for no days', { accessDays: 0 }, ['accessDays']],
    ['access for over a century', { accessDays: 36_501 }, ['accessDays']],
    ['a refund window over a year', { refundPolicy: { windowDays: 366, partial: true } }, ['refundPolicy.windowDays']],
    ['a trial', { trialDays: 7 }, ['trialDays']],
    ['an interval', { billingInterval: 'MONTH' }, ['billingInterval']],
    ['a subscription without an interval', { kind: 'SUBSCRIPTION' }, ['billingInterval']],
    ['a subscription of too long a period', { kind: 'SUBSCRIPTION', billingInterval: 'YEAR', intervalCount: 4 }, ['intervalCount']],
    ['a subscription with days of access', { kind: 'SUBSCRIPTION', billingInterval: 'MONTH', accessDays: 9 }, ['accessDays']],
    ['reassignments below zero', { seatReassignmentLimit: -1 }, ['seatReassignmentLimit']],
    ['no price', { prices: [] }, ['prices']],
    ['51 prices', { prices: Array.from({ length: 51 }, () => ({ amount: '1', currency: 'EUR' })) }, ['prices']],
    ['two prices in one currency', { prices: [...euros('1').prices, ...euros('2').prices] }, ['prices.1.currency']],
    ['a currency that is none', { prices: [{ amount: '1', currency: 'XYZ' }] }, ['prices.0.currency']],
    ['more digits than the currency has', euros('1.999'), ['prices.0.amount']],
    ['an exponent', euros('1e3'), ['prices.0.amount']],
    ['a price below zero', euros('-1'), ['prices.0.amount']],
    ['a price above 10^12 minor units', euros('10000000000.01'), ['prices.0.amount']],
    ['several things wrong', { name: '', ...euros('x'), accessDays: -1 }, ['name', 'prices.0.amount', 'accessDays']],
  ])('are refused with %s', (_, draft, expected) => {
    expect(paths(draft)).toEqual(expected);
  });

  it('go up to their limits', () => {
    expect(paths({ kind: 'SEAT_PACK', seatsIncluded: 10_000, accessDays: 36_500, refundPolicy: { windowDays: 365, partial: false }, ...euros('10000000000.00') })).toEqual([]);
    expect(paths({ refundPolicy: { windowDays: 0, partial: true }, seatReassignmentLimit: 0 })).toEqual([]);
  });
});
