import { Arg, Ctx, Directive, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import type { OrderId } from '../src/domain/ids';
import type { Order } from '../src/domain/order/order';
import type { Refundability } from '../src/domain/refund/refundability';
import { Authenticated } from './authenticated';
import { moneyFrom } from './money-input';
import type { OperationContext } from './operation-context';
import { MoneyInput } from './types/money';
import { OrderPayload, OrderType } from './types/order';
import { RefundabilityType } from './types/refundability';
import { OPERATOR } from './types/saga';
import { payload } from './types/user-error';
import type { Payload } from './types/user-error';

const LINES = { nullable: true, description: 'Only these lines of the order.' } as const;

@Resolver(() => OrderType)
export class RefundResolver {
  @FieldResolver(() => RefundabilityType, { description: 'What of it can be given back now, and why not the rest: what `requestRefund` would say at the same instant.' })
  refundability(@Root() { id }: Order, @Ctx() { loaders }: OperationContext): Promise<Refundability | null> {
    return loaders.refundability.load(id);
  }

  @Authenticated()
  @Mutation(() => OrderPayload, { description: 'Asks for money back under the terms of what was bought: of every eligible line, or of the lines named, which must all be eligible. The seats that go back with it are frozen at once and revoked when the money has been returned. For its buyer and the organisation’s administrators.' })
  async requestRefund(
    @Ctx() context: OperationContext,
    @Arg('orderId', () => ID, { description: 'The order.' }) orderId: string,
    @Arg('lineIds', () => [ID], LINES) lineIds?: string[] | null,
    @Arg('reason', () => String, { nullable: true, description: 'Why, 1 to 500 characters.' }) reason?: string | null,
  ): Promise<Payload<'order', Order>> {
    const request = { orderId, ...(lineIds != null && { lineIds }), ...(reason != null && { reason }) };
    return payload('order', await context.application.refunds.requestRefund(context.caller, request), (id) => readAnew(context, id));
  }

  @Authenticated()
  @Directive(OPERATOR)
  @Mutation(() => OrderPayload, { description: 'Gives money back outside the policy: past deadlines and used seats, never more than was paid. An amount below what is left of the lines leaves licences and seats as they are. Kept with its operator and reason. For platform administrators.' })
  async refundOrder(
    @Ctx() context: OperationContext,
    @Arg('orderId', () => ID, { description: 'The order.' }) orderId: string,
    @Arg('reason', () => String, { description: 'Why, 1 to 500 characters.' }) reason: string,
    @Arg('lineIds', () => [ID], LINES) lineIds?: string[] | null,
    @Arg('amount', () => MoneyInput, { nullable: true, description: 'How much; left out: everything that is left of the lines.' }) amount?: MoneyInput | null,
  ): Promise<Payload<'order', Order>> {
    const money = amount ? moneyFrom(amount, ['amount']) : null;
    const result = money && !money.ok
      ? money
      : await context.application.refunds.refundOrder(context.caller, { orderId, reason, ...(lineIds != null && { lineIds }), ...(money && { amount: money.value }) });
    return payload('order', result, (id) => readAnew(context, id));
  }
}

function readAnew({ loaders }: OperationContext, id: OrderId): Promise<Order | null> {
  loaders.refundability.clear(id);
  loaders.orderRefunds.clear(id);
  return loaders.order.clear(id).load(id);
}
