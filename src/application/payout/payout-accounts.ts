import { exponentOf, parseCurrency } from '../../domain/money';
import type { CurrencyCode } from '../../domain/money';
import { nextPayoutOn } from '../../domain/payout/calendar';
import type { PayoutAccount } from '../../domain/payout/payout';
import { hasRole, WORKER } from '../actor';
import type { AuthenticatedUser, Caller } from '../actor';
import { inRole, roleMissing } from '../listing/authorise';
import { NeighbourUnavailable } from '../ports/neighbour-unavailable';
import type { PayoutStore } from '../ports/payouts';
import type { ConnectAccounts } from '../ports/stripe';
import type { UnitOfWork } from '../ports/unit-of-work';
import { ok, refused, userError } from '../user-error';
import type { Result } from '../user-error';
import type { PayoutTerms } from './payout-terms';

export interface PayoutAccountParts {
  readonly unitOfWork: UnitOfWork;
  readonly payouts: PayoutStore;
  readonly accounts: ConnectAccounts;
  readonly terms: PayoutTerms;
}
export interface OnboardingRequest {
  readonly currency: string;
  readonly returnUrl: string;
  readonly refreshUrl: string;
}
/** The account as its provider sees it. */
export interface AccountView extends PayoutAccount {
  /** Whether it is too new to be paid. */
  readonly held: boolean;
  /** "2026-03-01". */
  readonly nextPayoutOn: string;
}

/** Without a monthly day an operator runs payouts; the first of the month is what is told. */
const FIRST = 1;
/** Stripe counts these two in hundredths although they have none, and takes three decimals only in tens. */
const OTHERWISE_AT_STRIPE: ReadonlySet<string> = new Set(['ISK', 'UGX']);

/** The provider's own account, asked about at Stripe until it is verified; null: none yet, or no provider. */
export function payoutAccount({ unitOfWork, payouts, accounts, terms }: PayoutAccountParts) {
  return async (caller: Caller): Promise<AccountView | null> => {
    if (caller.kind !== 'user' || !hasRole(caller, 'provider')) return null;
    const { account, now } = await unitOfWork.run(caller, async (tx) => ({ account: await payouts.account(tx, caller.tenantId), now: tx.now }));
    if (!account) return null;
    const payoutsEnabled = account.payoutsEnabled || await accounts.payoutsEnabled(account.stripeAccountId).catch(asStored);
    if (payoutsEnabled && !account.payoutsEnabled) await unitOfWork.run(WORKER, (tx) => payouts.enableAccount(tx, caller.tenantId), { commit: 'payout.account' });
    return { ...account, payoutsEnabled, held: account.heldUntil > now, nextPayoutOn: nextPayoutOn(now, account.heldUntil, terms.dayOfMonth ?? FIRST) };
  };
}

/** Stripe's own page for the provider; makes the account when there is none. One account, in one currency, for each tenant. */
export function createOnboardingLink(parts: PayoutAccountParts) {
  return async (caller: Caller, request: OnboardingRequest): Promise<Result<string>> => {
    if (!inRole(caller, 'provider')) return refused(roleMissing('provider'));
    const currency = payable(request.currency);
    if (!currency) return refused(userError('INVALID_INPUT', `Nothing can be paid out in ${request.currency}.`, ['input', 'currency']));
    const pages = { returnUrl: request.returnUrl, refreshUrl: request.refreshUrl };
    try {
      const account = await accountOf(parts, caller, currency);
      if (account.currency !== currency) return refused(userError('INVALID_INPUT', `Your account is paid in ${account.currency}.`, ['input', 'currency'], { currency: account.currency }));
      return ok(await parts.accounts.onboardingUrl(account.stripeAccountId, pages));
    } catch (error) {
      if (!(error instanceof NeighbourUnavailable)) throw error;
      return refused(userError('TEMPORARILY_UNAVAILABLE', 'Stripe cannot be reached. Please try again in a minute.'));
    }
  };
}

async function accountOf({ unitOfWork, payouts, accounts, terms }: PayoutAccountParts, { tenantId }: AuthenticatedUser, currency: CurrencyCode): Promise<PayoutAccount> {
  const stored = await unitOfWork.run(WORKER, (tx) => payouts.account(tx, tenantId));
  if (stored) return stored;
  const { stripeAccountId } = await accounts.open(tenantId, currency);
  return unitOfWork.run(WORKER, (tx) => payouts.addAccount(tx, {
    providerTenantId: tenantId, stripeAccountId, currency, payoutsEnabled: false, createdAt: tx.now, heldUntil: new Date(tx.now.getTime() + terms.holdMs),
  }), { commit: 'payout.account' });
}

function payable(code: string): CurrencyCode | null {
  const currency = parseCurrency(code);
  return currency && exponentOf(currency) <= 2 && !OTHERWISE_AT_STRIPE.has(currency) ? currency : null;
}

function asStored(error: unknown): boolean {
  if (error instanceof NeighbourUnavailable) return false;
  throw error;
}
