/** What the payout saga remembers. JSON: absent things are null. */
export interface PayoutData {
  readonly payoutId: string;
  readonly providerTenantId: string;
  /** The account as it was when the payout was made. */
  readonly destination: string;
  readonly amountMinor: string;
  readonly currency: string;
  /** "2026-03-01": nothing is transferred before this day begins (UTC). */
  readonly scheduledFor: string;
  readonly transferId: string | null;
  readonly refusal: string | null;
}

export type PayoutCalls = {
  /** Looks the payout's transfer up and makes it where there is none: so it can be sent again whatever became of it before. */
  readonly transfer: { readonly request: { readonly payoutId: string }; readonly reply: { readonly transferId: string } };
};

export type PayoutEffect =
  | { readonly type: 'payout.begin' }
  | { readonly type: 'payout.settle'; readonly transferId: string }
  | { readonly type: 'payout.put-back'; readonly message: string };

export interface PayoutProtocol {
  readonly data: PayoutData;
  readonly events: Record<never, never>;
  readonly calls: PayoutCalls;
  readonly timer: 'due';
  readonly effect: PayoutEffect;
  /** Stripe's definite no. */
  readonly failure: 'REFUSED';
}
