import { traceparentNow } from './trace-context';

/** An event on the wire: CloudEvents 1.0, structured mode, as the event contracts have it. */
export interface EventEnvelope {
  readonly specversion: '1.0';
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly dataschema: string;
  readonly tenantid: string;
  readonly correlationid?: string;
  readonly causationid?: string;
  readonly aggregateversion?: string;
  readonly traceparent?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a neighbour says; the outlet adds the rest. */
export interface NeighbourEvent {
  readonly type: string;
  /** Id of the aggregate that the event is about. */
  readonly subject: string;
  readonly source: `/${string}-service`;
  readonly tenantId: string;
  readonly correlationId: string;
  /** Id of the event or command that caused it. */
  readonly causationId: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export function envelopeOf(event: NeighbourEvent, id: string, aggregateVersion: number, now: Date): EventEnvelope {
  const traceparent = traceparentNow();
  return {
    specversion: '1.0',
    id,
    type: event.type,
    source: event.source,
    subject: event.subject,
    time: now.toISOString(),
    datacontenttype: 'application/json',
    dataschema: `urn:ghasi:events:${event.type}`,
    tenantid: event.tenantId,
    correlationid: event.correlationId,
    causationid: event.causationId,
    aggregateversion: String(aggregateVersion),
    ...(traceparent === undefined ? {} : { traceparent }),
    data: event.data,
  };
}
