import type { OrderFailureReason } from '../../domain/order/order';
import type { EventDataByType } from '../events/event-data.generated';

/** Minor units as a decimal string, as in every stored or sent JSON. */
export interface Amount {
  readonly amountMinor: string;
  readonly currency: string;
}

/** Why an order is taken back: what it says it failed with, or the buyer's wish. */
export type PaymentFailure = OrderFailureReason | 'CANCELLED';

/** What a saga remembers of the money of its order. JSON: absent things are null. */
export interface PaymentData {
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
  readonly failure: PaymentFailure | null;
}

export type FoundPaymentStatus = 'requires_action' | 'processing' | 'succeeded' | 'failed' | 'cancelled';

/** What is asked of billing about a payment that exists, or may; each is answered, refused for good, or asked again. */
export type PaymentCalls = {
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

/** The answer to a request to be paid. */
export interface ProcessedPayment {
  readonly paymentId: string;
  readonly status: string;
  readonly paymentUrl: string | null;
  readonly taxRecordId: string | null;
}

/** Money that billing gave back without being asked by us. */
export interface UnaskedRefund {
  readonly paymentId: string;
  readonly billingRefundId: string;
  readonly amount: Amount;
  readonly reason: string;
}

/** What billing tells of an order's money. */
export interface PaymentEvents {
  readonly 'billing.payment.succeeded.v1': EventDataByType['billing.payment.succeeded.v1'];
  readonly 'billing.payment.failed.v1': EventDataByType['billing.payment.failed.v1'];
  /** A refund that we asked for (its `refundKey` is one of ours). */
  readonly 'refund.succeeded': { readonly refundId: string; readonly amount: Amount; readonly billingRefundId: string };
  readonly 'refund.failed': { readonly refundId: string; readonly code: string };
  readonly 'refund.unasked': UnaskedRefund;
}

/** What that changes in our own database. */
export type PaymentEffect =
  | { readonly type: 'payment.record'; readonly paymentId: string; readonly attempt: number; readonly idempotencyKey: string; readonly paymentUrl: string | null; readonly taxRecordId: string | null }
  | { readonly type: 'payment.take'; readonly paymentId: string; readonly attempt: number; readonly idempotencyKey: string; readonly paid: Amount; readonly taxRecordId: string | null }
  | { readonly type: 'refund.request'; readonly refundId: string; readonly paymentId: string; readonly amount: Amount; readonly reason: string }
  | { readonly type: 'refund.settle'; readonly refundId: string; readonly amount: Amount; readonly billingRefundId: string }
  | { readonly type: 'refund.fail'; readonly refundId: string }
  | { readonly type: 'refund.book-unasked'; readonly paymentId: string; readonly amount: Amount; readonly billingRefundId: string; readonly reason: string; readonly openRefundId: string | null }
  | { readonly type: 'saga.alert'; readonly step: string; readonly lastError: string; readonly attempts: number };

/** The part that every saga with a payment shares: taking money, and giving it back. */
export interface PaymentProtocol {
  readonly data: PaymentData;
  readonly events: PaymentEvents;
  readonly calls: PaymentCalls;
  readonly timer: 'ask';
  readonly effect: PaymentEffect;
  readonly failure: PaymentFailure;
}
