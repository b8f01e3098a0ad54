import type { OrderFailureReason, OrderStepName } from '../../domain/order/order';
import type { OrderStatus } from '../../domain/order/order-status';
import type { EventDataByType } from '../events/event-data.generated';

/** Minor units as a decimal string, as in every stored or sent JSON. */
export interface Amount {
  readonly amountMinor: string;
  readonly currency: string;
}

/** Why a purchase is taken back: what the order says it failed with, or the buyer's wish. */
export type PurchaseFailure = OrderFailureReason | 'CANCELLED';

/** What the purchase saga remembers. JSON: absent things are null. */
export interface PurchaseData {
  readonly orderId: string;
  readonly total: Amount;
  /** Which attempt to be paid this is: part of billing's idempotency key. */
  readonly paymentAttempt: number;
  readonly paymentId: string | null;
  /** What billing took; null: nothing as far as we know. */
  readonly paid: Amount | null;
  /** Of it, what has gone back, minor units. */
  readonly returnedMinor: string;
  /** What billing told to have given back of a payment that it has not told of yet: booked with it. Absent: nothing. */
  readonly early?: readonly UnaskedRefund[];
  /** Billing said that this payment will take no money any more. */
  readonly paymentClosed: boolean;
  readonly cancelRefused: boolean;
  /** The compensation refund that is open. */
  readonly refundId: string | null;
  readonly refundAsked: number;
  /** Seats assigned at purchase, and what became of them. */
  readonly seats: number;
  readonly enrolled: number;
  readonly rejected: number;
  readonly enrollmentAsked: number;
  /** When the licences were granted: what enrollment's deadlines count from. */
  readonly grantedAt: string | null;
  readonly failure: PurchaseFailure | null;
  readonly failedStep: string | null;
}

export type FoundPaymentStatus = 'requires_action' | 'processing' | 'succeeded' | 'failed' | 'cancelled';

/** What we ask of billing; each is answered, refused for good, or asked again. */
export type PurchaseCalls = {
  readonly 'process-payment': {
    readonly request: { readonly orderId: string; readonly idempotencyKey: string };
    readonly reply: { readonly paymentId: string; readonly status: string; readonly paymentUrl: string | null; readonly taxRecordId: string | null };
  };
  readonly 'find-payment': {
    readonly request: { readonly orderId: string; readonly idempotencyKey: string };
    readonly reply: { readonly payment: { readonly paymentId: string; readonly status: FoundPaymentStatus; readonly netAmountMinor: string } | null };
  };
  readonly 'cancel-payment': {
    readonly request: { readonly paymentId: string; readonly idempotencyKey: string };
    readonly reply: { readonly cancelled: boolean };
  };
  readonly 'refund-payment': {
    readonly request: { readonly paymentId: string; readonly refundId: string; readonly reason: string };
    readonly reply: { readonly billingRefundId: string; readonly status: string };
  };
  readonly 'find-refund': {
    readonly request: { readonly paymentId: string; readonly refundId: string };
    readonly reply: { readonly refund: { readonly billingRefundId: string; readonly status: string; readonly netAmountMinor: string } | null };
  };
};

/** Money that billing gave back without being asked by us. */
export interface UnaskedRefund {
  readonly paymentId: string;
  readonly billingRefundId: string;
  readonly amount: Amount;
  readonly reason: string;
}

/** What it is told: billing's events, and what our own use cases make of others. */
export interface PurchaseEvents {
  readonly 'billing.payment.succeeded.v1': EventDataByType['billing.payment.succeeded.v1'];
  readonly 'billing.payment.failed.v1': EventDataByType['billing.payment.failed.v1'];
  /** A refund that we asked for (its `refundKey` is one of ours). */
  readonly 'refund.succeeded': { readonly refundId: string; readonly amount: Amount; readonly billingRefundId: string };
  readonly 'refund.failed': { readonly refundId: string; readonly code: string };
  readonly 'refund.unasked': UnaskedRefund;
  readonly 'order.cancel-requested': Record<never, never>;
  /** Answers for seats assigned at purchase, counted once per seat. */
  readonly 'enrollment.answered': { readonly enrolled: number; readonly rejected: number };
}

/** What it changes in our own database, in the same transaction. */
export type PurchaseEffect =
  | { readonly type: 'order.become'; readonly statuses: readonly OrderStatus[]; readonly step: OrderStepName }
  | { readonly type: 'payment.record'; readonly paymentId: string; readonly attempt: number; readonly idempotencyKey: string; readonly paymentUrl: string | null; readonly taxRecordId: string | null }
  | { readonly type: 'payment.take'; readonly paymentId: string; readonly attempt: number; readonly idempotencyKey: string; readonly paid: Amount; readonly taxRecordId: string | null }
  | { readonly type: 'license.issue' }
  /** After they were revoked: what was taken back stays so, the lines get new ones. */
  | { readonly type: 'license.issue-anew' }
  | { readonly type: 'license.revoke'; readonly reason: string }
  | { readonly type: 'enrollment.ask-again'; readonly attempt: number }
  | { readonly type: 'seat.reject-silent' }
  | { readonly type: 'order.fulfil' }
  | { readonly type: 'order.release' }
  | { readonly type: 'order.end'; readonly failure: PurchaseFailure; readonly failedStep: string; readonly refunded: boolean }
  | { readonly type: 'refund.request'; readonly refundId: string; readonly paymentId: string; readonly amount: Amount; readonly reason: string }
  | { readonly type: 'refund.settle'; readonly refundId: string; readonly amount: Amount; readonly billingRefundId: string }
  | { readonly type: 'refund.fail'; readonly refundId: string }
  | { readonly type: 'refund.book-unasked'; readonly paymentId: string; readonly amount: Amount; readonly billingRefundId: string; readonly reason: string; readonly openRefundId: string | null }
  | { readonly type: 'saga.alert'; readonly step: string; readonly lastError: string; readonly attempts: number };

export interface PurchaseProtocol {
  readonly data: PurchaseData;
  readonly events: PurchaseEvents;
  readonly calls: PurchaseCalls;
  readonly timer: 'call' | 'deadline' | 'ask';
  readonly effect: PurchaseEffect;
  readonly failure: PurchaseFailure;
}
