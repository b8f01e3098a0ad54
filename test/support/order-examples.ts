import type { CourseId, CourseVersionId, ListingId, OrderId, OrderLineId, PricingPlanId, TenantId, UserId } from '../../src/domain/ids';
import { money, times, zero } from '../../src/domain/money';
import type { Order, OrderLine } from '../../src/domain/order/order';
import type { PlanTerms } from '../../src/domain/pricing/plan';
import { aPlan, EUR } from './listing-examples';

/** An order of one licence for 49.00 EUR, just placed. */
export function anOrder(details: Partial<Order> = {}): Order {
  return {
    id: '0197d7a0-0000-7000-8000-000000000011' as OrderId, number: 'GE-7K3M-9QXA', source: 'CHECKOUT', status: 'PLACED', failureReason: null,
    tenantId: '0197d7a0-0000-7000-8000-0000000000b2' as TenantId, buyerId: '0197d7a0-0000-7000-8000-0000000000a2' as UserId, currency: EUR,
    subtotal: money(4900n, EUR), discount: zero(EUR), total: money(4900n, EUR), couponCode: null, storefrontId: null, purchaseReference: null, paymentReturnUrl: null,
    version: 1, placedAt: new Date('2026-01-31T09:00:00.000Z'), fulfilledAt: null, ...details,
  };
}

/** A line of that order; its amounts follow from quantity and unit price. */
export function anOrderLine({ terms, ...details }: Partial<Omit<OrderLine, 'terms'>> & { readonly terms?: Partial<PlanTerms> } = {}): OrderLine {
  const { quantity = 1, unitPrice = money(4900n, EUR) } = details;
  const subtotal = times(unitPrice, quantity);
  return {
    id: '0197d7a0-0000-7000-8000-000000000012' as OrderLineId, orderId: anOrder().id, position: 0,
    listingId: '0197d7a0-0000-7000-8000-000000000001' as ListingId, providerTenantId: '0197d7a0-0000-7000-8000-0000000000b1' as TenantId,
    planId: '0197d7a0-0000-7000-8000-0000000000e1' as PricingPlanId, planRevision: 1, title: 'Knots for sailors', terms: { ...aPlan().terms, ...terms },
    courseId: '0197d7a0-0000-7000-8000-0000000000c1' as CourseId, courseVersionId: '0197d7a0-0000-7000-8000-0000000000d1' as CourseVersionId,
    playPackageId: 'package-1', packageFormat: 'CMI5', quantity, unitPrice, subtotal, discount: zero(EUR), platformDiscount: zero(EUR), total: subtotal, learnerIds: [], ...details,
  };
}
