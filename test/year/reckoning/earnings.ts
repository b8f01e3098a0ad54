import type { Currency } from '../plan/offers';
import type { Account, Bill } from './account';

const FEE_PERCENT = 15n;

/** A quotient of amounts that are not negative, half up at the minor unit. */
export function halfUp(numerator: bigint, denominator: bigint): bigint {
  const whole = numerator / denominator;
  return 2n * (numerator % denominator) >= denominator ? whole + 1n : whole;
}

/** What a provider has of one order in the end, minor units. */
export function earnedOn({ status, grossMinor, totalMinor, returnedMinor, fulfilledOn }: Bill): bigint {
  if (fulfilledOn === null || status === 'FAILED' || totalMinor === 0n) return 0n;
  const fee = halfUp(grossMinor * FEE_PERCENT, 100n);
  const back = (of: bigint): bigint => halfUp(of * returnedMinor, totalMinor);
  return grossMinor - fee - (back(grossMinor) - back(fee));
}

/** By "<provider> <currency>". */
export type Earnings = ReadonlyMap<string, bigint>;

export function earningsKey(provider: number, currency: Currency): string {
  return `${provider} ${currency}`;
}

export function earningsOf(accounts: Iterable<Account>): Earnings {
  const earnings = new Map<string, bigint>();
  for (const { fate: { provider, currency }, bills } of accounts) {
    const key = earningsKey(provider, currency);
    for (const bill of bills) earnings.set(key, (earnings.get(key) ?? 0n) + earnedOn(bill));
  }
  return earnings;
}
