import { parseId } from '../../domain/ids';
import type { SagaId, UserId } from '../../domain/ids';
import { checkReason } from '../../domain/text';
import { WORKER } from '../actor';
import type { Caller } from '../actor';
import { inRole, roleMissing } from '../listing/authorise';
import type { CommitName, Tx } from '../ports/unit-of-work';
import { EffectsNotStored, UnknownDefinition } from '../saga/engine';
import type { OperationAnswer, SagaOperation } from '../saga/operation';
import { ok, refused, userError } from '../user-error';
import type { Result } from '../user-error';
import type { OperatorDependencies } from './operator-dependencies';

export interface SteerSagaRequest {
  readonly id: string;
  readonly operation: SagaOperation;
  /** 1 to 1,000 characters; null: none is asked for. */
  readonly reason: string | null;
}

const COMMITS_OF = { retry: 'saga.retry', compensate: 'saga.compensate', resolve: 'saga.resolve' } as const satisfies Record<SagaOperation['kind'], CommitName>;

/** Retries, takes back or ends a saga by hand; who and why are kept with how it stood before and after. For platform administrators. */
export function steerSaga(dependencies: OperatorDependencies) {
  return async (caller: Caller, { id, operation, reason }: SteerSagaRequest): Promise<Result<SagaId>> => {
    if (!inRole(caller, 'platform_admin')) return refused(roleMissing('platform_admin'));
    const badReason = reason === null ? null : checkReason(['reason'], reason);
    if (badReason) return refused(badReason);
    const sagaId = parseId<SagaId>(id);
    if (!sagaId) return noSuchSaga();
    try {
      return await dependencies.unitOfWork.run(WORKER, (tx) => steer(tx, dependencies, { sagaId, operation, reason: reason?.trim() ?? null, actorId: caller.userId }), { commit: COMMITS_OF[operation.kind] });
    } catch (error) {
      return notStorable(dependencies, error);
    }
  };
}

interface Steering {
  readonly sagaId: SagaId;
  readonly operation: SagaOperation;
  readonly reason: string | null;
  readonly actorId: UserId;
}

async function steer(tx: Tx, { sagas, engines, audit }: OperatorDependencies, { sagaId, operation, reason, actorId }: Steering): Promise<Result<SagaId>> {
  const [saga] = await sagas.byIds(tx, [sagaId]);
  if (!saga) return noSuchSaga();
  // the purchase first, whatever the saga: everything about an order's money is serialised by it
  if (saga.orderId) await engines.purchase.lock(tx, saga.orderId);
  const engine = Object.values(engines).find((candidate) => candidate.name === saga.name);
  if (!engine) throw new UnknownDefinition(`${saga.name} is not known to this replica`);
  const answer = await engine.operate(tx, saga.correlationId, operation, actorId);
  if (answer.kind !== 'done') return answer.kind === 'absent' ? noSuchSaga() : impossible(operation, answer);
  await audit.record(tx, { action: `saga.${operation.kind}`, target: 'saga', targetId: sagaId, actorId, reason, before: answer.before, after: answer.after });
  return ok(sagaId);
}

function noSuchSaga(): Result<never> {
  return refused(userError('NOT_FOUND', 'There is no such saga.', ['id']));
}

function impossible(operation: SagaOperation, { state, because }: Extract<OperationAnswer, { readonly kind: 'refused' }>): Result<never> {
  const notStuck = operation.kind === 'resolve' && state !== 'STUCK';
  return refused(userError(notStuck ? 'SAGA_NOT_STUCK' : 'ILLEGAL_TRANSITION', `The saga is ${state}: ${because}.`, operation.kind === 'resolve' && !notStuck ? ['outcome'] : ['id'], { state }));
}

/** The database has the last word on what must be true of money and seats; nothing was changed. */
function notStorable({ isLasting, logger }: OperatorDependencies, error: unknown): Result<never> {
  if (error instanceof UnknownDefinition) return refused(userError('TEMPORARILY_UNAVAILABLE', 'The saga belongs to a newer version of the service: try again.', ['id']));
  if (!(error instanceof EffectsNotStored) && !isLasting(error)) throw error;
  logger.warn({ err: error }, 'what an operator decided could not be stored');
  return refused(userError('ILLEGAL_TRANSITION', 'What this would change cannot be stored; the log says why.', ['id']));
}
