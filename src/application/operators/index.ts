import type { DeadLetterId, SagaId } from '../../domain/ids';
import type { Caller } from '../actor';
import type { Result } from '../user-error';
import type { OperatorDependencies } from './operator-dependencies';
import { replayDeadLetter } from './replay-dead-letter';
import { steerSaga } from './steer-saga';
import type { SteerSagaRequest } from './steer-saga';

/** What platform administrators do by hand; all of it is audited. */
export interface OperatorUseCases {
  steerSaga(caller: Caller, request: SteerSagaRequest): Promise<Result<SagaId>>;
  replayDeadLetter(caller: Caller, id: string): Promise<Result<DeadLetterId>>;
}

export function operatorUseCases(dependencies: OperatorDependencies): OperatorUseCases {
  return { steerSaga: steerSaga(dependencies), replayDeadLetter: replayDeadLetter(dependencies) };
}
