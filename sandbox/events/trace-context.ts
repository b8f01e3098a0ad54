import { AsyncLocalStorage } from 'node:async_hooks';

const scope = new AsyncLocalStorage<string | undefined>();

/** What a neighbour does because of a request or an event, now or later, goes on in the trace that came with it. */
export function inTraceOf<T>(traceparent: string | undefined, work: () => T): T {
  return scope.run(traceparent, work);
}

export function traceparentNow(): string | undefined {
  return scope.getStore();
}
