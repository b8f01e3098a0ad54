import { Arg, Ctx, Directive, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { hasRole } from '../src/application/actor';
import type { SagaFilter as Filter } from '../src/application/ports/readers';
import type { SagaSnapshot, SagaTransitionRecord } from '../src/application/saga/records';
import type { Order } from '../src/domain/order/order';
import { Authenticated } from './authenticated';
import { filterOf, filterText, loadById } from './ids';
import type { OperationContext } from './operation-context';
import { connection, emptyConnection, pageRequest } from './paging';
import type { ConnectionOf } from './types/connection';
import { OrderType } from './types/order';
import { AFTER, firstOf } from './types/page-arguments';
import { reference, UserType } from './types/references';
import { OPERATOR, SagaConnection, SagaFilter, SagaTransitionType, SagaType } from './types/saga';

@Resolver(() => SagaType)
export class SagaResolver {
  @Authenticated()
  @Directive(OPERATOR)
  @Query(() => SagaType, { nullable: true, description: 'One saga; null where there is none, and for everybody but platform administrators.' })
  async saga(@Ctx() { caller, loaders }: OperationContext, @Arg('id', () => ID, { description: 'The saga’s id.' }) id: string): Promise<SagaSnapshot | null> {
    return hasRole(caller, 'platform_admin') ? loadById(loaders.saga, id) : null;
  }

  @Authenticated()
  @Directive(OPERATOR)
  @Query(() => SagaConnection, { nullable: true, description: 'Sagas, newest first. Null for everybody but platform administrators.' })
  async sagas(
    @Ctx() context: OperationContext,
    @Arg('first', () => Int, firstOf(50)) first: number | null,
    @Arg('after', () => String, AFTER) after: string | null,
    @Arg('filter', () => SagaFilter, { nullable: true, description: 'Which sagas; left out: all.' }) input?: SagaFilter | null,
  ): Promise<ConnectionOf<SagaSnapshot> | null> {
    if (!hasRole(context.caller, 'platform_admin')) return null;
    const page = pageRequest({ first, after }, 50);
    const filter = filterOf<Filter>({ states: input?.states ?? undefined, step: filterText(input?.step), overdueOnly: input?.overdueOnly ?? undefined });
    if (filter === null) return emptyConnection(page);
    const { sagas } = context.application.readers;
    const read = await context.read((tx) => sagas.page(tx, filter, page));
    return connection(read, page, () => context.read((tx) => sagas.count(tx, filter)));
  }

  @FieldResolver(() => OrderType, { nullable: true, description: 'The order that it is about; null where it is about something else.' })
  async order(@Root() { orderId }: SagaSnapshot, @Ctx() { loaders }: OperationContext): Promise<Order | null> {
    return orderId === null ? null : loaders.order.load(orderId);
  }

  @FieldResolver(() => [SagaTransitionType], { description: 'Everything that has happened to it, oldest first.' })
  transitions(@Root() { id }: SagaSnapshot, @Ctx() { loaders }: OperationContext): Promise<readonly SagaTransitionRecord[]> {
    return loaders.sagaTransitions.load(id);
  }
}

@Resolver(() => SagaTransitionType)
export class SagaTransitionResolver {
  @FieldResolver(() => String, { description: 'Step and state before, for example "payment/WAITING".' })
  from(@Root() { fromStep, fromState }: SagaTransitionRecord): string {
    return `${fromStep}/${fromState}`;
  }

  @FieldResolver(() => String, { description: 'Step and state afterwards.' })
  to(@Root() { toStep, toState }: SagaTransitionRecord): string {
    return `${toStep}/${toState}`;
  }

  @FieldResolver(() => UserType, { nullable: true, description: 'Who caused it; null: the process itself.' })
  actor(@Root() { actorId }: SagaTransitionRecord): { readonly id: string } | null {
    return reference(actorId);
  }
}
