import { parseId } from '../../domain/ids';
import type { OrderId } from '../../domain/ids';
import type { Caller } from '../actor';
import { ok, refused, userError } from '../user-error';
import type { Result } from '../user-error';
import type { OrderDependencies } from './order-dependencies';

/** Takes an order back before its payment succeeds; whichever of the two locks the saga first decides. */
export function cancelOrder({ unitOfWork, orders, purchases }: OrderDependencies) {
  return async (caller: Caller, id: string): Promise<Result<OrderId>> => {
    const orderId = parseId<OrderId>(id);
    if (caller.kind !== 'user' || !orderId) return noSuchOrder();
    return unitOfWork.run(caller, async (tx) => {
      await purchases.lock(tx, orderId);
      const order = await orders.lock(tx, orderId);
      if (!order) return noSuchOrder();
      if (order.status !== 'AWAITING_PAYMENT') {
        return refused(userError('ORDER_NOT_CANCELLABLE', `Order ${order.number} is ${order.status}; only one that awaits its payment can be cancelled.`, ['id'], { status: order.status }));
      }
      await purchases.deliver(tx, [{ correlationId: orderId, input: { name: 'order.cancel-requested', payload: {} } }], { actorId: caller.userId });
      return ok(orderId);
    }, { commit: 'order.cancel' });
  };
}

function noSuchOrder(): Result<never> {
  return refused(userError('NOT_FOUND', 'There is no such order.', ['id']));
}
