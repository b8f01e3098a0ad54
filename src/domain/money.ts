/** Money as integers of the currency's minor unit (EUR 2 digits, JPY 0, KWD 3); never floats. */
export interface Money {
  readonly amountMinor: bigint;
  readonly currency: CurrencyCode;
}

declare const currencyBrand: unique symbol;
/** An ISO 4217 code that is in use. */
export type CurrencyCode = string & { readonly [currencyBrand]: true };

const KNOWN_CURRENCIES = new Set(Intl.supportedValuesOf('currency'));
const exponents = new Map<string, number>();

export function parseCurrency(code: string): CurrencyCode | null {
  return KNOWN_CURRENCIES.has(code) ? (code as CurrencyCode) : null;
}

/** Digits after the decimal point in the currency, by ISO 4217. */
export function exponentOf(currency: CurrencyCode): number {
  const known = exponents.get(currency);
  if (known !== undefined) return known;
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  exponents.set(currency, digits);
  return digits;
}

export function money(amountMinor: bigint, currency: CurrencyCode): Money {
  return { amountMinor, currency };
}

export function zero(currency: CurrencyCode): Money {
  return money(0n, currency);
}

export function add(left: Money, right: Money): Money {
  if (left.currency !== right.currency) throw new RangeError(`cannot add ${left.currency} and ${right.currency}`);
  return money(left.amountMinor + right.amountMinor, left.currency);
}

export function sum(amounts: readonly Money[], currency: CurrencyCode): Money {
  return amounts.reduce(add, zero(currency));
}

export function times(amount: Money, quantity: number): Money {
  return money(amount.amountMinor * BigInt(quantity), amount.currency);
}

export function equal(left: Money, right: Money): boolean {
  return left.amountMinor === right.amountMinor && left.currency === right.currency;
}

/** "4900" of EUR as "49.00": the amount padded to the currency's exponent. */
export function toDecimal({ amountMinor, currency }: Money): string {
  const digits = exponentOf(currency);
  const sign = amountMinor < 0n ? '-' : '';
  const minor = (amountMinor < 0n ? -amountMinor : amountMinor).toString().padStart(digits + 1, '0');
  return digits === 0 ? `${sign}${minor}` : `${sign}${minor.slice(0, -digits)}.${minor.slice(-digits)}`;
}

const DECIMAL = /^(-?)(\d{1,15})(?:\.(\d+))?$/;

/** The exact amount of a decimal text, or null when it has an exponent or more digits than the currency knows. */
export function fromDecimal(text: string, currency: CurrencyCode): Money | null {
  const match = DECIMAL.exec(text);
  if (!match) return null;
  const [, sign = '', whole = '', fraction = ''] = match;
  const digits = exponentOf(currency);
  if (fraction.length > digits) return null;
  const minor = BigInt(whole + fraction.padEnd(digits, '0'));
  return money(sign ? -minor : minor, currency);
}
