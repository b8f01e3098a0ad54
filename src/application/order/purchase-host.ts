import type { OrderId } from '../../domain/ids';
import { WORKER } from '../actor';
import type { NewEvent } from '../events/event-envelope';
import { BillingRefused } from '../ports/billing';
import type { Billing, PaymentRequest } from '../ports/billing';
import type { Tx, UnitOfWork } from '../ports/unit-of-work';
import type { Call } from '../saga/definition';
import type { CallAnswer, SagaHost } from '../saga/host';
import type { SagaInstance } from '../saga/instance';
import { amountOf, buyerOf } from './order-events';
import { PurchaseEffects } from './purchase-effects';
import type { PurchaseStores } from './purchase-effects';
import type { PurchaseEffect, PurchaseProtocol } from './purchase-protocol';

export interface PurchaseHostParts extends PurchaseStores {
  readonly unitOfWork: UnitOfWork;
  readonly billing: Billing;
}

/** Where the purchase saga meets our tables (effects) and billing (calls). */
export class PurchaseHost implements SagaHost<PurchaseProtocol> {
  private readonly effects: PurchaseEffects;

  constructor(private readonly parts: PurchaseHostParts) {
    this.effects = new PurchaseEffects(parts);
  }

  apply(tx: Tx, saga: SagaInstance<PurchaseProtocol>, effects: readonly PurchaseEffect[]): Promise<readonly NewEvent[]> {
    return this.effects.apply(tx, saga, effects);
  }

  async call(_saga: SagaInstance<PurchaseProtocol>, call: Call<PurchaseProtocol>): Promise<CallAnswer> {
    try {
      return { kind: 'replied', reply: await this.ask(call) };
    } catch (error) {
      if (error instanceof BillingRefused) return { kind: 'refused', refusal: { code: error.code, message: error.message } };
      throw error;
    }
  }

  private async ask(call: Call<PurchaseProtocol>): Promise<object> {
    const { billing } = this.parts;
    switch (call.name) {
      case 'process-payment': return billing.processPayment(call.request.idempotencyKey, await this.paymentFor(call.request.orderId as OrderId));
      case 'find-payment': return { payment: await billing.findPayment(call.request.idempotencyKey) };
      case 'cancel-payment': return { cancelled: await billing.cancelPayment(call.request.paymentId, call.request.idempotencyKey) };
      case 'refund-payment': return billing.refundPayment(call.request.paymentId, call.request.refundId, call.request.reason);
      case 'find-refund': return { refund: await billing.findRefund(call.request.paymentId, call.request.refundId) };
    }
  }

  private async paymentFor(orderId: OrderId): Promise<PaymentRequest> {
    const { order, lines } = await this.parts.unitOfWork.run(WORKER, (tx) => this.parts.orders.withLines(tx, orderId));
    return {
      orderId, tenantId: order.tenantId, buyerId: buyerOf(order), net: amountOf(order.total), mode: order.total.amountMinor === 0n ? 'setup' : 'checkout',
      lines: lines.map((line) => ({ title: line.title, quantity: line.quantity, netAmountMinor: line.total.amountMinor.toString() })),
      ...(lines.some((line) => line.terms.kind === 'SUBSCRIPTION') ? { offSessionUse: true } : {}),
      ...(order.paymentReturnUrl ? { returnUrl: order.paymentReturnUrl } : {}),
    };
  }
}
