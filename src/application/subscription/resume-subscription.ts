import type { SubscriptionId } from '../../domain/ids';
import { isLive } from '../../domain/subscription/subscription';
import type { Caller } from '../actor';
import { ok, refused, userError } from '../user-error';
import type { Result } from '../user-error';
import { changeSubscription, overAlready } from './change-subscription';
import type { SubscriptionDependencies } from './subscription-dependencies';

/** Takes a cancellation back, until the period's end. Asked twice, it is one. */
export function resumeSubscription(dependencies: SubscriptionDependencies) {
  return (caller: Caller, id: string): Promise<Result<SubscriptionId>> => changeSubscription(dependencies, caller, id, 'subscription.resume', async ({ subscription, now, save, tell }) => {
    if (!isLive(subscription)) return overAlready(subscription);
    if (!subscription.cancelAtPeriodEnd) return ok(subscription.id);
    if (!subscription.renewalOrderId && subscription.currentPeriodEnd <= now) {
      const at = subscription.currentPeriodEnd.toISOString();
      return refused(userError('ILLEGAL_TRANSITION', `The period ended at ${at}, and the subscription with it.`, ['id'], { state: subscription.state, periodEnd: at }));
    }
    await save({ ...subscription, cancelAtPeriodEnd: false });
    await tell('subscription.resume-requested', {});
    return ok(subscription.id);
  });
}
