import type { SubscriptionReader } from '../ports/readers';
import type { SubscriptionStore } from '../ports/subscriptions';
import type { UnitOfWork } from '../ports/unit-of-work';
import type { SagaEngine } from '../saga/engine';
import type { RenewalProtocol } from './renewal-protocol';

/** What the subscription use cases are made of. */
export interface SubscriptionDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly readers: { readonly subscriptions: SubscriptionReader };
  readonly subscriptions: SubscriptionStore;
  readonly engine: SagaEngine<RenewalProtocol>;
}
