import type { LicenseId, OrderId, OrderLineId, RefundId } from '../../domain/ids';
import type { License } from '../../domain/license/license';
import type { Money } from '../../domain/money';
import type { RefundInitiator } from '../../domain/order/order';
import type { LineFacts } from '../../domain/refund/refundability';
import type { SeatsBack } from '../../domain/refund/refund-plan';
import type { RevokedSeat } from './licenses';
import type { Tx } from './unit-of-work';

export interface RefundOfLine {
  readonly lineId: OrderLineId;
  readonly amount: Money;
}

export interface OpenRefund {
  readonly id: RefundId;
  readonly amount: Money;
}

export interface StoredRefund extends OpenRefund {
  readonly orderId: OrderId;
  readonly initiatedBy: RefundInitiator;
  readonly lines: readonly RefundOfLine[];
}

/** A licence as a refund leaves it, and the seats that it took back. */
export interface TakenBack {
  readonly license: License;
  readonly seats: readonly RevokedSeat[];
}

/** Facts about lines, batched: one statement for any number of orders. What the caller may not see is not found. */
export interface RefundFacts {
  lineFacts(tx: Tx, orderIds: readonly OrderId[]): Promise<LineFacts[]>;
}

export interface RefundStore extends RefundFacts {
  find(tx: Tx, id: RefundId): Promise<StoredRefund>;
  /** The refund of ours that is open for the order; there is never a second one. */
  openOf(tx: Tx, orderId: OrderId): Promise<OpenRefund | null>;
  /** Says how the refund is spread over the lines, in place of what was said before. */
  setLines(tx: Tx, id: RefundId, lines: readonly RefundOfLine[]): Promise<void>;
  /** Chooses the very seats that go back with the refund, and locks them. */
  chooseSeats(tx: Tx, id: RefundId, lines: readonly { readonly lineId: OrderLineId; readonly seats: SeatsBack }[]): Promise<void>;
  /** The chosen seats wait for the refund's end: a start that arrives meanwhile is only recorded. */
  freeze(tx: Tx, id: RefundId): Promise<void>;
  /** The refund failed: its seats are as they were, and starts recorded meanwhile count. */
  thaw(tx: Tx, id: RefundId): Promise<void>;
  /** Revokes the chosen seats and `lostLicenses` with all of theirs; a licence goes with its last seat, and with its line where that is given back whole. */
  takeBack(tx: Tx, id: RefundId, wholeLines: readonly OrderLineId[], reason: string, lostLicenses?: readonly LicenseId[]): Promise<readonly TakenBack[]>;
}
