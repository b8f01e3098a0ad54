import type { WitnessedPayment } from '../../support/sandbox-client';
import { textOf } from '../plan/calendar';
import type { Day } from '../plan/calendar';
import type { Account, Bill } from '../reckoning/account';
import { graceEnd, nextTry } from '../reckoning/noon';
import type { SeenBill, SeenSubscription } from './seen';

export interface Charges {
  of(orderId: string): readonly WitnessedPayment[];
}

/** Every way in which a subscription, its licence, its orders and what billing did for them differ from the reckoning. */
export function differences(account: Account, day: Day, seen: SeenSubscription | undefined, charges: Charges): string[] {
  const name = `subscription ${account.fate.index}`;
  if (!seen) return [`${name} is not there`];
  const bills = account.bills.length === seen.bills.length ? [] : [`${seen.bills.length} periods have orders instead of ${account.bills.length}`];
  const found = [...ofState(account, day, seen), ...bills, ...account.bills.flatMap((bill) => ofBill(bill, seen.bills[bill.period], charges))];
  return found.map((what) => `${name} (${seen.id}) on ${textOf(day)}: ${what}`);
}

/** What is there and should not be: subscriptions that nobody began, orders for which billing was asked and that pay for no period. */
export function strays(seen: readonly SeenSubscription[], begun: ReadonlySet<string>, charged: readonly string[]): string[] {
  const orders = new Set(seen.flatMap(({ bills }) => bills.map(({ orderId }) => orderId)));
  return [
    ...seen.filter(({ id }) => !begun.has(id)).map(({ id }) => `nobody began subscription ${id}`),
    ...charged.filter((orderId) => !orders.has(orderId)).map((orderId) => `billing was asked for ${orderId}, which pays for no period`),
  ];
}

function ofState(account: Account, day: Day, seen: SeenSubscription): string[] {
  const { dunning } = account;
  const expected = {
    state: account.state, license: account.license, period: account.period, cancelling: account.cancelling, periodStart: account.periodStart, periodEnd: account.periodEnd,
    validUntil: account.validUntil, nextRetry: dunning && nextTry(dunning, day), graceEnd: dunning && graceEnd(dunning), onTime: true,
  };
  const keys = Object.keys(expected) as (keyof typeof expected)[];
  return keys.filter((key) => expected[key] !== seen[key]).map((key) => `${key} is ${said(key, seen[key])} instead of ${said(key, expected[key])}`);
}

/** Charged exactly once where it was paid, never else; asked as often as dunning says; given back what was given back. */
function ofBill(bill: Bill, seen: SeenBill | undefined, charges: Charges): string[] {
  if (!seen) return [`period ${bill.period} has no order`];
  const payments = charges.of(seen.orderId);
  const count = (...statuses: readonly string[]) => payments.filter(({ status }) => statuses.includes(status)).length;
  const open = bill.status === 'AWAITING_PAYMENT' ? payments.length - count('succeeded', 'failed', 'cancelled') : 0;
  const minor = (amounts: readonly { readonly netAmountMinor: string }[]) => amounts.reduce((sum, { netAmountMinor }) => sum + BigInt(netAmountMinor), 0n);
  const taken = payments.filter(({ status }) => status === 'succeeded');
  const back = payments.flatMap(({ refunds }) => refunds).filter(({ status }) => status === 'succeeded');
  const facts: readonly (readonly [what: string, seen: unknown, expected: unknown])[] = [
    ['status', seen.status, bill.status],
    ['total', BigInt(seen.totalMinor), bill.totalMinor],
    ['charges', taken.length, bill.taken],
    ['money taken', minor(taken), bill.taken > 0 ? bill.totalMinor : 0n],
    ['declines', count('failed'), bill.declined],
    ['pages closed', count('cancelled'), bill.closed],
    ['payments', payments.length - open, bill.taken + bill.declined + bill.closed],
    ['money back', minor(back), bill.returnedMinor],
  ];
  return facts.filter(([, is, expected]) => is !== expected).map(([what, is, expected]) => `period ${bill.period}, order ${seen.orderId}: ${what} is ${String(is)} instead of ${String(expected)}`);
}

function said(key: string, value: unknown): string {
  return typeof value === 'number' && key !== 'period' ? textOf(value) : String(value);
}
