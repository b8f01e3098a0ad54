import type { SubscriptionId } from '../../domain/ids';
import { isLive } from '../../domain/subscription/subscription';
import type { Caller } from '../actor';
import { ok } from '../user-error';
import type { Result } from '../user-error';
import { changeSubscription, overAlready } from './change-subscription';
import type { SubscriptionDependencies } from './subscription-dependencies';

/**
 * No period follows the one that is paid. Where that has ended already and the next could not be paid, it ends at once;
 * a renewal whose payment is under way is not called back, but not dunned either. Asked twice, it is one.
 */
export function cancelSubscription(dependencies: SubscriptionDependencies) {
  return (caller: Caller, id: string): Promise<Result<SubscriptionId>> => changeSubscription(dependencies, caller, id, 'subscription.cancel', async ({ subscription, save, tell }) => {
    if (!isLive(subscription)) return overAlready(subscription);
    if (!subscription.cancelAtPeriodEnd) {
      await save({ ...subscription, cancelAtPeriodEnd: true });
      await tell('subscription.cancel-requested', {});
    }
    return ok(subscription.id);
  });
}
