import { checkText } from '../text';
import { invalid, type Problem } from '../problem';
import type { Money } from '../money';
import type { BillingInterval, PlanKind, PlanTerms, RefundPolicy } from './plan';
import { checkPrices, type PriceText } from './plan-prices';

/** A plan as its provider describes it; null: nothing said. */
export interface PlanDraft {
  readonly kind: PlanKind;
  readonly name: string;
  readonly prices: readonly PriceText[];
  readonly seatsIncluded: number | null;
  readonly accessDays: number | null;
  readonly perpetualOffline: boolean;
  readonly billingInterval: BillingInterval | null;
  /** Null: 1 where there is an interval. */
  readonly intervalCount: number | null;
  readonly trialDays: number;
  readonly refundPolicy: RefundPolicy;
  readonly seatReassignmentLimit: number | null;
}

export type PlanDecision =
  | { readonly ok: true; readonly terms: PlanTerms; readonly prices: readonly Money[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Active plans of one listing: with 50 currencies each, the 1,000 prices that one event can carry. */
export const MAX_ACTIVE_PLANS = 20;
export const MAX_SEATS_INCLUDED = 10_000;
const MAX_ACCESS_DAYS = 36_500;
const MAX_WINDOW_DAYS = 365;
const MAX_REASSIGNMENTS = 1_000_000;
const MAX_TRIAL_DAYS = 365;
/** Periods of at most three years, by either interval. */
const MAX_INTERVALS: Readonly<Record<BillingInterval, number>> = { MONTH: 36, YEAR: 3 };

/** The terms and prices of a new plan (domain rules, "Plans"), or everything that is wrong with it. */
export function decidePlan(draft: PlanDraft): PlanDecision {
  const { name, kind, accessDays, perpetualOffline, trialDays, billingInterval, refundPolicy, seatReassignmentLimit } = draft;
  const prices = checkPrices(draft.prices);
  const problems = [
    checkText(['name'], name, { min: 1, max: 200, lines: 'one' }),
    ...prices.problems,
    checkSeats(kind, draft.seatsIncluded),
    checkRange(['accessDays'], accessDays, 1, MAX_ACCESS_DAYS),
    ...checkPeriod(draft),
    checkRange(['refundPolicy', 'windowDays'], refundPolicy.windowDays, 0, MAX_WINDOW_DAYS),
    checkRange(['seatReassignmentLimit'], seatReassignmentLimit, 0, MAX_REASSIGNMENTS),
  ].filter((problem) => problem !== null);
  if (problems.length > 0) return { ok: false, problems };
  const { windowDays, partial } = refundPolicy;
  const terms: PlanTerms = {
    name: name.trim(), kind, seatsIncluded: seatsOfKind(kind, draft.seatsIncluded), accessDays, perpetualOffline,
    billingInterval, intervalCount: billingInterval === null ? null : (draft.intervalCount ?? 1), trialDays,
    refundPolicy: { windowDays, partial }, seatReassignmentLimit,
  };
  return { ok: true, terms, prices: prices.money };
}

function seatsOfKind(kind: PlanKind, seatsIncluded: number | null): number | null {
  switch (kind) {
    case 'ONE_TIME':
    case 'SUBSCRIPTION': return seatsIncluded ?? 1;
    case 'SEAT_PACK': return seatsIncluded;
    case 'SITE_LICENSE': return null;
  }
}

/** A subscription says how long its periods are, and nothing else has any. */
function checkPeriod({ kind, billingInterval, intervalCount, trialDays, accessDays }: PlanDraft): (Problem | null)[] {
  if (kind !== 'SUBSCRIPTION') {
    return [
      trialDays === 0 ? null : invalid(['trialDays'], 'Only a subscription has a trial.', { max: '0' }),
      billingInterval === null ? null : invalid(['billingInterval'], 'Only a subscription is paid again and again.'),
    ];
  }
  return [
    billingInterval === null ? invalid(['billingInterval'], 'Say how often a subscription is paid.', { possible: 'MONTH,YEAR' }) : checkRange(['intervalCount'], intervalCount, 1, MAX_INTERVALS[billingInterval]),
    checkRange(['trialDays'], trialDays, 0, MAX_TRIAL_DAYS),
    accessDays === null ? null : invalid(['accessDays'], 'A subscription is valid while it is paid: leave accessDays out.'),
  ];
}

function checkSeats(kind: PlanKind, seatsIncluded: number | null): Problem | null {
  const path = ['seatsIncluded'];
  if (kind === 'SITE_LICENSE') {
    return seatsIncluded === null ? null : invalid(path, 'A site licence has no limit of seats: leave seatsIncluded out.');
  }
  if (kind === 'SEAT_PACK' && seatsIncluded === null) return invalid(path, 'Say how many seats a pack has.', { min: '1', max: `${MAX_SEATS_INCLUDED}` });
  return checkRange(path, seatsIncluded, 1, MAX_SEATS_INCLUDED);
}

function checkRange(path: readonly string[], value: number | null, min: number, max: number): Problem | null {
  return value === null || (Number.isInteger(value) && value >= min && value <= max)
    ? null
    : invalid(path, `The number must be from ${min} to ${max}.`, { min: `${min}`, max: `${max}` });
}
