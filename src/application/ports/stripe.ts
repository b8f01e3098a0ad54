import type { PayoutId, TenantId } from '../../domain/ids';
import type { Money } from '../../domain/money';

/** Stripe has said no for good: nothing was moved, and the same request would be refused again. */
export class TransferRefused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'TransferRefused';
  }
}

export interface TransferRequest {
  /** The idempotency key and the `transfer_group`. */
  readonly payoutId: PayoutId;
  readonly providerTenantId: TenantId;
  readonly destination: string;
  readonly amount: Money;
}
export interface Transfer {
  readonly transferId: string;
}

/** Money to providers' accounts. Anything but a definite answer leaves open whether it took effect. */
export interface Transfers {
  /** What was moved for the payout, if anything. @throws Unanswered */
  find(payoutId: PayoutId): Promise<Transfer | null>;
  /** @throws TransferRefused, or Unanswered where nobody knows */
  create(request: TransferRequest): Promise<Transfer>;
}

/** Providers' accounts at Stripe. */
export interface ConnectAccounts {
  /** One account for each tenant, however often this is asked. @throws NeighbourUnavailable */
  open(providerTenantId: TenantId, currency: string): Promise<{ readonly stripeAccountId: string }>;
  /** Stripe's own page, on which the tenant proves that the account is theirs. @throws NeighbourUnavailable */
  onboardingUrl(stripeAccountId: string, pages: { readonly returnUrl: string; readonly refreshUrl: string }): Promise<string>;
  /** Whether Stripe has verified the account and pays out to it. @throws NeighbourUnavailable */
  payoutsEnabled(stripeAccountId: string): Promise<boolean>;
}
