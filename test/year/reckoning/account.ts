import type { Day } from '../plan/calendar';
import type { Fate } from '../plan/fate';

export type State = 'TRIALING' | 'ACTIVE' | 'PAST_DUE' | 'CANCELLED' | 'EXPIRED';
export type LicenseState = 'ACTIVE' | 'GRACE' | 'SUSPENDED' | 'EXPIRED' | 'REVOKED';
export type BillStatus = 'AWAITING_PAYMENT' | 'FULFILLED' | 'PARTIALLY_REFUNDED' | 'REFUNDED' | 'FAILED';

/** The order of one period, and what billing must have been asked for it. */
export interface Bill {
  readonly period: number;
  readonly status: BillStatus;
  /** What the buyer pays, minor units; the provider's gross may be more, by what the platform gives off. */
  readonly totalMinor: bigint;
  readonly grossMinor: bigint;
  readonly returnedMinor: bigint;
  /** Payments that took the money: one, or none. */
  readonly taken: number;
  readonly declined: number;
  /** Pages that were closed unpaid. */
  readonly closed: number;
  readonly fulfilledOn: Day | null;
}

/** A renewal that is not paid. Days count from `dueOn`. */
export interface Dunning {
  readonly dueOn: Day;
  /** How often billing was asked without the buyer. */
  readonly tries: number;
  /** Asking again would not help. */
  readonly hard: boolean;
  /** Whether a page is open at which it can be paid. */
  readonly page: boolean;
}

/** One subscription at the end of a day, as the rules have it. */
export interface Account {
  readonly fate: Fate;
  readonly state: State;
  readonly license: LicenseState;
  readonly period: number;
  readonly periodStart: Day;
  readonly periodEnd: Day;
  readonly validUntil: Day;
  /** The day whose date all periods keep. */
  readonly anchor: Day;
  readonly cancelling: boolean;
  readonly dunning: Dunning | null;
  /** By period; the last may be under way. */
  readonly bills: readonly Bill[];
}

export function isLive({ state }: Account): boolean {
  return state === 'TRIALING' || state === 'ACTIVE' || state === 'PAST_DUE';
}

/** The order that paid for the period that runs. */
export function paidBill({ bills, period }: Account): Bill {
  const bill = bills[period];
  if (!bill) throw new Error(`period ${period} has no bill`);
  return bill;
}

export function withBill(account: Account, changed: Bill): Account {
  return { ...account, bills: [...account.bills.slice(0, changed.period), changed, ...account.bills.slice(changed.period + 1)] };
}
