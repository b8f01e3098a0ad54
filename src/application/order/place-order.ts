import { createHash } from 'node:crypto';
import type { OrderId, OrderLineId } from '../../domain/ids';
import { toDecimal } from '../../domain/money';
import { newOrderNumber } from '../../domain/order/order-number';
import type { Order, OrderLine } from '../../domain/order/order';
import type { PurchasePolicy } from '../../domain/pricing/purchase-policy';
import type { AuthenticatedUser, Caller } from '../actor';
import type { PlacedAnswer } from '../ports/idempotency-answers';
import type { CourseClaim } from '../ports/orders';
import type { Tx } from '../ports/unit-of-work';
import { mayOrder, notForOrdering, priceChanged, priceRequest } from '../pricing/price-request';
import type { PurchasableLine } from '../pricing/price-request';
import { policyFor, policyProblems } from '../pricing/tenant-policy';
import { ok, refused, Refusal, userError } from '../user-error';
import type { Result } from '../user-error';
import { alreadyLicensed, claimsOf, heldAlready } from './course-claims';
import type { OrderDependencies } from './order-dependencies';
import { orderPlaced, statusChanged } from './order-events';
import type { PlaceOrderRequest } from './order-requests';
import { checkTexts } from './order-texts';
import { newPurchase } from './new-purchase';
import { reserve } from './reservations';

/**
 * Places an order: price, check, decide, and one commit with the order, its claims, the armed saga and its reservations. Billing is
 * called right after it. The same key and body answer with the same order, for ever and through any replica.
 */
export function placeOrder(dependencies: OrderDependencies) {
  return async (caller: Caller, request: PlaceOrderRequest): Promise<Result<OrderId>> => {
    if (caller.kind !== 'user' || !mayOrder(caller)) return refused(notForOrdering());
    const malformed = checkTexts(request);
    if (malformed.length > 0) return refused(...malformed);
    const requestHash = hashOf(request);
    const key = { tenantId: caller.tenantId, buyerId: caller.userId, idempotencyKey: request.idempotencyKey };
    const known = await dependencies.answers.find(key);
    if (known) return sameOrder(known, requestHash);
    const policy = await policyFor(dependencies.policies, caller);
    try {
      const result = await dependencies.unitOfWork.run(caller, (tx) => place(tx, dependencies, caller, policy, request, requestHash), { commit: 'order.place' });
      if (result.ok) dependencies.answers.remember(key, { orderId: result.value, requestHash });
      return result;
    } catch (error) {
      if (error instanceof Refusal) return refused(...error.errors);
      throw error;
    }
  };
}

async function place(tx: Tx, dependencies: OrderDependencies, buyer: AuthenticatedUser, policy: PurchasePolicy | null, request: PlaceOrderRequest, requestHash: string): Promise<Result<OrderId>> {
  const { readers, orders, sales, outbox, purchases, spend, subscriptions } = dependencies;
  const key = { tenantId: buyer.tenantId, buyerId: buyer.userId, idempotencyKey: request.idempotencyKey };
  const placedBefore = await orders.findByKey(tx, key);
  if (placedBefore) return sameOrder(placedBefore, requestHash);

  const { currency, totals, lines: outcomes, appliedCoupon, storefrontId, problems: inRequest } = await priceRequest(tx, readers, buyer, request);
  const problems = [...inRequest, ...(await policyProblems(tx, spend, policy, currency, totals))];
  const priced = outcomes.flatMap((outcome) => outcome.purchasable ?? []);
  if (problems.length > 0 || !totals || !policy) {
    const sameKey = await orders.findByKey(tx, key); // placed meanwhile, it may itself have used the coupon or the month up
    return sameKey ? sameOrder(sameKey, requestHash) : refused(...problems, ...(await heldAlready(tx, orders, buyer, outcomes)));
  }
  if (request.expectedTotal && priceChanged(totals, request.expectedTotal)) {
    const total = `${toDecimal(totals.total)} ${totals.total.currency}`;
    return refused(userError('PRICE_CHANGED', `The total is now ${total}. Nothing was placed.`, ['input', 'expectedTotal'], { total: toDecimal(totals.total), currency: totals.total.currency }));
  }

  const order = newOrder(tx, buyer, request, totals, { couponCode: appliedCoupon?.code ?? null, storefrontId });
  const lines = priced.map((line, position) => newLine(tx, order, line, position));
  if (!(await orders.place(tx, order, lines, request.idempotencyKey, requestHash))) {
    const winner = await orders.findByKey(tx, key);
    if (!winner) throw new Error('the idempotency key is taken but names no order');
    return sameOrder(winner, requestHash);
  }
  await stillForSale(tx, orders, order, lines);
  await claim(tx, orders, order, buyer, lines);
  const trials = priced.flatMap((line) => (line.trial ? [line.listing.id] : []));
  if (!(await subscriptions.reserveTrials(tx, order.id, buyer, trials))) throw new Refusal([trialTaken()]);
  await sales.record(tx, order, lines);
  await outbox.append(tx, [orderPlaced(order, lines), statusChanged(order.tenantId, { orderId: order.id, version: 1, from: null, to: 'PLACED', step: 'RESERVE', at: tx.now })], order.id);
  await purchases.start(tx, { correlationId: order.id, tenantId: order.tenantId, buyerId: order.buyerId, data: newPurchase(order, lines) });
  await reserve(tx, dependencies, order, appliedCoupon, policy);
  return ok(order.id);
}

