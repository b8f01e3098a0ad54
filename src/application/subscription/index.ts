import type { OrderId, SubscriptionId } from '../../domain/ids';
import type { Caller } from '../actor';
import type { Result } from '../user-error';
import { cancelSubscription } from './cancel-subscription';
import { payRenewal } from './pay-renewal';
import type { PayRenewalRequest } from './pay-renewal';
import { resumeSubscription } from './resume-subscription';
import type { SubscriptionDependencies } from './subscription-dependencies';

/** What people decide about their subscriptions. */
export interface SubscriptionUseCases {
  cancel(caller: Caller, id: string): Promise<Result<SubscriptionId>>;
  resume(caller: Caller, id: string): Promise<Result<SubscriptionId>>;
  payRenewal(caller: Caller, request: PayRenewalRequest): Promise<Result<OrderId>>;
}

export function subscriptionUseCases(dependencies: SubscriptionDependencies): SubscriptionUseCases {
  return { cancel: cancelSubscription(dependencies), resume: resumeSubscription(dependencies), payRenewal: payRenewal(dependencies) };
}
