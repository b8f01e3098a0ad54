import type { Money } from '../../domain/money';
import type { OrderLineRequest } from '../pricing/quote';

/** A checkout as the buyer sends it; contract `PlaceOrderInput`. */
export interface PlaceOrderRequest {
  readonly idempotencyKey: string;
  readonly lines: readonly OrderLineRequest[];
  readonly currency: string;
  readonly couponCode?: string;
  readonly storefrontSlug?: string;
  readonly paymentReturnUrl?: string;
  readonly purchaseReference?: string;
  readonly expectedTotal?: Money;
}
