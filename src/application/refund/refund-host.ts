import type { OrderId, RefundId } from '../../domain/ids';
import { spread } from '../../domain/largest-remainder';
import { money, parseCurrency } from '../../domain/money';
import type { NewEvent } from '../events/event-envelope';
import { BillingRefused } from '../ports/billing';
import type { Billing } from '../ports/billing';
import type { StoredRefund } from '../ports/refunds';
import type { Tx } from '../ports/unit-of-work';
import type { Call } from '../saga/definition';
import type { CallAnswer, SagaHost } from '../saga/host';
import type { SagaInstance } from '../saga/instance';
import { statusChanged } from '../order/order-events';
import type { Amount } from '../order/purchase-protocol';
import type { RefundBookParts, RefundBooks } from './refund-books';
import type { RefundEffect, RefundProtocol } from './refund-protocol';

type Saga = SagaInstance<RefundProtocol>;
type EffectOf<T extends RefundEffect['type']> = Extract<RefundEffect, { readonly type: T }>;

export interface RefundHostParts extends RefundBookParts {
  readonly billing: Billing;
  readonly books: RefundBooks;
}

/** Where the refund saga meets our tables (effects) and billing (calls). */
export class RefundHost implements SagaHost<RefundProtocol> {
  constructor(private readonly parts: RefundHostParts) {}

  /** What is told of a refund belongs to the chain that its order began. */
  chainOf(saga: Saga): string {
    return saga.data.orderId;
  }

  async apply(tx: Tx, saga: Saga, effects: readonly RefundEffect[]): Promise<readonly NewEvent[]> {
    const events: NewEvent[] = [];
    for (const effect of effects) events.push(...(await this.applyOne(tx, saga, effect)));
    return events;
  }

  async call(_saga: Saga, call: Call<RefundProtocol>): Promise<CallAnswer> {
    try {
      return { kind: 'replied', reply: await this.ask(call) };
    } catch (error) {
      if (error instanceof BillingRefused) return { kind: 'refused', refusal: { code: error.code, message: error.message } };
      throw error;
    }
  }

  private async ask(call: Call<RefundProtocol>): Promise<object> {
    const { billing } = this.parts;
    const { paymentId, refundId } = call.request;
    if (call.name === 'find-refund') return { refund: await billing.findRefund(paymentId, refundId) };
    return billing.refundPayment(paymentId, refundId, call.request.reason, call.request.amountMinor);
  }

  private applyOne(tx: Tx, saga: Saga, effect: RefundEffect): Promise<readonly NewEvent[]> {
    switch (effect.type) {
      case 'refund.freeze': return this.freeze(tx, saga);
      case 'refund.settle': return this.settle(tx, saga, effect);
      case 'refund.fail': return this.fail(tx, saga, effect);
      case 'saga.alert': return Promise.resolve([alert(saga, effect)]);
    }
  }

  private async freeze(tx: Tx, saga: Saga): Promise<readonly NewEvent[]> {
    const transitions = await this.parts.orders.become(tx, { orderId: saga.data.orderId as OrderId, statuses: ['REFUND_PENDING'], step: 'FULFILMENT' });
    await this.parts.refunds.freeze(tx, saga.data.refundId as RefundId);
    return transitions.map((transition) => statusChanged(saga.tenantId, transition));
  }

  /** At what billing says: less is spread anew, more is excess. */
  private async settle(tx: Tx, saga: Saga, { amount: told, billingRefundId }: EffectOf<'refund.settle'>): Promise<readonly NewEvent[]> {
    const order = await this.lockedOrder(tx, saga);
    const refund = await this.parts.refunds.find(tx, saga.data.refundId as RefundId);
    const amount = moneyOf(told);
    const asked = BigInt(saga.data.amount.amountMinor);
    const within = money(amount.amountMinor < asked ? amount.amountMinor : asked, amount.currency);
    const excess = money(amount.amountMinor - within.amountMinor, amount.currency);
    await this.parts.payments.closeRefund(tx, refund.id, 'SUCCEEDED', { amount: within, excess, billingRefundId });
    const lines = within.amountMinor === asked ? refund.lines : await this.spreadAnew(tx, refund, within.amountMinor);
    return this.parts.books.settle(tx, order, { id: refund.id, initiatedBy: refund.initiatedBy, kind: 'REFUND', amount, lines, excess, moneyOnly: refund.initiatedBy === 'OPERATOR' }, false);
  }

  private async spreadAnew(tx: Tx, { id, lines }: StoredRefund, amountMinor: bigint) {
    const parts = spread(amountMinor, lines.map((line) => line.amount.amountMinor));
    const anew = lines.map((line, index) => ({ ...line, amount: money(parts[index] ?? 0n, line.amount.currency) })).filter((line) => line.amount.amountMinor > 0n);
    await this.parts.refunds.setLines(tx, id, anew);
    return anew;
  }

  private async fail(tx: Tx, saga: Saga, { overtaken }: EffectOf<'refund.fail'>): Promise<readonly NewEvent[]> {
    const order = await this.lockedOrder(tx, saga);
    await this.parts.payments.closeRefund(tx, saga.data.refundId as RefundId, 'FAILED');
    await this.parts.refunds.thaw(tx, saga.data.refundId as RefundId);
    return overtaken ? [] : this.parts.books.followStatus(tx, order, await this.parts.refunds.lineFacts(tx, [order.id]));
  }

  private async lockedOrder(tx: Tx, saga: Saga) {
    const order = await this.parts.orders.lock(tx, saga.data.orderId as OrderId);
    if (!order) throw new Error(`order ${saga.data.orderId} is missing`);
    return order;
  }
}

function moneyOf({ amountMinor, currency }: Amount) {
  const known = parseCurrency(currency);
  if (!known) throw new Error(`unknown currency ${currency}`);
  return money(BigInt(amountMinor), known);
}

function alert(saga: Saga, { step, lastError, attempts }: EffectOf<'saga.alert'>): NewEvent {
  return {
    type: 'marketplace.saga.stuck.v1', subject: saga.id, tenantId: saga.tenantId,
    data: { sagaId: saga.id, orderId: saga.data.orderId, step, lastError, attempts },
  };
}
