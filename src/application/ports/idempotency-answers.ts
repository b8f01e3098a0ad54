import type { OrderId } from '../../domain/ids';
import type { PlacedKey } from './orders';

export interface PlacedAnswer {
  readonly orderId: OrderId;
  readonly requestHash: string;
}

/** Finished answers, to be had faster than from the database. It may forget: the unique key in PostgreSQL decides. */
export interface IdempotencyAnswers {
  find(key: PlacedKey): Promise<PlacedAnswer | null>;
  remember(key: PlacedKey, answer: PlacedAnswer): void;
}
