/** What there is to subscribe to in the year; each provider sells all of it. */
export const PROVIDERS = ['EUR', 'USD', 'GBP', 'JPY'] as const; // in what each is paid out
export const CURRENCIES = ['EUR', 'USD', 'GBP', 'JPY'] as const;
export type Currency = (typeof CURRENCIES)[number];

export interface Rhythm {
  readonly interval: 'MONTH' | 'YEAR';
  readonly count: number;
  /** Months that a paid period lasts. */
  readonly months: number;
  readonly trialDays: number;
}

export const RHYTHMS = {
  monthly: { interval: 'MONTH', count: 1, months: 1, trialDays: 0 },
  quarterly: { interval: 'MONTH', count: 3, months: 3, trialDays: 0 },
  yearly: { interval: 'YEAR', count: 1, months: 12, trialDays: 0 },
  trial: { interval: 'MONTH', count: 1, months: 1, trialDays: 14 },
} as const satisfies Record<string, Rhythm>;
export type RhythmName = keyof typeof RHYTHMS;
export const RHYTHM_NAMES = Object.keys(RHYTHMS) as RhythmName[];

/* Odd amounts, so that the platform's fee has something to round. */
const PER_MONTH: Readonly<Record<Currency, number>> = { EUR: 1_999, USD: 2_247, GBP: 1_773, JPY: 3_131 };

/** For one, in minor units. */
export function unitMinor(provider: number, rhythm: RhythmName, currency: Currency): bigint {
  return BigInt((PER_MONTH[currency] + 11 * provider) * RHYTHMS[rhythm].months + (rhythm === 'trial' ? 9 : 0));
}

/** As GraphQL takes it: "19.99", "3131". */
export function decimalOf(minor: bigint, currency: Currency): string {
  if (currency === 'JPY') return minor.toString();
  const text = minor.toString().padStart(3, '0');
  return `${text.slice(0, -2)}.${text.slice(-2)}`;
}

/** One coupon of each funding for every provider's listing; percent of the first period. */
export const COUPON_PERCENT = { PROVIDER: 20, PLATFORM: 25 } as const;
export type Funding = keyof typeof COUPON_PERCENT;
