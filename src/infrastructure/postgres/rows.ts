import type { CurrencyCode, Money } from '../../domain/money';

/**
 * Any of the ids in $1, for prepared statements of callers. The planner does not see how many there are: else the plan for the one
 * at hand looks so much cheaper than that for any number that it plans each time anew, which takes longer than executing.
 */
export const AMONG_IDS = 'any ((select $1::uuid[])::uuid[])';

/** Money from its two columns. */
export function moneyOf(amountMinor: bigint, currency: string): Money {
  return { amountMinor, currency: currency as CurrencyCode };
}
