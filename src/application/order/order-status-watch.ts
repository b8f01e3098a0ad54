import type { OrderId } from '../../domain/ids';
import { isResting } from '../../domain/order/order-status';
import type { OrderTransition } from '../../domain/order/order';
import { WORKER } from '../actor';
import type { AuthenticatedUser } from '../actor';
import type { OrderStatusFeed } from '../ports/order-status-feed';
import type { OrderReader } from '../ports/readers';
import type { Tx, UnitOfWork } from '../ports/unit-of-work';
import { eyesOf, SharedReads } from '../watch/shared-reads';
import { closing, Watchers } from '../watch/watchers';
import type { Watcher } from '../watch/watchers';

/** Tells that an order has reached a version; `*`: some may have been missed. A hint only: the table is the truth. */
export interface StatusNotices {
  listen(onChange: (orderId: string, version: number) => void): void;
}

interface Look {
  readonly after: number;
  readonly changes: readonly OrderTransition[];
  /** Nothing follows by itself. */
  readonly rests: boolean;
}
type Read = (after: number | null) => Promise<Look | null>;

/**
 * Status changes for subscribers. Each listens first and then reads the stored changes after the last version that it
 * has seen, so there is nothing to buffer, no gap and no repetition, whatever is lost or comes late in between.
 */
export class OrderStatusWatch implements OrderStatusFeed {
  private readonly watchers: Watchers<OrderId>;
  private readonly reads: SharedReads<Look | null>;

  /** `readsAtOnce`: for all watchers together, so that thousands who begin or are told at once leave connections to others. */
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly orders: OrderReader,
    notices: StatusNotices,
    { readsAtOnce }: { readonly readsAtOnce: number },
  ) {
    this.watchers = new Watchers((ids) => this.noticeMissed(ids));
    this.reads = new SharedReads(readsAtOnce);
    notices.listen((orderId, version) => { this.notify(orderId, version); });
  }

  async watch(caller: AuthenticatedUser, orderId: OrderId, afterVersion: number | null): Promise<AsyncIterableIterator<OrderTransition> | null> {
    const eyes = eyesOf(caller);
    const read: Read = (after) => this.reads.read(`${orderId} ${after} ${eyes}`, () => this.unitOfWork.run(caller, (tx) => this.look(tx, orderId, after), { ahead: true }));
    const watcher = this.watchers.add(orderId);
    const cleanUp = () => { this.watchers.remove(orderId, watcher); };
    const first = await read(afterVersion).catch((error: unknown) => { cleanUp(); throw error; });
    if (first) return closing(follow(first, read, watcher), cleanUp);
    cleanUp();
    return null;
  }

  /** Null where the caller may not see the order, or not any more: each look is in the caller's name. */
  private async look(tx: Tx, orderId: OrderId, after: number | null): Promise<Look | null> {
    const found = await this.orders.statusSince(tx, orderId, after);
    return found && { after: found.after, changes: found.changes, rests: isResting(found.changes.at(-1)?.to ?? found.status) };
  }

  /** Subscribers of this replica, for its metrics. */
  get size(): number {
    return this.watchers.size;
  }

  /** Of what has been seen already there is nothing to read. */
  private notify(orderId: string, version: number): void {
    if (orderId === '*') for (const watcher of this.watchers.all()) watcher.tell('MISSED');
    else for (const watcher of this.watchers.of(orderId as OrderId)) if (version > watcher.seen) watcher.tell('TOLD');
  }

  private async noticeMissed(ids: readonly OrderId[]): Promise<void> {
    const versions = await this.unitOfWork.run(WORKER, (tx) => this.orders.versions(tx, ids));
    for (const [id, version] of versions) this.notify(id, version);
  }
}

/**
 * Stored changes first, then further ones as they are noticed; ends where nothing later is stored and the order rests,
 * or with the right to see it.
 */
async function* follow(first: Look, read: Read, watcher: Watcher): AsyncGenerator<OrderTransition, void> {
  let now: Look | null = first;
  watcher.seen = first.after;
  while (now !== null) {
    for (const change of now.changes) {
      watcher.seen = change.version;
      yield change;
    }
    if (now.rests && !watcher.isNoticed) return;
    if ((await watcher.next()) === null) return;
    now = await read(watcher.seen);
  }
}
