import type { Tx } from './unit-of-work';

export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
}
export interface DeadEvent {
  readonly consumer: string;
  readonly streamSequence: number;
  readonly subject: string;
  readonly eventId: string | null;
  readonly error: string;
  readonly deliveries: number;
  /** The message as it came, as text. */
  readonly payload: string;
}

export interface Inbox {
  /** Records events as taken in by the consumer; answers with the ids that were new. */
  takeIn(tx: Tx, consumer: string, events: readonly ReceivedEvent[]): Promise<ReadonlySet<string>>;
  /** Counts a real try that failed; answers with the number of tries so far. */
  countTry(tx: Tx, consumer: string, streamSequence: number, error: string): Promise<number>;
  /** Keeps what cannot be taken in, once, whatever is delivered again. */
  bury(tx: Tx, dead: DeadEvent): Promise<void>;
}
