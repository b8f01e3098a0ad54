import type { Day } from '../plan/calendar';
import type { Deed } from '../plan/fate';
import { isLive, paidBill, withBill } from './account';
import type { Account } from './account';
import { extend, giveUp, openBill } from './noon';

/** Well within the fourteen days of the plans' refund policy. */
const REFUNDABLE_DAYS = 13;

/** What is wished for on this morning, where it can be done. */
export function deedOn(account: Account, day: Day): Deed | null {
  const deed = account.fate.wishes.find((wish) => wish.day === day)?.deed;
  return deed && day > account.fate.startsOn && isLive(account) && canBeDone(account, deed, day) ? deed : null;
}

function canBeDone(account: Account, deed: Deed, day: Day): boolean {
  const bill = paidBill(account);
  const isKept = bill.totalMinor > 0n && bill.returnedMinor < bill.totalMinor;
  switch (deed) {
    case 'cancel': return !account.cancelling;
    case 'resume': return account.cancelling;
    case 'refund': return bill.status === 'FULFILLED' && isKept && day - (bill.fulfilledOn ?? 0) <= REFUNDABLE_DAYS;
    case 'goodwill': return bill.status === 'FULFILLED' && isKept;
    case 'dispute': return isKept;
    case 'pay':
    case 'decline':
    case 'abandon': return account.dunning !== null;
  }
}

/** A goodwill amount, minor units: a fifth and a little. */
export function goodwillMinor(totalMinor: bigint): bigint {
  return totalMinor / 5n + 1n;
}

/** What a deed leads to, by the rules. */
export function morning(account: Account, deed: Deed, day: Day): Account {
  const { dunning } = account;
  const bill = paidBill(account);
  switch (deed) {
    case 'cancel': return dunning ? giveUp({ ...account, cancelling: true }, 'CANCELLED') : { ...account, cancelling: true };
    case 'resume': return { ...account, cancelling: false };
    case 'refund': return ended(account, 'REFUND');
    case 'dispute': return ended(account, 'DISPUTE');
    case 'goodwill': return withBill(account, { ...bill, status: 'PARTIALLY_REFUNDED', returnedMinor: bill.returnedMinor + goodwillMinor(bill.totalMinor) });
    case 'pay': return extend(account, day);
    case 'decline': return dunning ? withBill({ ...account, dunning: { ...dunning, page: false } }, { ...openBill(account), declined: openBill(account).declined + 1 }) : account;
    case 'abandon': return dunning ? { ...account, dunning: { ...dunning, page: true } } : account;
  }
}

/** All that is left of the period that runs goes back, and the subscription is over; a further period loses its order. */
function ended(account: Account, by: 'REFUND' | 'DISPUTE'): Account {
  const bill = paidBill(account);
  const back = withBill(account.dunning ? giveUp(account, 'CANCELLED') : account, { ...bill, status: 'REFUNDED', returnedMinor: bill.totalMinor });
  const ofFirst = bill.period === 0;
  return {
    ...back, state: 'CANCELLED', dunning: null, license: by === 'DISPUTE' || ofFirst ? 'REVOKED' : 'EXPIRED',
    validUntil: ofFirst ? account.validUntil : account.periodStart,
  };
}
