/** TOLD: of a change. MISSED: perhaps there was one. */
type Notice = 'TOLD' | 'MISSED';

/** One who waits for something to change: a flag and no queue, however much happens while it is busy or its socket slow. */
export class Watcher {
  /** The last version that was handed on, where what is watched has versions. */
  seen = 0;
  closed = false;
  private notice: Notice | null = null;
  private wakeUp: (() => void) | null = null;

  get isNoticed(): boolean {
    return this.notice !== null;
  }

  tell(notice: Notice): void {
    if (this.notice !== 'TOLD') this.notice = notice;
    this.wakeUp?.();
  }

  /** Until there is a notice, which it resolves to, or it is closed: null. */
  async next(): Promise<Notice | null> {
    if (this.notice === null && !this.closed) await new Promise<void>((resolve) => { this.wakeUp = resolve; });
    this.wakeUp = null;
    const { notice } = this;
    this.notice = null;
    return this.closed ? null : notice;
  }

  close(): void {
    this.closed = true;
    this.wakeUp?.();
  }
}

/** How often it is looked for what notices have not told of, in milliseconds: a lost one costs no more. */
export const LOOK_MS = 5_000;

/**
 * Who watches what, on this replica. Besides being told by notices, which may be lost, it looks now and then for all that
 * is watched at once: a thousand watchers that wait cost one statement, not a thousand.
 */
export class Watchers<Id extends string> {
  private readonly byId = new Map<Id, Set<Watcher>>();
  private timer: NodeJS.Timeout | null = null;

  /** `look` tells those who may have missed something; one that fails comes again. */
  constructor(private readonly look: (ids: readonly Id[]) => Promise<void>) {}

  get size(): number {
    return [...this.byId.values()].reduce((total, set) => total + set.size, 0);
  }

  of(id: Id): readonly Watcher[] {
    return [...(this.byId.get(id) ?? [])];
  }

  all(): readonly Watcher[] {
    return [...this.byId.values()].flatMap((set) => [...set]);
  }

  add(id: Id): Watcher {
    const watcher = new Watcher();
    const set = this.byId.get(id) ?? new Set();
    this.byId.set(id, set.add(watcher));
    this.plan();
    return watcher;
  }

  remove(id: Id, watcher: Watcher): void {
    watcher.close();
    const set = this.byId.get(id);
    set?.delete(watcher);
    if (set?.size === 0) this.byId.delete(id);
  }

  private plan(): void {
    if (this.timer !== null || this.byId.size === 0) return;
    this.timer = setTimeout(() => void this.lookForAll(), LOOK_MS).unref();
  }

  private async lookForAll(): Promise<void> {
    const ids = [...this.byId.keys()];
    if (ids.length > 0) await this.look(ids).catch(() => undefined);
    this.timer = null;
    this.plan();
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
