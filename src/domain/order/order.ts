import type { PackageFormat } from '../listing/listing';
import type { CourseId, CourseVersionId, ListingId, OrderId, OrderLineId, PricingPlanId, RefundId, StorefrontId, TenantId, UserId } from '../ids';
import type { CurrencyCode, Money } from '../money';
import type { PlanTerms } from '../pricing/plan';
import type { OrderStatus } from './order-status';

export const ORDER_SOURCES = ['CHECKOUT', 'RENEWAL'] as const;
export type OrderSource = (typeof ORDER_SOURCES)[number];

export const ORDER_FAILURE_REASONS = [
  'PAYMENT_DECLINED', 'PAYMENT_TIMEOUT', 'PAYMENT_REJECTED', 'PAYMENT_UNAVAILABLE', 'PAYMENT_AMOUNT_MISMATCH', 'PAYMENT_REVERSED',
  'LICENSING_FAILED', 'ENROLLMENT_TIMEOUT', 'ENROLLMENT_REJECTED', 'OPERATOR_DECISION',
] as const;
export type OrderFailureReason = (typeof ORDER_FAILURE_REASONS)[number];

/** The buyer's view of the saga's steps. */
export const ORDER_STEPS = ['RESERVE', 'PAYMENT', 'LICENSING', 'ENROLLMENT', 'FULFILMENT'] as const;
export type OrderStepName = (typeof ORDER_STEPS)[number];

export interface Order {
  readonly id: OrderId;
  /** Short, human, unique: "GE-7K3M-9QXA". */
  readonly number: string;
  readonly source: OrderSource;
  readonly status: OrderStatus;
  readonly failureReason: OrderFailureReason | null;
  readonly tenantId: TenantId;
  /** Null after erasure. */
  readonly buyerId: UserId | null;
  readonly currency: CurrencyCode;
  readonly subtotal: Money;
  readonly discount: Money;
  readonly total: Money;
  /** Of the coupon that was applied. */
  readonly couponCode: string | null;
  /** That it was placed in. */
  readonly storefrontId: StorefrontId | null;
  readonly purchaseReference: string | null;
  readonly paymentReturnUrl: string | null;
  /** Grows by one with each status change. */
  readonly version: number;
  readonly placedAt: Date;
  readonly fulfilledAt: Date | null;
}

export interface OrderLine {
  readonly id: OrderLineId;
  readonly orderId: OrderId;
  readonly position: number;
  readonly listingId: ListingId;
  readonly providerTenantId: TenantId;
  readonly planId: PricingPlanId;
  readonly planRevision: number;
  readonly title: string;
  readonly terms: PlanTerms;
  readonly courseId: CourseId;
  readonly courseVersionId: CourseVersionId;
  readonly playPackageId: string;
  readonly packageFormat: PackageFormat;
  readonly quantity: number;
  readonly unitPrice: Money;
  readonly subtotal: Money;
  readonly discount: Money;
  /** The part of the discount that the platform bears; the provider bears the rest. */
  readonly platformDiscount: Money;
  readonly total: Money;
  /** Seats to assign at once. */
  readonly learnerIds: readonly UserId[];
}

export interface OrderTransition {
  readonly orderId: OrderId;
  readonly version: number;
  readonly from: OrderStatus | null;
  readonly to: OrderStatus;
  readonly step: OrderStepName;
  readonly at: Date;
}

/** Billing's payment as far as we may know it: a reference, and net amounts for our own books. */
export interface Payment {
  readonly paymentId: string;
  readonly orderId: OrderId;
  readonly paymentUrl: string | null;
  readonly taxRecordId: string | null;
  readonly paid: Money;
  readonly refunded: Money;
}

export const REFUND_STATUSES = ['REQUESTED', 'SUCCEEDED', 'FAILED'] as const;
export type RefundStatus = (typeof REFUND_STATUSES)[number];
export const REFUND_INITIATORS = ['BUYER', 'OPERATOR', 'BILLING', 'SYSTEM'] as const;
export type RefundInitiator = (typeof REFUND_INITIATORS)[number];

export interface Refund {
  readonly id: RefundId;
  readonly orderId: OrderId;
  readonly status: RefundStatus;
  readonly initiatedBy: RefundInitiator;
  readonly amount: Money;
  readonly reason: string | null;
  readonly requestedAt: Date;
  readonly completedAt: Date | null;
}
