import type { OrderId, RefundId } from '../../domain/ids';
import type { Money } from '../../domain/money';
import { money } from '../../domain/money';
import type { Order } from '../../domain/order/order';
import type { RefundableLine } from '../../domain/refund/refundability';
import { unaskedRefund } from '../../domain/refund/refund-plan';
import type { UnaskedRefund } from '../../domain/refund/refund-plan';
import type { NewEvent } from '../events/event-envelope';
import type { OpenRefund } from '../ports/refunds';
import type { Tx } from '../ports/unit-of-work';
import type { SagaEngine } from '../saga/engine';
import type { RefundBookParts, RefundBooks } from './refund-books';
import type { RefundProtocol } from './refund-protocol';
import { refundableLines } from './refundable-lines';

/** Money that billing gave back of a fulfilled order without being asked by us. */
export interface UnaskedMoney {
  readonly orderId: OrderId;
  readonly paymentId: string;
  readonly billingRefundId: string;
  readonly amount: Money;
  readonly reason: string;
}

export interface UnaskedRefundParts extends RefundBookParts {
  readonly engine: SagaEngine<RefundProtocol>;
  readonly books: RefundBooks;
}

/**
 * Unasked refunds and disputes after fulfilment (domain-rules, "Refunds"): booked always. Locks the refund that is
 * open before the order; the caller holds the purchase's saga, so none can be opened meanwhile.
 */
export class UnaskedRefunds {
  constructor(private readonly parts: UnaskedRefundParts) {}

  async book(tx: Tx, unasked: UnaskedMoney): Promise<readonly NewEvent[]> {
    const { orders, refunds, engine, books } = this.parts;
    const { orderId, amount, reason } = unasked;
    const seen = await refunds.openOf(tx, orderId);
    if (seen) await engine.lock(tx, seen.id);
    const lines = await refundableLines(tx, orders, refunds, orderId);
    const plan = unaskedRefund(lines, amount.amountMinor, amount.currency, reason === 'dispute');
    const open = await refunds.openOf(tx, orderId); // it may have ended before it was locked
    if (open && isOvertaken(open, plan, lines)) await engine.deliver(tx, [{ correlationId: open.id, input: { name: 'refund.overtaken', payload: {} } }]);
    const order = await orders.lock(tx, orderId);
    if (!order) throw new Error(`order ${orderId} is missing`);
    const id = await this.store(tx, order, unasked, plan, lines);
    const kind = reason === 'dispute' ? 'DISPUTE' : 'REFUND';
    return books.settle(tx, order, { id, initiatedBy: 'BILLING', kind, amount, lines: plan.lines, excess: plan.excess, moneyOnly: !plan.takesBack }, plan.takesBack);
  }

  private async store(tx: Tx, order: Order, unasked: UnaskedMoney, plan: UnaskedRefund, lines: readonly RefundableLine[]): Promise<RefundId> {
    const { payments, refunds } = this.parts;
    const { paymentId, amount, reason, billingRefundId } = unasked;
    const id = tx.ids.next<RefundId>();
    await payments.addRefund(tx, {
      id, orderId: order.id, tenantId: order.tenantId, buyerId: order.buyerId, paymentId, kind: 'UNASKED', initiatedBy: 'BILLING', status: 'SUCCEEDED',
      amount: money(amount.amountMinor - plan.excess.amountMinor, amount.currency), excess: plan.excess, reason, billingRefundId,
    });
    await refunds.setLines(tx, id, plan.lines);
    if (plan.takesBack) await refunds.chooseSeats(tx, id, lines.map(({ line }) => ({ lineId: line.id, seats: 'ALL' })));
    return id;
  }
}

/** It cannot go through: the seats are gone, or there is not enough left for both. */
function isOvertaken(open: OpenRefund, plan: UnaskedRefund, lines: readonly RefundableLine[]): boolean {
  const left = lines.reduce((sum, { line, facts }) => sum + line.total.amountMinor - facts.settledMinor, 0n);
  const taken = plan.lines.reduce((sum, line) => sum + line.amount.amountMinor, 0n);
  return plan.takesBack || taken + open.amount.amountMinor > left;
}
