import type { ListingId, OrderId, OrderLineId, TenantId } from '../ids';
import type { Money } from '../money';
import type { OrderStatus } from '../order/order-status';

/** An order line as its provider sees it: never who bought. */
export interface ProviderSale {
  /** The order line's. */
  readonly id: OrderLineId;
  readonly orderId: OrderId;
  readonly orderNumber: string;
  readonly providerTenantId: TenantId;
  readonly listingId: ListingId;
  readonly planName: string;
  readonly quantity: number;
  readonly placedAt: Date;
  readonly status: OrderStatus;
  readonly gross: Money;
  /** What the provider itself gave off; the gross is without it. */
  readonly discount: Money;
  /** As booked; until then, as foreseen. */
  readonly platformFee: Money;
  readonly net: Money;
  /** Of the gross, what was taken back. */
  readonly refunded: Money;
}

/** What a provider has earned in one currency: pending + available + paidOut = lifetimeGross − lifetimePlatformFee. */
export interface EarningsBalance {
  readonly pending: Money;
  readonly available: Money;
  readonly paidOut: Money;
  readonly lifetimeGross: Money;
  readonly lifetimePlatformFee: Money;
}

/** What was sold on one day (UTC). */
export interface SalesPoint {
  /** "2026-03-01". */
  readonly date: string;
  readonly orders: number;
  readonly gross: Money;
  readonly net: Money;
  readonly refunds: Money;
}
