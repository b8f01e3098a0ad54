import type { OrderStepName } from '../../domain/order/order';
import type { OrderStatus } from '../../domain/order/order-status';
import type { PaymentCalls, PaymentData, PaymentEffect, PaymentEvents, PaymentFailure, ProcessedPayment } from './payment-protocol';

export type { Amount, FoundPaymentStatus } from './payment-protocol';

/** Why a purchase is taken back: what the order says it failed with, or the buyer's wish. */
export type PurchaseFailure = PaymentFailure;

/** What the purchase saga remembers. JSON: absent things are null. */
export interface PurchaseData extends PaymentData {
  /** Billing has to hold a mandate in the end, even where nothing is due yet. Absent in sagas of before there were subscriptions. */
  readonly startsSubscription?: boolean;
  /** Seats assigned at purchase, and what became of them. */
  readonly seats: number;
  readonly enrolled: number;
  readonly rejected: number;
  readonly enrollmentAsked: number;
  /** When the licences were granted: what enrollment's deadlines count from. */
  readonly grantedAt: string | null;
  readonly failedStep: string | null;
}

/** What we ask of billing; each is answered, refused for good, or asked again. */
export type PurchaseCalls = PaymentCalls & {
  readonly 'process-payment': {
    readonly request: { readonly orderId: string; readonly idempotencyKey: string };
    readonly reply: ProcessedPayment;
  };
};

/** What it is told: billing's events, and what our own use cases make of others. */
export interface PurchaseEvents extends PaymentEvents {
  readonly 'order.cancel-requested': Record<never, never>;
  /** Answers for seats assigned at purchase, counted once per seat. */
  readonly 'enrollment.answered': { readonly enrolled: number; readonly rejected: number };
}

/** What it changes in our own database, in the same transaction. */
export type PurchaseEffect =
  | PaymentEffect
  | { readonly type: 'order.become'; readonly statuses: readonly OrderStatus[]; readonly step: OrderStepName }
  | { readonly type: 'license.issue' }
  /** After they were revoked: what was taken back stays so, the lines get new ones. */
  | { readonly type: 'license.issue-anew' }
  | { readonly type: 'license.revoke'; readonly reason: string }
  | { readonly type: 'enrollment.ask-again'; readonly attempt: number }
  | { readonly type: 'seat.reject-silent' }
  | { readonly type: 'order.fulfil' }
  | { readonly type: 'order.release' }
  | { readonly type: 'order.end'; readonly failure: PurchaseFailure; readonly failedStep: string; readonly refunded: boolean };

export interface PurchaseProtocol {
  readonly data: PurchaseData;
  readonly events: PurchaseEvents;
  readonly calls: PurchaseCalls;
  readonly timer: 'call' | 'deadline' | 'ask';
  readonly effect: PurchaseEffect;
  readonly failure: PurchaseFailure;
}
