import type { DeadLetterId, UserId } from '../../domain/ids';
import type { Page, PageRequest } from './page';
import type { Tx } from './unit-of-work';

/** A message that could not be taken in. */
export interface DeadLetter {
  readonly id: DeadLetterId;
  readonly consumer: string;
  readonly subject: string;
  readonly eventId: string | null;
  readonly error: string;
  readonly deliveries: number;
  /** The message as it came. */
  readonly payload: string;
  readonly at: Date;
  /** Null: it still waits for somebody. */
  readonly replayedAt: Date | null;
}

export interface DeadLetterReader {
  byIds(tx: Tx, ids: readonly DeadLetterId[]): Promise<DeadLetter[]>;
  /** Newest first. */
  page(tx: Tx, page: PageRequest): Promise<Page<DeadLetter>>;
  count(tx: Tx): Promise<number>;
}

export interface DeadLetterStore {
  /** Null: there is none. */
  lock(tx: Tx, id: DeadLetterId): Promise<DeadLetter | null>;
  markReplayed(tx: Tx, id: DeadLetterId, by: UserId): Promise<void>;
  /** It failed once more, for this reason. */
  markFailed(tx: Tx, id: DeadLetterId, error: string): Promise<void>;
}
