import { money, sum, zero } from '../money';
import type { CurrencyCode, Money } from '../money';
import { convert, parseRate, residueOf } from './exchange';
import type { PayoutSource } from './payout';

/** What one unit of a currency is worth in the account's, and as of when that was asked. */
export interface Quote {
  readonly rate: string;
  readonly asOf: Date;
}

export interface SettlementTerms {
  /** The account's currency. */
  readonly currency: CurrencyCode;
  /** For each other currency that there is a balance in. */
  readonly quotes: ReadonlyMap<CurrencyCode, Quote>;
  /** Nothing below this is paid, in minor units of the account's currency. */
  readonly minimumMinor: bigint;
  readonly now: Date;
}

export interface Settlement {
  readonly amount: Money;
  readonly sources: readonly PayoutSource[];
}

/**
 * What a provider's available balances come to: each converted and rounded once, negative ones netting off. Null where
 * that stays below the minimum: then nothing is paid and everything is carried, what is negative included.
 * A balance without a quote (it came up after the rates were asked for) is carried too.
 */
export function settle(balances: readonly Money[], terms: SettlementTerms): Settlement | null {
  const sources = balances.flatMap((balance) => (balance.amountMinor === 0n ? [] : sourceOf(balance, terms)));
  if (balances.some((balance) => balance.amountMinor < 0n && !sources.some((source) => source.balance.currency === balance.currency))) return null;
  const amount = sum(sources.map(({ converted }) => converted), terms.currency);
  return amount.amountMinor > 0n && amount.amountMinor >= terms.minimumMinor ? { amount, sources } : null;
}

function sourceOf(balance: Money, { currency, quotes, now }: SettlementTerms): PayoutSource[] {
  if (balance.currency === currency) return [{ balance, rate: '1', rateAsOf: now, converted: money(balance.amountMinor, currency), residue: zero(currency) }];
  const quote = quotes.get(balance.currency);
  const rate = quote && parseRate(quote.rate);
  if (!quote || !rate) return [];
  const converted = convert(balance, rate, currency);
  return [{ balance, rate: quote.rate, rateAsOf: quote.asOf, converted, residue: residueOf(balance, rate, converted) }];
}
