import type { Day } from '../plan/calendar';
import { answerTo } from '../plan/fate';
import type { Answer } from '../plan/fate';
import { isLive, withBill } from './account';
import type { Account, Bill, Dunning } from './account';
import { endOf, priceOf } from './begin';

/** The policy that the service runs with by default, said once more: days after the period's end. */
const TRY_AGAIN_ON = [1, 3, 5, 7];
const SUSPENDED_ON = 7;
const EXPIRED_ON = 14;

/** What time by itself brings on a day. */
export function noon(account: Account, day: Day): Account {
  if (!isLive(account)) return account;
  if (account.dunning) return dun(account, account.dunning, day - account.dunning.dueOn, day);
  if (account.periodEnd > day) return account;
  if (account.cancelling) return { ...account, state: 'CANCELLED', license: 'EXPIRED' };
  const price = priceOf(account.fate);
  const bill: Bill = { period: account.period + 1, status: 'AWAITING_PAYMENT', totalMinor: price, grossMinor: price, returnedMinor: 0n, taken: 0, declined: 0, closed: 0, fulfilledOn: null };
  return attempt(withBill(account, bill), { dueOn: day, tries: 0, hard: false, page: false }, day);
}

/** How billing will answer for this subscription by itself on this day; null: it is not asked. */
export function answerOn(account: Account, day: Day): Answer | null {
  if (!isLive(account)) return null;
  const { dunning, fate, period, periodEnd, cancelling } = account;
  if (!dunning) return periodEnd <= day && !cancelling ? answerTo(fate, period + 1, 0) : null;
  return isTriedOn(dunning, day - dunning.dueOn) ? answerTo(fate, period + 1, dunning.tries) : null;
}

/** When billing is asked again by itself, seen from the evening of a day. */
export function nextTry({ hard, dueOn }: Dunning, day: Day): Day | null {
  const next = hard ? undefined : TRY_AGAIN_ON.find((after) => dueOn + after > day);
  return next === undefined ? null : dueOn + next;
}

export function graceEnd({ dueOn }: Dunning): Day {
  return dueOn + SUSPENDED_ON;
}

function isTriedOn({ hard }: Dunning, days: number): boolean {
  return !hard && TRY_AGAIN_ON.includes(days);
}

function dun(account: Account, dunning: Dunning, days: number, day: Day): Account {
  const tried = isTriedOn(dunning, days) ? attempt(account, dunning, day) : account;
  if (!tried.dunning) return tried;
  if (days === SUSPENDED_ON) return { ...tried, license: 'SUSPENDED' };
  return days >= EXPIRED_ON ? giveUp(tried, 'EXPIRED') : tried;
}

/** One more payment without the buyer; a page that is open is closed first. */
function attempt(account: Account, dunning: Dunning, day: Day): Account {
  const bill = openBill(account);
  const answer = answerTo(account.fate, bill.period, dunning.tries);
  const asked = { ...bill, closed: bill.closed + (dunning.page ? 1 : 0) };
  if (answer === 'pays') return extend(withBill(account, asked), day);
  const declined = withBill(account, { ...asked, declined: bill.declined + 1 });
  return {
    ...declined, state: 'PAST_DUE', license: account.dunning ? account.license : 'GRACE',
    dunning: { ...dunning, tries: dunning.tries + 1, hard: answer === 'hard', page: false },
  };
}

/** The period is paid: everything as it would have been on its first day. */
export function extend(account: Account, day: Day): Account {
  const bill = openBill(account);
  const periodEnd = endOf(account, bill.period);
  const kept = withBill(account, { ...bill, status: 'FULFILLED', taken: 1, fulfilledOn: day });
  return { ...kept, state: 'ACTIVE', license: 'ACTIVE', period: bill.period, periodStart: account.periodEnd, periodEnd, validUntil: periodEnd, dunning: null };
}

/** The renewal that is not paid has failed; with it ends the subscription, unless it has ended before. */
export function giveUp(account: Account, as: 'EXPIRED' | 'CANCELLED'): Account {
  const bill = openBill(account);
  const failed = withBill(account, { ...bill, status: 'FAILED', closed: bill.closed + (account.dunning?.page ? 1 : 0) });
  return { ...failed, state: as, license: 'EXPIRED', dunning: null };
}

export function openBill({ bills, period }: Account): Bill {
  const bill = bills[period + 1];
  if (!bill) throw new Error(`no renewal follows period ${period}`);
  return bill;
}
