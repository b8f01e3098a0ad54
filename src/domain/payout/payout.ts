import type { PayoutId, TenantId } from '../ids';
import type { CurrencyCode, Money } from '../money';

export const PAYOUT_STATUSES = ['SCHEDULED', 'PROCESSING', 'PAID', 'FAILED'] as const;
export type PayoutStatus = (typeof PAYOUT_STATUSES)[number];

/** Every legal change of a payout's status (domain-rules, "Payouts"); the database holds the same table. */
export const PAYOUT_EDGES: Readonly<Record<PayoutStatus, readonly PayoutStatus[]>> = { SCHEDULED: ['PROCESSING'], PROCESSING: ['PAID', 'FAILED'], PAID: [], FAILED: [] };

export function payoutMayBecome(from: PayoutStatus, to: PayoutStatus): boolean {
  return PAYOUT_EDGES[from].includes(to);
}

/** Where a provider is paid: one account at Stripe, in one currency. */
export interface PayoutAccount {
  readonly providerTenantId: TenantId;
  readonly stripeAccountId: string;
  readonly currency: CurrencyCode;
  /** Stripe has verified it, as of when it was last asked. */
  readonly payoutsEnabled: boolean;
  readonly createdAt: Date;
  /** Nothing is paid to a new account before this instant. */
  readonly heldUntil: Date;
}

/** What was available in one currency and what it came to in the payout's; both negative where more went back than came in. */
export interface PayoutSource {
  readonly balance: Money;
  /** Units of the payout's currency for one unit of the balance's, as text; locked with the payout. */
  readonly rate: string;
  readonly rateAsOf: Date;
  readonly converted: Money;
  /** Of the balance, what rounding left over: |residue| is worth less than one minor unit of the payout's currency. */
  readonly residue: Money;
}

export interface Payout {
  readonly id: PayoutId;
  readonly providerTenantId: TenantId;
  readonly status: PayoutStatus;
  readonly stripeAccountId: string;
  /** The sum of what its sources were converted to. */
  readonly amount: Money;
  readonly sources: readonly PayoutSource[];
  /** "2026-03-01". */
  readonly scheduledFor: string;
  readonly failureMessage: string | null;
  readonly createdAt: Date;
  readonly paidAt: Date | null;
}
