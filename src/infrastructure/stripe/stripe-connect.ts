import Stripe from 'stripe';
import { NeighbourUnavailable } from '../../application/ports/neighbour-unavailable';
import { TransferRefused } from '../../application/ports/stripe';
import type { ConnectAccounts, Transfer, TransferRequest, Transfers } from '../../application/ports/stripe';
import { Unanswered } from '../../application/saga/host';
import type { PayoutId, TenantId } from '../../domain/ids';
import { faultPoint } from '../faults/fault-points';

export interface StripeSettings {
  readonly secretKey: string;
  /** Another place than Stripe's own, path included. */
  readonly apiBase?: string | undefined;
}

/** Shorter than a saga's lease, so that a call has ended before another replica may make it again. */
const TIMEOUT_MS = 10_000;
const STRIPE = 'https://api.stripe.com';

/**
 * 4xx that say nothing about the transfer itself: our key (401, 403), the moment (408, 409, 425, 429), or a request
 * with the same idempotency key that is under way or was another one.
 */
const NOT_ITS_FAULT = new Set([401, 403, 408, 409, 424, 425, 429]);

/** Stripe Connect, for payouts only. It makes no retries of its own: whoever asks knows what to look up first. */
export class StripeConnect implements Transfers, ConnectAccounts {
  private readonly stripe: Stripe;

  constructor({ secretKey, apiBase = STRIPE }: StripeSettings) {
    const at = (url: string) => `${apiBase.replace(/\/+$/, '')}${new URL(url).pathname}${new URL(url).search}`;
    this.stripe = new Stripe(secretKey, {
      maxNetworkRetries: 0, timeout: TIMEOUT_MS, telemetry: false,
      httpClient: Stripe.createFetchHttpClient((url: unknown, init?: RequestInit) => fetch(at(String(url)), init)),
    });
  }

  async find(payoutId: PayoutId): Promise<Transfer | null> {
    const { data: [transfer] } = await this.stripe.transfers.list({ transfer_group: payoutId, limit: 1 }).catch(notAnswered);
    return transfer ? { transferId: transfer.id } : null;
  }

  async create({ payoutId, providerTenantId, destination, amount }: TransferRequest): Promise<Transfer> {
    faultPoint('stripe.create-transfer:before');
    const transfer = await this.stripe.transfers.create({
      amount: Number(amount.amountMinor), currency: amount.currency.toLowerCase(), destination, transfer_group: payoutId,
      metadata: { payoutId, providerTenantId },
    }, { idempotencyKey: payoutId }).catch(refusedOrUnknown);
    faultPoint('stripe.create-transfer:after');
    return { transferId: transfer.id };
  }

  async open(providerTenantId: TenantId, currency: string): Promise<{ readonly stripeAccountId: string }> {
    faultPoint('stripe.create-account:before');
    const account = await this.stripe.accounts.create({
      type: 'express', default_currency: currency.toLowerCase(), capabilities: { transfers: { requested: true } }, metadata: { tenantId: providerTenantId },
    }, { idempotencyKey: `account:${providerTenantId}` }).catch(unavailable);
    faultPoint('stripe.create-account:after');
    return { stripeAccountId: account.id };
  }

  async onboardingUrl(stripeAccountId: string, { returnUrl, refreshUrl }: { readonly returnUrl: string; readonly refreshUrl: string }): Promise<string> {
    const link = await this.stripe.accountLinks.create({ account: stripeAccountId, return_url: returnUrl, refresh_url: refreshUrl, type: 'account_onboarding' }).catch(unavailable);
    return link.url;
  }

  async payoutsEnabled(stripeAccountId: string): Promise<boolean> {
    return (await this.stripe.accounts.retrieve(stripeAccountId).catch(unavailable)).payouts_enabled;
  }
}

function refusedOrUnknown(error: unknown): never {
  if (error instanceof Stripe.errors.StripeError && !(error instanceof Stripe.errors.StripeIdempotencyError)) {
    const { statusCode = 0, code, type, message } = error;
    if (statusCode >= 400 && statusCode < 500 && !NOT_ITS_FAULT.has(statusCode)) throw new TransferRefused(code ?? type, message);
  }
  return notAnswered(error);
}

function notAnswered(error: unknown): never {
  throw new Unanswered(`stripe: ${messageOf(error)}`, { cause: error });
}

function unavailable(error: unknown): never {
  throw new NeighbourUnavailable('stripe', messageOf(error), { cause: error });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
