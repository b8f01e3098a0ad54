import type { OrderId } from '../../domain/ids';
import type { Caller } from '../actor';
import { isWebAddress } from '../order/order-texts';
import { ok, refused, userError } from '../user-error';
import type { Result } from '../user-error';
import { changeSubscription } from './change-subscription';
import type { SubscriptionDependencies } from './subscription-dependencies';

export interface PayRenewalRequest {
  readonly id: string;
  readonly returnUrl?: string;
}

/** Opens billing's page for a renewal that was not paid: its order has the page's address as soon as billing has answered. */
export function payRenewal(dependencies: SubscriptionDependencies) {
  return async (caller: Caller, { id, returnUrl }: PayRenewalRequest): Promise<Result<OrderId>> => {
    if (returnUrl !== undefined && !isWebAddress(returnUrl)) return refused(userError('INVALID_INPUT', 'The return address must be an http(s) URL of at most 2,000 characters.', ['returnUrl']));
    return changeSubscription(dependencies, caller, id, 'subscription.pay', async ({ subscription, tell }) => {
      const { state, renewalOrderId } = subscription;
      if (state !== 'PAST_DUE' || !renewalOrderId) return refused(userError('ILLEGAL_TRANSITION', `The subscription is ${state}: there is no failed renewal to pay.`, ['id'], { state }));
      await tell('renewal.pay-by-hand', { returnUrl: returnUrl ?? null });
      return ok(renewalOrderId);
    });
  };
}
