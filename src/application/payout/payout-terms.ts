import type { CurrencyCode } from '../../domain/money';

/** The platform's rules for payouts; each is a setting. */
export interface PayoutTerms {
  /** Nothing below it is paid, in minor units of the account's currency. */
  readonly minimumMinor: (currency: CurrencyCode) => bigint;
  /** How long nothing is paid to a new account, in milliseconds of business time. */
  readonly holdMs: number;
  /** The day of the month (1 to 28) on which everybody is paid; null: only when an operator says so. */
  readonly dayOfMonth: number | null;
}
