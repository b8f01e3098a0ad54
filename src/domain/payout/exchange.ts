import { exponentOf, money } from '../money';
import type { CurrencyCode, Money } from '../money';

/** Units of one currency for one unit of another: `digits` / 10^`scale`, exact and positive. */
export interface Rate {
  readonly digits: bigint;
  readonly scale: number;
}

const RATE = /^(\d{1,12})(?:\.(\d{1,18}))?$/;

/** "1.0825", or null where the text is no positive decimal without an exponent. */
export function parseRate(text: string): Rate | null {
  const [, whole, fraction = ''] = RATE.exec(text) ?? [];
  const digits = whole === undefined ? 0n : BigInt(whole + fraction);
  return digits > 0n ? { digits, scale: fraction.length } : null;
}

/** The amount in another currency, rounded half up at its minor unit; half away from zero where it is negative, so that what is owed either way is the same. */
export function convert({ amountMinor, currency }: Money, { digits, scale }: Rate, to: CurrencyCode): Money {
  return money(divided(amountMinor * digits * tenTo(exponentOf(to)), tenTo(scale + exponentOf(currency))), to);
}

/** What of the amount the conversion did not reach: the amount less what the converted one is worth at the same rate. */
export function residueOf(amount: Money, { digits, scale }: Rate, converted: Money): Money {
  const worth = divided(converted.amountMinor * tenTo(scale + exponentOf(amount.currency)), digits * tenTo(exponentOf(converted.currency)));
  return money(amount.amountMinor - worth, amount.currency);
}

function divided(numerator: bigint, denominator: bigint): bigint {
  const size = numerator < 0n ? -numerator : numerator;
  const quotient = (2n * size + denominator) / (2n * denominator);
  return numerator < 0n ? -quotient : quotient;
}

function tenTo(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}
