import { exponentOf, fromDecimal, type Money, parseCurrency } from '../money';
import { invalid, type Problem } from '../problem';

/** A price as it was written: a decimal text in the currency's main unit. */
export interface PriceText {
  readonly amount: string;
  readonly currency: string;
}

export const MAX_PRICES = 50;
/** In minor units: ten thousand million euros, and far inside 64 bits after any quantity. */
export const MAX_AMOUNT_MINOR = 1_000_000_000_000n;

/** The prices of a plan: from one to fifty, at most one per currency, none below zero. */
export function checkPrices(prices: readonly PriceText[]): { readonly money: readonly Money[]; readonly problems: readonly Problem[] } {
  if (prices.length < 1 || prices.length > MAX_PRICES) {
    return { money: [], problems: [invalid(['prices'], `A plan has from 1 to ${MAX_PRICES} prices.`, { min: '1', max: `${MAX_PRICES}` })] };
  }
  const read = prices.map((price, i) => checkPrice(price, i, prices));
  return {
    money: read.flatMap((outcome) => ('code' in outcome ? [] : [outcome])),
    problems: read.flatMap((outcome) => ('code' in outcome ? [outcome] : [])),
  };
}

function checkPrice({ amount, currency: code }: PriceText, index: number, prices: readonly PriceText[]): Money | Problem {
  const path = ['prices', `${index}`];
  const currency = parseCurrency(code);
  if (currency === null) return invalid([...path, 'currency'], 'This is no ISO 4217 currency code.');
  if (prices.findIndex((other) => other.currency === code) < index) {
    return invalid([...path, 'currency'], `There is already a price in ${currency}; a plan has one per currency.`, { currency });
  }
  const price = fromDecimal(amount, currency);
  if (price === null) {
    return invalid([...path, 'amount'], `Write the amount with at most ${exponentOf(currency)} decimal places.`, { decimals: `${exponentOf(currency)}` });
  }
  if (price.amountMinor < 0n || price.amountMinor > MAX_AMOUNT_MINOR) {
    return invalid([...path, 'amount'], 'A price is not negative, and at most 10^12 minor units.', { maxMinor: `${MAX_AMOUNT_MINOR}` });
  }
  return price;
}
