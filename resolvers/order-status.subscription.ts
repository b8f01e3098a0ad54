import { Arg, Ctx, FieldResolver, ID, Int, Resolver, Root, Subscription } from 'type-graphql';
import { parseId } from '../src/domain/ids';
import type { OrderId } from '../src/domain/ids';
import type { Order, OrderTransition } from '../src/domain/order/order';
import { Authenticated } from './authenticated';
import { badInput, notFound } from './errors';
import type { OperationContext } from './operation-context';
import { statusMessage } from './status-message';
import { OrderStatus } from './types/enums';
import { OrderStatusUpdateType, OrderType } from './types/order';

interface Watch {
  readonly orderId: string;
  readonly afterVersion?: number | null;
}

/** @throws GraphQLError UNAUTHENTICATED, NOT_FOUND or BAD_USER_INPUT before anything is sent */
async function watch({ args, context }: { readonly args: Watch; readonly context: OperationContext }): Promise<AsyncIterableIterator<OrderTransition>> {
  const user = context.user();
  const { orderId: text, afterVersion = null } = args;
  if (afterVersion !== null && afterVersion < 0) throw badInput('“afterVersion” is 0 or a version that was seen.');
  const orderId = parseId<OrderId>(text);
  const changes = orderId === null ? null : await context.application.orderStatus.watch(user, orderId, afterVersion);
  if (changes === null) throw notFound('No such order.');
  return context.eachAnew(changes);
}

@Resolver(() => OrderStatusUpdateType)
export class OrderStatusSubscription {
  @Authenticated()
  @Subscription(() => OrderStatusUpdateType, {
    subscribe: watch as unknown as () => Promise<AsyncIterable<OrderTransition>>,
    description: 'The order’s status changes after `afterVersion`, then every further one, in order and without gaps. Ends when nothing later is stored and the order rests in FULFILLED, FAILED, CANCELLED, PARTIALLY_REFUNDED or REFUNDED. For whoever may see the order.',
  })
  orderStatusChanged(
    @Root() transition: OrderTransition,
    @Arg('orderId', () => ID, { description: 'The order to watch.' }) _orderId: string,
    @Arg('afterVersion', () => Int, { nullable: true, description: 'The last version that was seen; 0: from the beginning; left out: the present status first.' }) _afterVersion?: number | null,
  ): OrderTransition {
    return transition;
  }

  @FieldResolver(() => OrderType, { description: 'The order as it is now, which may be further on than this change.' })
  order(@Root() { orderId }: OrderTransition, @Ctx() { loaders }: OperationContext): Promise<Order | null> {
    return loaders.order.load(orderId);
  }

  @FieldResolver(() => OrderStatus, { description: 'The status with this change.' })
  status(@Root() { to }: OrderTransition): OrderTransition['to'] {
    return to;
  }

  @FieldResolver(() => String, { description: 'What has happened, in a sentence for the buyer.' })
  async message(@Root() { orderId, to }: OrderTransition, @Ctx() { loaders }: OperationContext): Promise<string> {
    return statusMessage(to, (await loaders.order.load(orderId))?.failureReason ?? null);
  }
}
