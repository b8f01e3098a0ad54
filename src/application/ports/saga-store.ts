import type { SagaId, UserId } from '../../domain/ids';
import type { SagaProtocol } from '../saga/definition';
import type { SagaInstance } from '../saga/instance';
import type { SagaState } from '../saga/records';
import type { Tx } from './unit-of-work';

/** The right to make a saga's call; whoever stalls past `untilMs` from now loses it, and a late result is refused by the token. */
export interface Lease {
  readonly token: string;
  readonly durationMs: number;
}

/** One accepted input, as it is recorded. */
export interface RecordedTransition {
  readonly version: number;
  readonly fromState: SagaState;
  readonly fromStep: string;
  readonly toState: SagaState;
  readonly toStep: string;
  readonly cause: string;
  readonly actorId: UserId | null;
}

export interface SagaStore<P extends SagaProtocol = SagaProtocol> {
  insert(tx: Tx, saga: SagaInstance<P>, transition: RecordedTransition, lease: Lease | null): Promise<void>;
  /** Stores the saga as it has become, with what led there; takes any other lease away. */
  save(tx: Tx, saga: SagaInstance<P>, transitions: readonly RecordedTransition[], lease: Lease | null): Promise<void>;
  /** Locks the sagas about these things, by ascending id. */
  lockByCorrelation(tx: Tx, name: string, correlationIds: readonly string[]): Promise<SagaInstance<P>[]>;
  /** Locks the saga if the lease is still held; null: it was lost, and whatever was done under it no longer counts. */
  lockLeased(tx: Tx, id: SagaId, token: string): Promise<SagaInstance<P> | null>;
  /** Gives the lease up, if it is still held, before its time: others may take it at once. */
  handBack(tx: Tx, id: SagaId, token: string): Promise<void>;
  /** Takes a lease on sagas of this name and these definitions whose call is due by the real clock or a timer by the transaction's time, skipping those that others work on. */
  claimDue(tx: Tx, name: string, definitionVersions: readonly number[], lease: Lease, limit: number): Promise<SagaInstance<P>[]>;
}
