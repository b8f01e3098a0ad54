import type { OrderId } from '../../domain/ids';
import { isResting } from '../../domain/order/order-status';
import type { OrderTransition } from '../../domain/order/order';
import type { AuthenticatedUser } from '../actor';
import type { OrderStatusFeed } from '../ports/order-status-feed';
import type { OrderReader } from '../ports/readers';
import type { Tx, UnitOfWork } from '../ports/unit-of-work';

/** Tells that an order has reached a version; `*`: some may have been missed. A hint only: the table is the truth. */
export interface StatusNotices {
  listen(onChange: (orderId: string, version: number) => void): void;
}

/** How long a watcher waits for a notice before it looks for itself, in milliseconds: a lost notice costs no more. */
const LOOK_MS = 5_000;

/**
 * Status changes for subscribers. Each listens first and then reads the stored changes after the last version that it
 * has seen, so there is nothing to buffer, no gap and no repetition, whatever is lost or comes late in between.
 */
export class OrderStatusWatch implements OrderStatusFeed {
  private readonly watchers = new Map<OrderId, Set<Watcher>>();

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly orders: OrderReader,
    notices: StatusNotices,
  ) {
    notices.listen((orderId, version) => this.notify(orderId, version));
  }

  async watch(caller: AuthenticatedUser, orderId: OrderId, afterVersion: number | null): Promise<AsyncIterableIterator<OrderTransition> | null> {
    const [order] = await this.unitOfWork.run(caller, (tx) => this.orders.byIds(tx, [orderId]));
    if (!order) return null;
    const watcher = new Watcher();
    const read = (after: number) => this.unitOfWork.run(caller, (tx) => this.changes(tx, orderId, after));
    this.add(orderId, watcher);
    const changes = follow(read, watcher, afterVersion ?? order.version - 1);
    return closing(changes, () => this.remove(orderId, watcher));
  }

  /** Null where the caller may not see the order any more: each look is in the caller's name. */
  private async changes(tx: Tx, orderId: OrderId, after: number): Promise<OrderTransition[] | null> {
    const changes = await this.orders.transitions(tx, orderId, after);
    return changes.length > 0 || (await this.orders.byIds(tx, [orderId])).length > 0 ? changes : null;
  }

  /** Subscribers of this replica, for its metrics. */
  get size(): number {
    return [...this.watchers.values()].reduce((total, set) => total + set.size, 0);
  }

  private notify(orderId: string, version: number): void {
    const concerned = orderId === '*' ? [...this.watchers.values()].flatMap((set) => [...set]) : [...(this.watchers.get(orderId as OrderId) ?? [])];
    for (const watcher of concerned) watcher.notice(version);
  }

  private add(orderId: OrderId, watcher: Watcher): void {
    const set = this.watchers.get(orderId) ?? new Set();
    this.watchers.set(orderId, set.add(watcher));
  }

  private remove(orderId: OrderId, watcher: Watcher): void {
    watcher.close();
    const set = this.watchers.get(orderId);
    set?.delete(watcher);
    if (set?.size === 0) this.watchers.delete(orderId);
  }
}

/**
 * Stored changes first, then further ones as they are noticed; ends where nothing later is stored and the order rests,
 * or with the right to see it.
 */
async function* follow(read: (after: number) => Promise<OrderTransition[] | null>, watcher: Watcher, afterVersion: number): AsyncGenerator<OrderTransition, void> {
  watcher.seen = afterVersion;
  let last: OrderTransition | null = null;
  while (!watcher.closed) {
    watcher.noticed = false;
    const changes = await read(watcher.seen);
    if (changes === null) return;
    for (const change of changes) {
      watcher.seen = change.version;
      last = change;
      yield change;
    }
    last ??= (await read(0))?.at(-1) ?? null;
    if (watcher.noticed) continue;
    if (last && isResting(last.to)) return;
    await watcher.next();
  }
}

class Watcher {
  /** The last version that was handed on. */
  seen = 0;
  noticed = false;
  closed = false;
  private wakeUp: (() => void) | null = null;

  /** Of what has been seen already there is nothing to read; 0: something may have been missed. */
  notice(version: number): void {
    if (version > 0 && version <= this.seen) return;
    this.noticed = true;
    this.wakeUp?.();
  }

  async next(): Promise<void> {
    if (this.noticed || this.closed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, LOOK_MS);
      this.wakeUp = () => { clearTimeout(timer); resolve(); };
    });
    this.wakeUp = null;
  }

  close(): void {
    this.closed = true;
    this.wakeUp?.();
  }
}

/** The same iterator, with `cleanUp` run once it ends or is ended, even while it waits for its next value. */
export function closing<T>(source: AsyncGenerator<T, void>, cleanUp: () => void): AsyncIterableIterator<T> {
  return {
    [Symbol.asyncIterator]() { return this; },
    async next() {
      const result = await source.next().catch((error: unknown) => { cleanUp(); throw error; });
      if (result.done) cleanUp();
      return result as IteratorResult<T>;
    },
    async return() {
      cleanUp();
      await source.return();
      return { done: true, value: undefined };
    },
  };
}
