import type { OrderTransition } from '../../domain/order/order';
import type { OrderStatusFeed } from '../../application/ports/order-status-feed';

/** Watches how old a change is when a subscriber gets it, where the subscriber was there when it happened: what is replayed is old by itself. */
export function measuredStatusFeed(feed: OrderStatusFeed, onDelivered: (ageMs: number) => void): OrderStatusFeed {
  return {
    async watch(...args) {
      const since = Date.now();
      const changes = await feed.watch(...args);
      return changes && measured(changes, since, onDelivered);
    },
  };
}

function measured(changes: AsyncIterableIterator<OrderTransition>, since: number, onDelivered: (ageMs: number) => void): AsyncIterableIterator<OrderTransition> {
  return {
    [Symbol.asyncIterator]() { return this; },
    async next() {
      const result = await changes.next();
      if (result.done !== true && result.value.at.getTime() >= since) onDelivered(Date.now() - result.value.at.getTime());
      return result;
    },
    return: async () => (await changes.return?.()) ?? { done: true, value: undefined },
  };
}
