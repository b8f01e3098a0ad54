import type { Amount, FoundPaymentStatus } from '../order/purchase-protocol';

export interface PaymentRequest {
  readonly orderId: string;
  readonly tenantId: string;
  readonly buyerId: string;
  readonly net: Amount;
  readonly lines: readonly { readonly title: string; readonly quantity: number; readonly netAmountMinor: string }[];
  /** `setup`: nothing is due, billing only has to hold a mandate. `off_session`: by the mandate it holds, without the buyer. */
  readonly mode: 'checkout' | 'setup' | 'off_session';
  /** A mandate is needed for later. */
  readonly offSessionUse?: true;
  readonly returnUrl?: string;
}
export interface AcceptedPayment {
  readonly paymentId: string;
  readonly status: string;
  readonly paymentUrl: string | null;
  readonly taxRecordId: string | null;
}
export interface FoundPayment {
  readonly paymentId: string;
  readonly status: FoundPaymentStatus;
  readonly netAmountMinor: string;
}
export interface AcceptedRefund {
  readonly billingRefundId: string;
  readonly status: string;
}
export interface FoundRefund extends AcceptedRefund {
  readonly netAmountMinor: string;
}

/** Billing's final "no" (a 4xx with problem+json): asking again would not change it. */
export class BillingRefused extends Error {
  constructor(readonly code: string, message: string) {
    super(message);
    this.name = 'BillingRefused';
  }
}

/**
 * billing-service, as contracts to neighbours have it. Every method throws `BillingRefused` for a final no and
 * `Unanswered` (408, 429, 5xx, timeouts, no connection) when nobody knows whether it took effect.
 */
export interface Billing {
  processPayment(idempotencyKey: string, payment: PaymentRequest): Promise<AcceptedPayment>;
  findPayment(idempotencyKey: string): Promise<FoundPayment | null>;
  /** False: it can no longer be cancelled (409). */
  cancelPayment(paymentId: string, idempotencyKey: string): Promise<boolean>;
  /** The net amount in minor units, or all of what is left of the payment; the idempotency key is the refund's id. */
  refundPayment(paymentId: string, refundId: string, reason: string, amountMinor?: string): Promise<AcceptedRefund>;
  findRefund(paymentId: string, refundId: string): Promise<FoundRefund | null>;
}
