import type { BillingInterval, PlanTerms } from '../pricing/plan';

const DAY_MS = 24 * 60 * 60 * 1_000;
const MONTHS: Readonly<Record<BillingInterval, number>> = { MONTH: 1, YEAR: 12 };

/**
 * So many months after the anchor, in UTC, on the anchor's own day, or on the month's last where it has no such day:
 * 31 Jan → 28 Feb → 31 Mar. Always counted from the anchor, so that a short month changes nothing after it.
 */
export function monthsAfter(anchor: Date, months: number): Date {
  const [year, month] = [anchor.getUTCFullYear(), anchor.getUTCMonth() + months];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const moved = new Date(anchor);
  moved.setUTCFullYear(year, month, Math.min(anchor.getUTCDate(), lastDay));
  return moved;
}

export interface PeriodPlan {
  readonly anchorAt: Date;
  readonly trial: boolean;
  readonly terms: Pick<PlanTerms, 'billingInterval' | 'intervalCount'>;
}

/** When period `period` (from 0; a trial is period 0 and ends at the anchor) is over. */
export function periodEnd({ anchorAt, trial, terms: { billingInterval, intervalCount } }: PeriodPlan, period: number): Date {
  if (billingInterval === null) throw new RangeError('only a subscription has periods');
  return monthsAfter(anchorAt, MONTHS[billingInterval] * (intervalCount ?? 1) * (trial ? period : period + 1));
}

export interface FirstPeriod {
  readonly anchorAt: Date;
  readonly trial: boolean;
  readonly endsAt: Date;
}

/** The period that begins with a subscription: its trial, where the terms agreed to have one. */
export function firstPeriod(terms: PlanTerms, startsAt: Date): FirstPeriod {
  const trial = terms.trialDays > 0;
  const anchorAt = trial ? new Date(startsAt.getTime() + terms.trialDays * DAY_MS) : startsAt;
  return { anchorAt, trial, endsAt: periodEnd({ anchorAt, trial, terms }, 0) };
}
