import type { OrderLineId, RefundId } from '../../domain/ids';
import type { Money } from '../../domain/money';
import type { Order, OrderLine } from '../../domain/order/order';
import type { NewEvent } from '../events/event-envelope';
import type { Tx } from './unit-of-work';

/** Money that went back on one line, cumulative: the books know the difference to what they have reversed before. */
export interface LineRefund {
  readonly lineId: OrderLineId;
  /** All that has been refunded on the line so far, this refund included. */
  readonly refundedSoFar: Money;
}

/** The provider's revenue: booked in the transaction that earns or reverses it; answers with the events to tell. */
export interface Earnings {
  /** On fulfilment, per line. */
  accrue(tx: Tx, order: Order, lines: readonly OrderLine[], fulfilledAt: Date): Promise<readonly NewEvent[]>;
  /** When a refund has settled. `excess`: what is over all lines, to dispute_losses. */
  reverse(tx: Tx, order: Order, refund: { readonly id: RefundId; readonly kind: 'REFUND' | 'DISPUTE'; readonly lines: readonly LineRefund[]; readonly excess: Money }): Promise<readonly NewEvent[]>;
}
