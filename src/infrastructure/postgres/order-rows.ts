import type { CourseId, CourseVersionId, ListingId, OrderId, OrderLineId, PricingPlanId, StorefrontId, TenantId, UserId } from '../../domain/ids';
import type { PackageFormat } from '../../domain/listing/listing';
import type { CurrencyCode } from '../../domain/money';
import type { Order, OrderFailureReason, OrderLine, OrderSource, OrderStepName, OrderTransition } from '../../domain/order/order';
import type { OrderStatus } from '../../domain/order/order-status';
import type { PlanTerms } from '../../domain/pricing/plan';
import { moneyOf } from './rows';
import { termsOf } from './terms';

export interface OrderRow {
  id: OrderId; number: string; source: OrderSource; status: OrderStatus; failure_reason: OrderFailureReason | null;
  tenant_id: TenantId; buyer_id: UserId | null; currency: CurrencyCode; subtotal_minor: bigint; discount_minor: bigint; total_minor: bigint;
  coupon_code: string | null; storefront_id: StorefrontId | null; purchase_reference: string | null; payment_return_url: string | null; version: number; placed_at: Date; fulfilled_at: Date | null;
}

export const ORDER_COLUMNS = `id, number, source, status, failure_reason, tenant_id, buyer_id, currency, subtotal_minor, discount_minor, total_minor,
  coupon_code, storefront_id, purchase_reference, payment_return_url, version, placed_at, fulfilled_at`;

export function orderOf(row: OrderRow): Order {
  const { currency } = row;
  return {
    id: row.id, number: row.number, source: row.source, status: row.status, failureReason: row.failure_reason,
    tenantId: row.tenant_id, buyerId: row.buyer_id, currency,
    subtotal: moneyOf(row.subtotal_minor, currency), discount: moneyOf(row.discount_minor, currency), total: moneyOf(row.total_minor, currency),
    couponCode: row.coupon_code, storefrontId: row.storefront_id, purchaseReference: row.purchase_reference, paymentReturnUrl: row.payment_return_url,
    version: row.version, placedAt: row.placed_at, fulfilledAt: row.fulfilled_at,
  };
}

export interface OrderLineRow {
  id: OrderLineId; order_id: OrderId; position: number; listing_id: ListingId; provider_tenant_id: TenantId; plan_id: PricingPlanId; plan_revision: number;
  title: string; terms: PlanTerms; course_id: CourseId; course_version_id: CourseVersionId; play_package_id: string; package_format: PackageFormat;
  quantity: number; unit_price_minor: bigint; subtotal_minor: bigint; discount_minor: bigint; platform_discount_minor: bigint; total_minor: bigint; learner_ids: UserId[]; currency: CurrencyCode;
}

/** Columns of a line `ol` with the currency of its order `o`. */
export const ORDER_LINE_COLUMNS = `ol.id, ol.order_id, ol.position, ol.listing_id, ol.provider_tenant_id, ol.plan_id, ol.plan_revision, ol.title, ol.terms,
  ol.course_id, ol.course_version_id, ol.play_package_id, ol.package_format, ol.quantity, ol.unit_price_minor, ol.subtotal_minor, ol.discount_minor, ol.platform_discount_minor,
  ol.total_minor, ol.learner_ids, o.currency`;

export function orderLineOf(row: OrderLineRow): OrderLine {
  return {
    id: row.id, orderId: row.order_id, position: row.position, listingId: row.listing_id, providerTenantId: row.provider_tenant_id,
    planId: row.plan_id, planRevision: row.plan_revision, title: row.title, terms: termsOf(row.terms), courseId: row.course_id, courseVersionId: row.course_version_id,
    playPackageId: row.play_package_id, packageFormat: row.package_format, quantity: row.quantity,
    unitPrice: moneyOf(row.unit_price_minor, row.currency), subtotal: moneyOf(row.subtotal_minor, row.currency),
    discount: moneyOf(row.discount_minor, row.currency), platformDiscount: moneyOf(row.platform_discount_minor, row.currency),
    total: moneyOf(row.total_minor, row.currency), learnerIds: row.learner_ids,
  };
}

export interface OrderTransitionRow {
  order_id: OrderId; version: number; from_status: OrderStatus | null; to_status: OrderStatus; step: OrderStepName; at: Date;
}

export function orderTransitionOf(row: OrderTransitionRow): OrderTransition {
  return { orderId: row.order_id, version: row.version, from: row.from_status, to: row.to_status, step: row.step, at: row.at };
}
