import type { NewEvent } from '../events/event-envelope';
import type { Tx } from './unit-of-work';

export interface Outbox {
  /** Stores events in the transaction; published, in order per aggregate, if and only if it commits. Throws when one does not fit its schema. */
  append(tx: Tx, events: readonly NewEvent[]): Promise<void>;
}
