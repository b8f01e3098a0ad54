import { AsyncLocalStorage } from 'node:async_hooks';

const scope = new AsyncLocalStorage<string>();

/** Whatever `work` does, logs and appends, now or after awaiting, belongs to this order or request. */
export function correlated<T>(correlationId: string | undefined, work: () => T): T {
  return correlationId === undefined ? work() : scope.run(correlationId, work);
}

/** What the work under way belongs to; undefined outside of any. */
export function correlationIdNow(): string | undefined {
  return scope.getStore();
}
