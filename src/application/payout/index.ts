import type { Caller } from '../actor';
import type { Result } from '../user-error';
import { createOnboardingLink, payoutAccount } from './payout-accounts';
import type { AccountView, OnboardingRequest, PayoutAccountParts } from './payout-accounts';
import { runPayouts } from './run-payouts';
import type { RunPayoutsParts } from './run-payouts';

export interface PayoutUseCases {
  /** Answers with the address of Stripe's page. */
  createOnboardingLink(caller: Caller, request: OnboardingRequest): Promise<Result<string>>;
  account(caller: Caller): Promise<AccountView | null>;
  /** Answers with the day. */
  runPayouts(caller: Caller, scheduledFor: string): Promise<Result<string>>;
}

export function payoutUseCases(parts: PayoutAccountParts & RunPayoutsParts): PayoutUseCases {
  return { createOnboardingLink: createOnboardingLink(parts), account: payoutAccount(parts), runPayouts: runPayouts(parts) };
}
