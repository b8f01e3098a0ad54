import type { Actor } from '../actor';
import type { Ids } from './ids';

declare const opaque: unique symbol;

/**
 * An open transaction, handed on explicitly: whoever takes a `Tx` shares the caller's fate.
 * Only infrastructure/postgres knows what is inside.
 */
export interface Tx {
  readonly [opaque]: 'Tx';
  /** Business time at the transaction's start (`marketplace.clock()`), millisecond precision. */
  readonly now: Date;
  readonly ids: Ids;
  /** Runs after the commit, never after a rollback; not awaited by the transaction's caller. */
  afterCommit(action: () => void): void;
}

export interface RunOptions {
  /** Name of the commit, for fault injection and traces, e.g. `order.place`. */
  readonly name?: string;
}

export interface UnitOfWork {
  /**
   * Runs `work` in one transaction in the actor's name (row level security) and commits. A serialization failure or
   * a deadlock (40001, 40P01) runs it again in a new transaction, so `work` has no outside effect but through `tx`.
   */
  run<T>(actor: Actor, work: (tx: Tx) => Promise<T>, options?: RunOptions): Promise<T>;
}
