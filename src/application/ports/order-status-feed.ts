import type { OrderId } from '../../domain/ids';
import type { OrderTransition } from '../../domain/order/order';
import type { AuthenticatedUser } from '../actor';

export interface OrderStatusFeed {
  /**
   * The order's status changes after `afterVersion` (0: all; null: the current state first), then every further one,
   * in order and without gaps; ends when nothing later is stored and the order rests. Null: no such order for the caller.
   */
  watch(caller: AuthenticatedUser, orderId: OrderId, afterVersion: number | null): Promise<AsyncIterableIterator<OrderTransition> | null>;
}
