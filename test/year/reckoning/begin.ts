import { monthsLater } from '../plan/calendar';
import type { Day } from '../plan/calendar';
import type { Fate } from '../plan/fate';
import { COUPON_PERCENT, RHYTHMS, unitMinor } from '../plan/offers';
import type { Account } from './account';
import { halfUp } from './earnings';

/** The subscription on the evening of the day on which it begins: paid for a period, or on trial. */
export function begin(fate: Fate): Account {
  const { startsOn, rhythm, coupon } = fate;
  const { trialDays } = RHYTHMS[rhythm];
  const trial = trialDays > 0;
  const anchor = startsOn + trialDays;
  const price = priceOf(fate);
  const discount = coupon ? halfUp(price * BigInt(COUPON_PERCENT[coupon]), 100n) : 0n;
  const periodEnd = trial ? anchor : endOf({ fate, anchor }, 0);
  const first = {
    period: 0, status: 'FULFILLED', totalMinor: trial ? 0n : price - discount, grossMinor: trial ? 0n : coupon === 'PROVIDER' ? price - discount : price,
    returnedMinor: 0n, taken: 1, declined: 0, closed: 0, fulfilledOn: startsOn,
  } as const;
  return {
    fate, state: trial ? 'TRIALING' : 'ACTIVE', license: 'ACTIVE', period: 0, periodStart: startsOn, periodEnd, validUntil: periodEnd, anchor,
    cancelling: false, dunning: null, bills: [first],
  };
}

/** What each period costs, coupons aside. */
export function priceOf({ provider, rhythm, currency, quantity }: Fate): bigint {
  return unitMinor(provider, rhythm, currency) * BigInt(quantity);
}

/** On which day a period ends; a trial is period 0 and ends at the anchor. */
export function endOf({ fate, anchor }: Pick<Account, 'fate' | 'anchor'>, period: number): Day {
  const { months, trialDays } = RHYTHMS[fate.rhythm];
  return monthsLater(anchor, months * (trialDays > 0 ? period : period + 1));
}
