import type { ListingId, OrderId } from '../domain/ids';
import type { Caller } from './actor';
import type { CouponUseCases } from './coupon';
import type { LicenseUseCases } from './license';
import type { PlaceOrderRequest } from './order/order-requests';
import type { OperatorUseCases } from './operators';
import type { DeadLetterReader } from './ports/dead-letters';
import type { PayoutUseCases } from './payout';
import type { EarningsReader } from './ports/earnings-reader';
import type { LicenseFeed } from './ports/license-feed';
import type { OrderStatusFeed } from './ports/order-status-feed';
import type { PayoutReader } from './ports/payouts';
import type { CouponReader, LicenseReader, ListingReader, OrderReader, PlanReader, SagaReader, SubscriptionReader } from './ports/readers';
import type { RefundFacts } from './ports/refunds';
import type { StorefrontReader } from './ports/storefronts';
import type { UnitOfWork } from './ports/unit-of-work';
import type { Quote, QuoteRequest } from './pricing/quote';
import type { OperatorRefundRequest, RefundRequest } from './refund/refund-requests';
import type { StorefrontUseCases } from './storefront';
import type { SubscriptionUseCases } from './subscription';
import type { Result } from './user-error';

export interface OrderUseCases {
  placeOrder(caller: Caller, request: PlaceOrderRequest): Promise<Result<OrderId>>;
  cancelOrder(caller: Caller, orderId: string): Promise<Result<OrderId>>;
  quote(caller: Caller, request: QuoteRequest): Promise<Quote>;
}

export interface RefundUseCases {
  requestRefund(caller: Caller, request: RefundRequest): Promise<Result<OrderId>>;
  refundOrder(caller: Caller, request: OperatorRefundRequest): Promise<Result<OrderId>>;
}

export interface Readers {
  readonly listings: ListingReader;
  readonly plans: PlanReader;
  readonly orders: OrderReader;
  readonly licenses: LicenseReader;
  readonly coupons: CouponReader;
  readonly sagas: SagaReader;
  readonly deadLetters: DeadLetterReader;
  readonly subscriptions: SubscriptionReader;
  readonly earnings: EarningsReader;
  readonly refunds: RefundFacts;
  readonly payouts: PayoutReader;
  readonly storefronts: StorefrontReader;
}

/** What the graph is built on: everything that resolvers may call. */
export interface ApplicationCore {
  readonly orders: OrderUseCases;
  readonly coupons: CouponUseCases;
  readonly operators: OperatorUseCases;
  readonly refunds: RefundUseCases;
  readonly payouts: PayoutUseCases;
  readonly storefronts: StorefrontUseCases;
  readonly subscriptions: SubscriptionUseCases;
  readonly readers: Readers;
  /** Live listings for a shopper's words, best first. */
  readonly searchListings: (text: string) => Promise<readonly ListingId[]>;
  readonly orderStatus: OrderStatusFeed;
  readonly licenses: LicenseUseCases;
  readonly licenseFeed: LicenseFeed;
  readonly unitOfWork: UnitOfWork;
}
