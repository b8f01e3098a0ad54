import { WORKER } from '../actor';
import type { NewEvent } from '../events/event-envelope';
import { amountOf, buyerOf } from '../order/order-events';
import { orderIdOf } from '../order/payment-effects';
import { BillingRefused } from '../ports/billing';
import type { Billing, PaymentRequest } from '../ports/billing';
import type { Tx, UnitOfWork } from '../ports/unit-of-work';
import type { Call } from '../saga/definition';
import type { CallAnswer, SagaHost } from '../saga/host';
import type { SagaInstance } from '../saga/instance';
import { RenewalEffects } from './renewal-effects';
import type { RenewalStores } from './renewal-effects';
import type { RenewalEffect, RenewalProtocol } from './renewal-protocol';

export interface RenewalHostParts extends RenewalStores {
  readonly unitOfWork: UnitOfWork;
  readonly billing: Billing;
}

type Saga = SagaInstance<RenewalProtocol>;

/** Where the renewal saga meets our tables (effects) and billing (calls). */
export class RenewalHost implements SagaHost<RenewalProtocol> {
  private readonly effects: RenewalEffects;

  constructor(private readonly parts: RenewalHostParts) {
    this.effects = new RenewalEffects(parts);
  }

  apply(tx: Tx, saga: Saga, effects: readonly RenewalEffect[]): Promise<readonly NewEvent[]> {
    return this.effects.apply(tx, saga, effects);
  }

  async call(saga: Saga, call: Call<RenewalProtocol>): Promise<CallAnswer> {
    try {
      return { kind: 'replied', reply: await this.ask(saga, call) };
    } catch (error) {
      if (error instanceof BillingRefused) return { kind: 'refused', refusal: { code: error.code, message: error.message } };
      throw error;
    }
  }

  private async ask(saga: Saga, call: Call<RenewalProtocol>): Promise<object> {
    const { billing } = this.parts;
    switch (call.name) {
      case 'process-payment': return billing.processPayment(call.request.idempotencyKey, await this.paymentFor(saga, call.request));
      case 'find-payment': return { payment: await billing.findPayment(call.request.idempotencyKey) };
      case 'cancel-payment': return { cancelled: await billing.cancelPayment(call.request.paymentId, call.request.idempotencyKey) };
      case 'refund-payment': return billing.refundPayment(call.request.paymentId, call.request.refundId, call.request.reason);
      case 'find-refund': return { refund: await billing.findRefund(call.request.paymentId, call.request.refundId) };
    }
  }

  private async paymentFor(saga: Saga, { mode, returnUrl }: Extract<Call<RenewalProtocol>, { name: 'process-payment' }>['request']): Promise<PaymentRequest> {
    const { order, lines } = await this.parts.unitOfWork.run(WORKER, (tx) => this.parts.orders.withLines(tx, orderIdOf(saga)));
    return {
      orderId: order.id, tenantId: order.tenantId, buyerId: buyerOf(order), net: amountOf(order.total), mode,
      lines: lines.map((line) => ({ title: line.title, quantity: line.quantity, netAmountMinor: line.total.amountMinor.toString() })),
      ...(mode === 'checkout' ? { offSessionUse: true } : {}), ...(returnUrl ? { returnUrl } : {}),
    };
  }
}
