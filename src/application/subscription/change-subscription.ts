import { parseId } from '../../domain/ids';
import type { SubscriptionId } from '../../domain/ids';
import type { Subscription } from '../../domain/subscription/subscription';
import { hasRole, WORKER } from '../actor';
import type { AuthenticatedUser, Caller } from '../actor';
import type { CommitName, Tx } from '../ports/unit-of-work';
import { refused, userError } from '../user-error';
import type { Result } from '../user-error';
import type { RenewalEvents } from './renewal-protocol';
import type { SubscriptionDependencies } from './subscription-dependencies';

type OwnEvent = Exclude<keyof RenewalEvents, `billing.${string}` | `refund.${string}`>;

/** What a decision may do: under the locks of the renewal's saga and the subscription, in that order. */
export interface LockedSubscription {
  readonly subscription: Subscription;
  readonly now: Date;
  save(changed: Subscription): Promise<void>;
  /** Tells the renewal that is under way, if one is. */
  tell<E extends OwnEvent>(name: E, payload: RenewalEvents[E]): Promise<void>;
}

/**
 * Changes a subscription that the caller may see and decide about: its buyer, and administrators of its organisation.
 * What it leads to is written in this service's own name; who may ask is settled before.
 */
export async function changeSubscription<T>(dependencies: SubscriptionDependencies, caller: Caller, text: string, commit: CommitName, decide: (locked: LockedSubscription) => Promise<Result<T>>): Promise<Result<T>> {
  const id = parseId<SubscriptionId>(text);
  if (caller.kind !== 'user' || !id) return noSuchSubscription();
  const { unitOfWork, readers, subscriptions, engine } = dependencies;
  const [visible] = await unitOfWork.run(caller, (tx) => readers.subscriptions.byIds(tx, [id]));
  if (!visible) return noSuchSubscription();
  if (!mayDecide(caller, visible)) return refused(userError('FORBIDDEN', 'Only the buyer and administrators of the buyer’s organisation decide about a subscription.', ['id']));
  return unitOfWork.run(WORKER, async (tx) => {
    const [seen] = await readers.subscriptions.byIds(tx, [id]);
    if (seen?.renewalOrderId) await engine.lock(tx, seen.renewalOrderId);
    const subscription = await subscriptions.lock(tx, id);
    return subscription ? decide(lockedIn(tx, dependencies, subscription, caller)) : noSuchSubscription();
  }, { commit });
}

function lockedIn(tx: Tx, { subscriptions, engine }: SubscriptionDependencies, subscription: Subscription, { userId }: AuthenticatedUser): LockedSubscription {
  return {
    subscription, now: tx.now,
    save: (changed) => subscriptions.save(tx, changed),
    async tell(name, payload) {
      const correlationId = subscription.renewalOrderId;
      if (correlationId) await engine.deliver(tx, [{ correlationId, input: { name, payload } as never }], { actorId: userId });
    },
  };
}

function mayDecide(caller: AuthenticatedUser, { tenantId, buyerId }: Subscription): boolean {
  return tenantId === caller.tenantId && ((buyerId === caller.userId && hasRole(caller, 'buyer')) || hasRole(caller, 'org_admin'));
}

function noSuchSubscription(): Result<never> {
  return refused(userError('NOT_FOUND', 'There is no such subscription.', ['id']));
}

export function overAlready({ state }: Subscription): Result<never> {
  return refused(userError('ILLEGAL_TRANSITION', `The subscription is ${state}; that is final.`, ['id'], { state }));
}
