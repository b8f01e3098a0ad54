import type { NewEvent } from '../events/event-envelope';
import type { Tx } from './unit-of-work';

export interface Outbox {
  /**
   * Stores events in the transaction; published, in order per aggregate, if and only if it commits.
   * `correlationId` is the order (or request) that started the chain; absent: a new chain begins here.
   * Throws when an event does not fit its schema.
   */
  append(tx: Tx, events: readonly NewEvent[], correlationId?: string): Promise<void>;
}
