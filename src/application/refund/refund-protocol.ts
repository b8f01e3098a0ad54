import type { Amount } from '../order/purchase-protocol';

/** What the refund saga remembers. JSON: absent things are null. */
export interface RefundData {
  readonly refundId: string;
  readonly orderId: string;
  readonly paymentId: string;
  readonly amount: Amount;
  /** For billing's files. */
  readonly reason: string;
  /** How often billing was asked what has become of it. */
  readonly asked: number;
  /** What billing said it gave back, and its own id of that. */
  readonly returned: { readonly amount: Amount; readonly billingRefundId: string } | null;
}

export type RefundCalls = {
  readonly 'refund-payment': {
    readonly request: { readonly paymentId: string; readonly refundId: string; readonly amountMinor: string; readonly reason: string };
    readonly reply: { readonly billingRefundId: string; readonly status: string };
  };
  readonly 'find-refund': {
    readonly request: { readonly paymentId: string; readonly refundId: string };
    readonly reply: { readonly refund: { readonly billingRefundId: string; readonly status: string; readonly netAmountMinor: string } | null };
  };
};

export interface RefundEvents {
  readonly 'refund.succeeded': { readonly amount: Amount; readonly billingRefundId: string };
  readonly 'refund.failed': { readonly code: string };
  /** Billing gave the money back by itself: this refund cannot go through beside it. */
  readonly 'refund.overtaken': Record<never, never>;
}

export type RefundEffect =
  | { readonly type: 'refund.freeze' }
  | { readonly type: 'refund.settle'; readonly amount: Amount; readonly billingRefundId: string }
  /** `overtaken`: the order's status is up to what overtook it. */
  | { readonly type: 'refund.fail'; readonly overtaken: boolean }
  | { readonly type: 'saga.alert'; readonly step: string; readonly lastError: string; readonly attempts: number };

/** Why a refund was given up. */
export type RefundFailure = 'REFUSED' | 'FAILED' | 'OVERTAKEN' | 'OPERATOR_DECISION';

export interface RefundProtocol {
  readonly data: RefundData & { readonly failure: RefundFailure | null };
  readonly events: RefundEvents;
  readonly calls: RefundCalls;
  readonly timer: 'ask';
  readonly effect: RefundEffect;
  readonly failure: RefundFailure;
}
