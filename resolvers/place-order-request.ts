import type { PlaceOrderRequest } from '../src/application/order/order-requests';
import { ok } from '../src/application/user-error';
import type { Result } from '../src/application/user-error';
import { moneyFrom } from './money-input';
import { lineRequest } from './quote.resolver';
import type { PlaceOrderInput } from './types/order-inputs';

/** The checkout as the use case takes it, or why its expected total is no amount of money. */
export function placeOrderRequest({ idempotencyKey, lines, currency, couponCode, storefrontSlug, paymentReturnUrl, purchaseReference, expectedTotal }: PlaceOrderInput): Result<PlaceOrderRequest> {
  const expected = expectedTotal ? moneyFrom(expectedTotal, ['input', 'expectedTotal']) : null;
  if (expected && !expected.ok) return expected;
  return ok({
    idempotencyKey, currency, lines: lines.map(lineRequest),
    ...(couponCode != null && { couponCode }),
    ...(storefrontSlug != null && { storefrontSlug }),
    ...(paymentReturnUrl != null && { paymentReturnUrl }),
    ...(purchaseReference != null && { purchaseReference }),
    ...(expected && { expectedTotal: expected.value }),
  });
}
