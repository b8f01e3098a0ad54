import type { UserId } from '../../domain/ids';
import type { Tx } from './unit-of-work';

/** What was done by hand, on what, by whom (null: a command of the service), why, and how it stood before and after. */
export interface OperatorAction {
  readonly action: 'saga.retry' | 'saga.compensate' | 'saga.resolve' | 'dead-letter.replay' | 'outbox.republish';
  readonly target: 'saga' | 'dead-letter' | 'outbox';
  readonly targetId: string | null;
  readonly actorId: UserId | null;
  readonly reason: string | null;
  readonly before: object | null;
  readonly after: object | null;
}

export interface AuditLog {
  /** Kept with what was done, in its transaction; never changed afterwards. */
  record(tx: Tx, action: OperatorAction): Promise<void>;
}
