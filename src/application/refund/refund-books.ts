import type { LicenseId, RefundId } from '../../domain/ids';
import type { Money } from '../../domain/money';
import { money } from '../../domain/money';
import type { Order, RefundInitiator } from '../../domain/order/order';
import { mayBecome } from '../../domain/order/order-status';
import type { OrderStatus } from '../../domain/order/order-status';
import { statusAfterRefunds } from '../../domain/refund/status-after';
import type { LineFacts } from '../../domain/refund/refundability';
import type { NewEvent } from '../events/event-envelope';
import { amountOf, buyerOf, licenseRevoked, seatsRevoked, statusChanged } from '../order/order-events';
import type { Earnings } from '../ports/earnings';
import type { OrderStore } from '../ports/orders';
import type { PaymentStore } from '../ports/payments';
import type { RefundOfLine, RefundStore } from '../ports/refunds';
import type { Tx } from '../ports/unit-of-work';
import type { SubscriptionEnding, TakenBackOf } from '../subscription/subscription-ending';

export interface RefundBookParts {
  readonly orders: OrderStore;
  readonly payments: PaymentStore;
  readonly refunds: RefundStore;
  readonly earnings: Earnings;
  readonly ending: SubscriptionEnding;
}

/** Money that has gone back, as it is booked. */
export interface SettledRefund {
  readonly id: RefundId;
  readonly initiatedBy: RefundInitiator;
  readonly kind: 'REFUND' | 'DISPUTE';
  /** All that went back, the excess included. */
  readonly amount: Money;
  readonly lines: readonly RefundOfLine[];
  readonly excess: Money;
  /** A goodwill amount: seats, licences and subscriptions stay as they are. */
  readonly moneyOnly: boolean;
}

/** Books what a settled refund leads to: seats and licences, earnings, the order's status, and what is told of it. */
export class RefundBooks {
  constructor(private readonly parts: RefundBookParts) {}

  /** The refund's row and lines are stored as settled, and the order is locked. `wholeOrder`: every licence goes. */
  async settle(tx: Tx, order: Order, refund: SettledRefund, wholeOrder: boolean): Promise<readonly NewEvent[]> {
    const facts = await this.parts.refunds.lineFacts(tx, [order.id]);
    const { lines } = await this.parts.orders.withLines(tx, order.id);
    const totals = new Map(lines.map((line) => [line.id, line.total.amountMinor]));
    const given = facts.filter(({ lineId, settledMinor }) => refund.lines.some((line) => line.lineId === lineId) && settledMinor === totals.get(lineId));
    const whole = wholeOrder ? lines.map((line) => line.id) : given.map(({ lineId }) => lineId);
    const paid = await this.parts.ending.lockOfOrder(tx, order);
    const back = { wholeLines: whole, lines: refund.moneyOnly ? whole : [...whole, ...refund.lines.map((line) => line.lineId)], revokes: wholeOrder };
    const seats = await this.takeBack(tx, refund, back, this.parts.ending.revokedLicenses(paid, back));
    const ends = await this.parts.ending.afterRefund(tx, paid, back);
    const status = await this.followStatus(tx, order, facts);
    const told = orderRefunded(order, refund, settledOf(facts) >= order.total.amountMinor);
    return [...status, ...seats, ...ends, told, ...(await this.reverse(tx, order, refund, facts))];
  }

  /** After fulfilment the status follows from settled and open refunds. */
  async followStatus(tx: Tx, order: Order, facts: readonly LineFacts[]): Promise<NewEvent[]> {
    const open = facts.some((line) => line.refundOpen);
    const status: OrderStatus = open ? 'REFUND_PENDING' : statusAfterRefunds(order.total.amountMinor, settledOf(facts));
    if (!mayBecome(order.status, status)) return [];
    const transitions = await this.parts.orders.become(tx, { orderId: order.id, statuses: [status], step: 'FULFILMENT' });
    return transitions.map((transition) => statusChanged(order.tenantId, transition));
  }

  private async takeBack(tx: Tx, refund: SettledRefund, { wholeLines }: TakenBackOf, lostLicenses: readonly LicenseId[]): Promise<NewEvent[]> {
    const taken = await this.parts.refunds.takeBack(tx, refund.id, wholeLines, refund.kind === 'DISPUTE' ? 'DISPUTED' : 'REFUNDED', lostLicenses);
    return taken.flatMap(({ license, seats }) => (license.state === 'REVOKED' ? licenseRevoked(license, seats) : seatsRevoked(license, seats, 'REFUNDED')));
  }

  private reverse(tx: Tx, order: Order, { id, kind, lines, excess }: SettledRefund, facts: readonly LineFacts[]) {
    const soFar = new Map(facts.map((line) => [line.lineId, line.settledMinor]));
    const cumulative = lines.map(({ lineId }) => ({ lineId, refundedSoFar: money(soFar.get(lineId) ?? 0n, order.currency) }));
    return this.parts.earnings.reverse(tx, order, { id, kind, lines: cumulative, excess });
  }
}

function settledOf(facts: readonly LineFacts[]): bigint {
  return facts.reduce((sum, line) => sum + line.settledMinor, 0n);
}

function orderRefunded(order: Order, { id, initiatedBy, amount, lines }: SettledRefund, full: boolean): NewEvent {
  if (initiatedBy === 'SYSTEM') throw new Error('a compensation is no refund of a fulfilled order');
  return {
    type: 'marketplace.order.refunded.v1', subject: order.id, tenantId: order.tenantId,
    data: {
      orderId: order.id, number: order.number, tenantId: order.tenantId, buyerId: buyerOf(order), refundId: id, amount: amountOf(amount), full, initiatedBy,
      lines: lines.map((line) => ({ lineId: line.lineId, amount: amountOf(line.amount) })),
    },
  };
}
