/** W3C trace context, as it goes into headers and events: `00-<trace>-<span>-<flags>`. */
export type Traceparent = string;

export type Facts = Readonly<Record<string, string | number>>;

export interface SpanOptions {
  readonly kind?: 'server' | 'client' | 'producer' | 'consumer';
  readonly facts?: Facts;
  /** Where the span goes on from what somebody sent. Absent: from the span under way, if any. */
  readonly parent?: Traceparent | undefined;
}

/** Follows one purchase through its requests, commits, calls and events. */
export interface Tracing {
  /** Does the work in a span; what it throws is the span's failure. */
  inSpan<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T>;
  /** The span under way, to hand on. */
  traceparent(): Traceparent | undefined;
}

const OFF: Tracing = { inSpan: (_name, _options, work) => work(), traceparent: () => undefined };
let current = OFF;

/** Switches tracing on, once, at the start; like the log's, its place is the process and not an argument. */
export function useTracing(tracing: Tracing): void {
  current = tracing;
}

export function inSpan<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T> {
  return current.inSpan(name, options, work);
}

export function traceparentNow(): Traceparent | undefined {
  return current.traceparent();
}

/** The one that all of them go on from; undefined where they come from several traces, or none. */
export function commonTraceparent(traceparents: readonly (Traceparent | undefined)[]): Traceparent | undefined {
  const [first] = traceparents;
  const traceOf = (traceparent: Traceparent | undefined): string | undefined => traceparent?.split('-')[1];
  return traceparents.every((other) => traceOf(other) === traceOf(first)) ? first : undefined;
}
