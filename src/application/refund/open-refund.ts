import type { OrderId, RefundId, UserId } from '../../domain/ids';
import { sum } from '../../domain/money';
import type { Order } from '../../domain/order/order';
import type { RefundableLine } from '../../domain/refund/refundability';
import type { PlannedLine } from '../../domain/refund/refund-plan';
import { WORKER } from '../actor';
import { amountOf } from '../order/order-events';
import type { Tx } from '../ports/unit-of-work';
import { ok, refused, userError } from '../user-error';
import type { Result, UserError } from '../user-error';
import { refundableLines } from './refundable-lines';
import type { RefundDependencies } from './refund-dependencies';

/** What may be decided about: the order as locked, its lines as they are at this instant. */
export interface RefundableNow {
  readonly order: Order;
  readonly lines: readonly RefundableLine[];
  readonly now: Date;
}

export interface RefundDecision {
  readonly kind: 'POLICY' | 'OPERATOR';
  readonly lines: readonly PlannedLine[];
  readonly reason: string | null;
}

/**
 * Opens a refund, as decided under lock. The order's own saga is locked first: seats that start and money that moves
 * unasked take that lock too, so whoever is second sees what the first has done. Runs in this service's own name,
 * because callers may write neither refunds nor seats; whether the caller may ask is settled before.
 */
export function openRefund(dependencies: RefundDependencies, orderId: OrderId, actorId: UserId, decide: (situation: RefundableNow) => Result<RefundDecision>): Promise<Result<OrderId>> {
  const { unitOfWork, orders, refunds, purchases, renewals } = dependencies;
  return unitOfWork.run(WORKER, async (tx) => {
    if ((await purchases.lock(tx, orderId)).length === 0) await renewals.lock(tx, orderId);
    const order = await orders.lock(tx, orderId);
    if (!order) return refused(noSuchOrder());
    const decision = decide({ order, lines: await refundableLines(tx, orders, refunds, orderId), now: tx.now });
    if (!decision.ok) return decision;
    await store(tx, dependencies, order, decision.value, actorId);
    return ok(orderId);
  }, { commit: 'refund.request' });
}

async function store(tx: Tx, { readers, payments, refunds, engine }: RefundDependencies, order: Order, { kind, lines, reason }: RefundDecision, actorId: UserId): Promise<void> {
  const payment = (await readers.orders.payments(tx, [order.id])).find((one) => one.paid.amountMinor > 0n);
  if (!payment) throw new Error(`order ${order.id} has money left to give back, but no payment`);
  const id = tx.ids.next<RefundId>();
  const amount = sum(lines.map((line) => line.amount), order.currency);
  const { paymentId } = payment;
  await payments.addRefund(tx, {
    id, orderId: order.id, tenantId: order.tenantId, buyerId: order.buyerId, paymentId, kind, initiatedBy: kind === 'OPERATOR' ? 'OPERATOR' : 'BUYER',
    status: 'REQUESTED', amount, reason,
  });
  await refunds.setLines(tx, id, lines);
  await refunds.chooseSeats(tx, id, lines);
  await engine.start(tx, {
    correlationId: id, tenantId: order.tenantId, buyerId: order.buyerId, actorId,
    data: { refundId: id, orderId: order.id, paymentId, amount: amountOf(amount), reason: reason ?? 'requested', asked: 0, returned: null, failure: null },
  });
}

export function noSuchOrder(): UserError {
  return userError('NOT_FOUND', 'There is no such order.', ['orderId']);
}
