import type { PlaceOrderRequest } from '../src/application/order/order-requests';
import { ok, refused, userError } from '../src/application/user-error';
import type { Result } from '../src/application/user-error';
import { exponentOf, fromDecimal, parseCurrency } from '../src/domain/money';
import type { Money } from '../src/domain/money';
import { lineRequest } from './quote.resolver';
import type { MoneyInput } from './types/money';
import type { PlaceOrderInput } from './types/order-inputs';

/** The checkout as the use case takes it, or why its expected total is no amount of money. */
export function placeOrderRequest({ idempotencyKey, lines, currency, couponCode, paymentReturnUrl, purchaseReference, expectedTotal }: PlaceOrderInput): Result<PlaceOrderRequest> {
  const expected = expectedTotal ? moneyOf(expectedTotal) : null;
  if (expected && !expected.ok) return expected;
  return ok({
    idempotencyKey, currency, lines: lines.map(lineRequest),
    ...(couponCode != null && { couponCode }),
    ...(paymentReturnUrl != null && { paymentReturnUrl }),
    ...(purchaseReference != null && { purchaseReference }),
    ...(expected && { expectedTotal: expected.value }),
  });
}

function moneyOf({ amount, currency }: MoneyInput): Result<Money> {
  const path = ['input', 'expectedTotal'];
  const code = parseCurrency(currency);
  if (code === null) return refused(userError('INVALID_INPUT', `${currency} is not an ISO 4217 currency code.`, [...path, 'currency']));
  const money = fromDecimal(amount, code);
  const decimals = String(exponentOf(code));
  return money === null ? refused(userError('INVALID_INPUT', `Write the amount with at most ${decimals} decimal places.`, [...path, 'amount'], { decimals })) : ok(money);
}