function sameOrder(answer: PlacedAnswer, requestHash: string): Result<OrderId> {
  return answer.requestHash === requestHash
    ? ok(answer.orderId)
    : refused(userError('IDEMPOTENCY_KEY_REUSED', 'This idempotency key has placed another order. Use a new key for a new order.', ['input', 'idempotencyKey']));
}

/**
 * A listing may have been suspended, or a plan retired, between its being priced and the order's being stored. Whoever
 * is told that the sale has ended may rely on it: no order is stored afterwards (domain-rules, "Listings").
 */
async function stillForSale(tx: Tx, orders: OrderDependencies['orders'], order: Order, lines: readonly OrderLine[]): Promise<void> {
  const withdrawn = await orders.withdrawnLines(tx, order.id);
  if (withdrawn.length === 0) return;
  throw new Refusal(withdrawn.map(({ position, live }) => userError(
    live ? 'PLAN_NOT_ACTIVE' : 'LISTING_NOT_PURCHASABLE', `“${lines[position]?.title}” is no longer sold like this.`, ['input', 'lines', String(position), 'pricingPlanId'])));
}

function trialTaken() {
  return userError('PRICE_CHANGED', 'The trial has just begun with another order. Nothing was placed.', ['input', 'lines']);
}

/** Thrown rather than returned: the order that was just stored must go with it. */
async function claim(tx: Tx, orders: OrderDependencies['orders'], order: Order, buyer: AuthenticatedUser, lines: readonly OrderLine[]): Promise<void> {
  const claims = claimsOf(buyer.tenantId, lines);
  const twice = claims.twice;
  const held: CourseClaim[] = await orders.claimCourses(tx, order.id, buyer.userId, claims.wanted);
  const problems = alreadyLicensed(lines, [...twice, ...held]);
  if (problems.length > 0) throw new Refusal(problems);
}

function newOrder(tx: Tx, buyer: AuthenticatedUser, request: PlaceOrderRequest, { subtotal, discount, total }: { subtotal: Order['subtotal']; discount: Order['discount']; total: Order['total'] }, by: Pick<Order, 'couponCode' | 'storefrontId'>): Order {
  return {
    id: tx.ids.next<OrderId>(), number: newOrderNumber(tx.ids), source: 'CHECKOUT', status: 'PLACED', failureReason: null,
    tenantId: buyer.tenantId, buyerId: buyer.userId, currency: total.currency, subtotal, discount, total, ...by,
    purchaseReference: request.purchaseReference ?? null, paymentReturnUrl: request.paymentReturnUrl ?? null, version: 1, placedAt: tx.now, fulfilledAt: null,
  };
}

function newLine(tx: Tx, order: Order, { plan, listing, courseVersion, trial, quantity, learnerIds, unitPrice, subtotal, discount, platformDiscount, total }: PurchasableLine, position: number): OrderLine {
  return {
    id: tx.ids.next<OrderLineId>(), orderId: order.id, position, listingId: listing.id, providerTenantId: listing.providerTenantId, planId: plan.id,
    planRevision: plan.revision, title: listing.title, terms: trial ? plan.terms : { ...plan.terms, trialDays: 0 }, // as agreed
    courseId: listing.courseId, courseVersionId: listing.courseVersionId,
    playPackageId: courseVersion.playPackageId, packageFormat: courseVersion.packageFormat, quantity, unitPrice, subtotal,
    discount, platformDiscount, total, learnerIds,
  };
}

/** The request without its key, hashed in one canonical form: SHA-256, hex. */
function hashOf({ idempotencyKey: _key, expectedTotal, ...body }: PlaceOrderRequest): string {
  const { lines, currency, couponCode, storefrontSlug, paymentReturnUrl = null, purchaseReference = null } = body;
  const canonical = [
    currency, paymentReturnUrl, purchaseReference, expectedTotal ? [expectedTotal.amountMinor.toString(), expectedTotal.currency] : null,
    lines.map(({ pricingPlanId, quantity, learnerIds }) => [pricingPlanId, quantity, learnerIds ?? null]),
    // Absent in the requests of before there were coupons, and storefronts.
    ...(couponCode === undefined ? [] : [couponCode]),
    ...(storefrontSlug === undefined ? [] : [{ storefrontSlug }]),
  ];
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex');
}
