import type { CurrencyCode, Money } from '../../domain/money';

/** Money from its two columns. */
export function moneyOf(amountMinor: bigint, currency: string): Money {
  return { amountMinor, currency: currency as CurrencyCode };
}
