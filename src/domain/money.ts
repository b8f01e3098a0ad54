/** Money as integers of the currency's minor unit (EUR 2 digits, JPY 0, KWD 3); never floats. */
export interface Money {
  readonly amountMinor: bigint;
  readonly currency: CurrencyCode;
}

declare const currencyBrand: unique symbol;
/** An ISO 4217 code that is in use. */
export type CurrencyCode = string & { readonly [currencyBrand]: true };

const KNOWN_CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

/* ISO 4217 minor units where they are not 2. Not from Intl: it rounds for display, so that HUF has no digits and IQD has none. */
const EXPONENTS: ReadonlyMap<string, number> = new Map([
  ...['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'].map((code) => [code, 0] as const),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((code) => [code, 3] as const),
  ...['CLF', 'UYW'].map((code) => [code, 4] as const),
]);

export function parseCurrency(code: string): CurrencyCode | null {
  return KNOWN_CURRENCIES.has(code) ? (code as CurrencyCode) : null;
}

/** Digits after the decimal point in the currency, by ISO 4217. */
export function exponentOf(currency: CurrencyCode): number {
  return EXPONENTS.get(currency) ?? 2;
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
