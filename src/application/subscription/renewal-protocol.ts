import type { DunningPolicy } from '../../domain/subscription/dunning';
import type { OrderStatus } from '../../domain/order/order-status';
import type { PaymentCalls, PaymentData, PaymentEffect, PaymentEvents, PaymentFailure, ProcessedPayment } from '../order/payment-protocol';

/** By the mandate, without the buyer; or by hand at billing's page. */
export type PaymentMode = 'off_session' | 'checkout';

/** What the renewal saga remembers of one period. JSON: absent things are null. */
export interface RenewalData extends PaymentData {
  readonly subscriptionId: string;
  /** End of the period before: what all of dunning's days count from. */
  readonly dueAt: string;
  /** As it was when this renewal began. */
  readonly dunning: DunningPolicy;
  readonly mode: PaymentMode;
  readonly returnUrl: string | null;
  /** The payments of earlier attempts, each closed before the next was opened; null: billing never told its id. */
  readonly earlier: readonly (string | null)[];
  /** What follows once the present attempt is closed. */
  readonly intent: 'RETRY' | 'BY_HAND' | 'DONE' | null;
  /** The present attempt has not brought the money, even if it can still be paid by hand. */
  readonly attemptFailed: boolean;
  readonly pastDue: boolean;
  /** Trying again by itself would not help. */
  readonly hard: boolean;
  /** How many of dunning's moments have passed. */
  readonly moment: number;
  readonly suspendWhenFailed: boolean;
  /** The buyer has cancelled: a failure ends it. */
  readonly cancelling: boolean;
  readonly paidBy: string | null;
  readonly lastFailure: PaymentFailure | null;
  /** What the subscription becomes when the renewal is given up; null: it has ended before. */
  readonly endAs: 'EXPIRED' | 'CANCELLED' | null;
}

export type RenewalCalls = PaymentCalls & {
  readonly 'process-payment': {
    readonly request: { readonly orderId: string; readonly idempotencyKey: string; readonly mode: PaymentMode; readonly returnUrl: string | null };
    readonly reply: ProcessedPayment;
  };
};

export interface RenewalEvents extends PaymentEvents {
  readonly 'renewal.pay-by-hand': { readonly returnUrl: string | null };
  readonly 'subscription.cancel-requested': Record<never, never>;
  readonly 'subscription.resume-requested': Record<never, never>;
  /** By a refund, a dispute or a revocation: there is nothing left to renew. */
  readonly 'subscription.ended': Record<never, never>;
}

export type RenewalEffect =
  | PaymentEffect
  | { readonly type: 'order.become'; readonly statuses: readonly OrderStatus[] }
  | { readonly type: 'renewal.past-due'; readonly nextRetryAt: string | null; readonly graceEndsAt: string }
  | { readonly type: 'renewal.retry-at'; readonly at: string | null }
  | { readonly type: 'renewal.suspend' }
  | { readonly type: 'renewal.extend' }
  | { readonly type: 'renewal.end'; readonly failure: PaymentFailure; readonly as: 'EXPIRED' | 'CANCELLED' | null; readonly refunded: boolean };

export interface RenewalProtocol {
  readonly data: RenewalData;
  readonly events: RenewalEvents;
  readonly calls: RenewalCalls;
  readonly timer: 'call' | 'outcome' | 'dunning' | 'ask';
  readonly effect: RenewalEffect;
  readonly failure: PaymentFailure;
}
