import type { UserId } from '../../domain/ids';
import type { Intake } from '../consumers/intake';
import type { EventCodec } from '../events/event-codec';
import type { AuditLog } from '../ports/audit-log';
import type { DeadLetterReader, DeadLetterStore } from '../ports/dead-letters';
import type { Logger } from '../ports/logger';
import type { SagaReader } from '../ports/readers';
import type { Tx, UnitOfWork } from '../ports/unit-of-work';
import type { OperationAnswer, SagaOperation } from '../saga/operation';

/** What of an engine operators need, whatever its sagas deal in. */
export interface OperableEngine {
  readonly name: string;
  lock(tx: Tx, ...correlationIds: readonly string[]): Promise<unknown>;
  operate(tx: Tx, correlationId: string, operation: SagaOperation, actorId: UserId): Promise<OperationAnswer>;
}

export interface OperatorDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly sagas: SagaReader;
  readonly engines: { readonly purchase: OperableEngine } & Readonly<Record<string, OperableEngine>>;
  readonly deadLetters: DeadLetterReader & DeadLetterStore;
  /** By the name of the consumer. */
  readonly intakes: ReadonlyMap<string, Pick<Intake, 'replay'>>;
  readonly codec: EventCodec;
  readonly audit: AuditLog;
  readonly logger: Logger;
  readonly isLasting: (error: unknown) => boolean;
  readonly isOutage: (error: unknown) => boolean;
}
