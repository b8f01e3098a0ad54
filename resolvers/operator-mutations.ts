import { Arg, Ctx, Directive, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import { hasRole } from '../src/application/actor';
import type { DeadLetter } from '../src/application/ports/dead-letters';
import type { SagaOperation, SagaOutcome as Outcome } from '../src/application/saga/operation';
import type { SagaSnapshot } from '../src/application/saga/records';
import { Authenticated } from './authenticated';
import type { OperationContext } from './operation-context';
import { connection, pageRequest } from './paging';
import type { ConnectionOf } from './types/connection';
import { DeadLetterConnection, DeadLetterPayload } from './types/dead-letter';
import { SagaOutcome } from './types/enums';
import { AFTER, firstOf } from './types/page-arguments';
import { OPERATOR, SagaPayload } from './types/saga';
import { payload } from './types/user-error';
import type { Payload } from './types/user-error';

const SAGA_ID = { description: 'The saga.' } as const;
const REASON = { description: 'Why, for those who look at it later: 1 to 1,000 characters.' } as const;

/** What operators do by hand. */
@Resolver()
export class OperatorMutations {
  @Authenticated()
  @Directive(OPERATOR)
  @Mutation(() => SagaPayload, { description: 'Has a saga try now what it would try later, or what it has given up: for one that is RUNNING, WAITING or STUCK. Kept in the audit. For platform administrators.' })
  retrySaga(@Ctx() context: OperationContext, @Arg('id', () => ID, SAGA_ID) id: string): Promise<Payload<'saga', SagaSnapshot>> {
    return steer(context, id, { kind: 'retry' }, null);
  }

  @Authenticated()
  @Directive(OPERATOR)
  @Mutation(() => SagaPayload, { description: 'Takes a purchase back, in any state before it is fulfilled; money that was taken is returned, and the order fails with OPERATOR_DECISION. Kept in the audit. For platform administrators.' })
  compensateSaga(@Ctx() context: OperationContext, @Arg('id', () => ID, SAGA_ID) id: string, @Arg('reason', () => String, REASON) reason: string): Promise<Payload<'saga', SagaSnapshot>> {
    return steer(context, id, { kind: 'compensate' }, reason);
  }

  @Authenticated()
  @Directive(OPERATOR)
  @Mutation(() => SagaPayload, { description: 'Ends a saga that is STUCK by decision. FULFIL only where it is paid. Kept in the audit. For platform administrators.' })
  resolveSaga(
    @Ctx() context: OperationContext,
    @Arg('id', () => ID, SAGA_ID) id: string,
    @Arg('outcome', () => SagaOutcome, { description: 'How it ends.' }) outcome: Outcome,
    @Arg('reason', () => String, REASON) reason: string,
  ): Promise<Payload<'saga', SagaSnapshot>> {
    return steer(context, id, { kind: 'resolve', outcome }, reason);
  }

  @Authenticated()
  @Directive(OPERATOR)
  @Query(() => DeadLetterConnection, { nullable: true, description: 'Messages that could not be taken in, newest first. Null for everybody but platform administrators.' })
  async deadLetters(
    @Ctx() context: OperationContext,
    @Arg('first', () => Int, firstOf(50)) first: number | null,
    @Arg('after', () => String, AFTER) after: string | null,
  ): Promise<ConnectionOf<DeadLetter> | null> {
    if (!hasRole(context.caller, 'platform_admin')) return null;
    const page = pageRequest({ first, after }, 50);
    const { deadLetters } = context.application.readers;
    const read = await context.read((tx) => deadLetters.page(tx, page));
    return connection(read, page, () => context.read((tx) => deadLetters.count(tx)));
  }

  @Authenticated()
  @Directive(OPERATOR)
  @Mutation(() => DeadLetterPayload, { description: 'Takes a dead letter in once more; an event takes effect once, however often it is replayed. One that fails again keeps `replayedAt` null and says why in `error`. Kept in the audit. For platform administrators.' })
  async replayDeadLetter(@Ctx() { application, caller, loaders }: OperationContext, @Arg('id', () => ID, { description: 'The dead letter.' }) id: string): Promise<Payload<'deadLetter', DeadLetter>> {
    return payload('deadLetter', await application.operators.replayDeadLetter(caller, id), (letterId) => loaders.deadLetter.clear(letterId).load(letterId));
  }
}

async function steer({ application, caller, loaders }: OperationContext, id: string, operation: SagaOperation, reason: string | null): Promise<Payload<'saga', SagaSnapshot>> {
  return payload('saga', await application.operators.steerSaga(caller, { id, operation, reason }), (sagaId) => loaders.saga.clear(sagaId).load(sagaId));
}
