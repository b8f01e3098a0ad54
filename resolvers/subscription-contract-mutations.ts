import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { SubscriptionId } from '../src/domain/ids';
import type { Order } from '../src/domain/order/order';
import type { Subscription } from '../src/domain/subscription/subscription';
import type { Result } from '../src/application/user-error';
import { Authenticated } from './authenticated';
import type { OperationContext } from './operation-context';
import { OrderPayload } from './types/order';
import { UrlScalar } from './types/scalars';
import { SubscriptionPayload } from './types/subscription';
import { payload } from './types/user-error';
import type { Payload } from './types/user-error';

const ID_OF_SUBSCRIPTION = { description: 'The subscription.' } as const;

@Resolver()
export class SubscriptionContractMutations {
  @Authenticated()
  @Mutation(() => SubscriptionPayload, { description: 'Lets a subscription end with its current period; one that is PAST_DUE ends at once. For its buyer and the organisation’s administrators.' })
  cancelSubscription(@Ctx() context: OperationContext, @Arg('id', () => ID, ID_OF_SUBSCRIPTION) id: string): Promise<Payload<'subscription', Subscription>> {
    return answer(context, context.application.subscriptions.cancel(context.caller, id));
  }

  @Authenticated()
  @Mutation(() => SubscriptionPayload, { description: 'Takes a cancellation back, until the current period’s end. For its buyer and the organisation’s administrators.' })
  resumeSubscription(@Ctx() context: OperationContext, @Arg('id', () => ID, ID_OF_SUBSCRIPTION) id: string): Promise<Payload<'subscription', Subscription>> {
    return answer(context, context.application.subscriptions.resume(context.caller, id));
  }

  @Authenticated()
  @Mutation(() => OrderPayload, { description: 'Opens billing’s payment page for a renewal that could not be paid. The order’s `paymentUrl` leads there as soon as billing has answered. For its buyer and the organisation’s administrators.' })
  async retryRenewalPayment(
    @Ctx() { application, caller, loaders }: OperationContext,
    @Arg('id', () => ID, ID_OF_SUBSCRIPTION) id: string,
    @Arg('returnUrl', () => UrlScalar, { nullable: true, description: 'Where billing’s page leads back to.' }) returnUrl?: string | null,
  ): Promise<Payload<'order', Order>> {
    return payload('order', await application.subscriptions.payRenewal(caller, { id, ...(returnUrl != null && { returnUrl }) }), (orderId) => loaders.order.load(orderId));
  }
}

async function answer({ loaders }: OperationContext, result: Promise<Result<SubscriptionId>>): Promise<Payload<'subscription', Subscription>> {
  return payload('subscription', await result, (id) => loaders.subscription.clear(id).load(id));
}
