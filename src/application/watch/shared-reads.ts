import type { AuthenticatedUser } from '../actor';

interface Waiting<T> {
  readonly work: () => Promise<T>;
  readonly outcome: PromiseWithResolvers<T>;
}

/**
 * Reads in the name of watchers. Thousands may want to read at one moment: no more than `atOnce` do, so that requests still
 * get connections, the others wait their turn. Who wants what another is waiting for waits for the same read; one that has
 * begun is not joined, since it may not see what its joiner was told of.
 */
export class SharedReads<T> {
  private readonly waiting = new Map<string, Waiting<T>>();
  private underWay = 0;

  constructor(private readonly atOnce: number) {}

  /** `key` says all that the outcome depends on: what is read, and what its reader may see. */
  read(key: string, work: () => Promise<T>): Promise<T> {
    const same = this.waiting.get(key);
    if (same) return same.outcome.promise;
    const outcome = withResolvers<T>();
    this.waiting.set(key, { work, outcome });
    queueMicrotask(() => { this.begin(); }); // so that those who were told at the same moment join
    return outcome.promise;
  }

  private begin(): void {
    for (const [key, { work, outcome }] of this.waiting) {
      if (this.underWay >= this.atOnce) return;
      this.waiting.delete(key);
      this.underWay += 1;
      void work().then(outcome.resolve, outcome.reject).finally(() => {
        this.underWay -= 1;
        this.begin();
      });
    }
  }
}

/** What row level security goes by. */
export function eyesOf({ tenantId, userId, roles }: AuthenticatedUser): string {
  return `${tenantId} ${userId} ${[...roles].sort().join()}`;
}

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve: (value: T) => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => { resolve = yes; reject = no; });
  return { promise, resolve, reject };
}
