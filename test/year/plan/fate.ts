import type { Day } from './calendar';
import type { Currency, Funding, RhythmName } from './offers';

/** How billing answers one try to charge a period without its buyer. */
export type Answer = 'pays' | 'soft' | 'hard';

/**
 * What somebody would like to do on a morning; whether it can be done is up to the reckoning. `pay`, `decline` and
 * `abandon` are what a buyer does with billing's page for a renewal that failed.
 */
export const DEEDS = ['cancel', 'resume', 'refund', 'goodwill', 'dispute', 'pay', 'decline', 'abandon'] as const;
export type Deed = (typeof DEEDS)[number];

export interface Wish {
  readonly day: Day;
  readonly deed: Deed;
}

/** Everything that chance decides about one subscription. */
export interface Fate {
  readonly index: number;
  readonly startsOn: Day;
  readonly rhythm: RhythmName;
  readonly provider: number;
  readonly currency: Currency;
  readonly quantity: number;
  readonly coupon: Funding | null;
  /** Whether its buyer takes a seat at once; else nobody sits on it. */
  readonly seated: boolean;
  /** For each period from 1: billing's answers in turn, the last for all further ones. */
  readonly answers: readonly (readonly Answer[])[];
  /** At most one a day. */
  readonly wishes: readonly Wish[];
}

/** How billing answers that try (from 0) of that period. */
export function answerTo({ answers }: Fate, period: number, attempt: number): Answer {
  const row = answers[period - 1] ?? ['pays'];
  return row[Math.min(attempt, row.length - 1)] ?? 'pays';
}
