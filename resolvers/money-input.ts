import { refused, ok, userError } from '../src/application/user-error';
import type { Result } from '../src/application/user-error';
import { exponentOf, fromDecimal, parseCurrency } from '../src/domain/money';
import type { Money } from '../src/domain/money';
import type { MoneyInput } from './types/money';

/** An amount as it came from outside, or why it is no amount of money; `path` leads to it. */
export function moneyFrom({ amount, currency }: MoneyInput, path: readonly string[]): Result<Money> {
  const code = parseCurrency(currency);
  if (code === null) return refused(userError('INVALID_INPUT', `${currency} is not an ISO 4217 currency code.`, [...path, 'currency']));
  const money = fromDecimal(amount, code);
  const decimals = String(exponentOf(code));
  return money === null ? refused(userError('INVALID_INPUT', `Write the amount with at most ${decimals} decimal places.`, [...path, 'amount'], { decimals })) : ok(money);
}
