import type { EventDataByType, EventType, PublishedEventType } from './event-data.generated';

/** Our own `source` attribute. */
export const MARKETPLACE_SOURCE = '/marketplace-service';

/**
 * An event on the bus (F01): CloudEvents 1.0, JSON format, structured mode. Attributes that other
 * services may leave out are optional here; ours carry all of them, see {@link PublishedEnvelope}.
 */
export interface EventEnvelope<T extends EventType = EventType> {
  readonly specversion: '1.0';
  /** Identity for deduplication, the same however often the event is delivered. */
  readonly id: string;
  /** Also the NATS subject. */
  readonly type: T;
  readonly source: string;
  /** Id of the aggregate that the event is about. */
  readonly subject: string;
  /** RFC 3339; ours in UTC with milliseconds. */
  readonly time: string;
  readonly datacontenttype?: string;
  /** `$id` of the payload's JSON Schema. */
  readonly dataschema?: string;
  /** Tenant that the fact belongs to. */
  readonly tenantid: string;
  /** The order or request that started the chain. */
  readonly correlationid?: string;
  /** The event or command that caused this one. */
  readonly causationid?: string;
  /** Integer as a string, from 1, growing by one with each event of the aggregate. */
  readonly aggregateversion?: string;
  /** W3C trace context. */
  readonly traceparent?: string;
  readonly data: EventDataByType[T];
}

/** An event of ours: what readers may rely on. */
export interface PublishedEnvelope<T extends PublishedEventType = PublishedEventType> extends EventEnvelope<T> {
  readonly source: typeof MARKETPLACE_SOURCE;
  readonly datacontenttype: 'application/json';
  readonly dataschema: string;
  readonly correlationid: string;
  readonly causationid: string;
  readonly aggregateversion: string;
}

/** Any event, told apart by its `type`: narrowing the type narrows the data. */
export type AnyEventEnvelope = { [T in EventType]: EventEnvelope<T> }[EventType];

/** An event of one type as a use case appends it to the outbox: what happened; the rest is stamped on. */
export interface NewEventOf<T extends PublishedEventType> {
  readonly type: T;
  /** Id of the aggregate that the event is about: what its order and version are counted by. */
  readonly subject: string;
  readonly tenantId: string;
  readonly data: EventDataByType[T];
  /** Absent: whatever started the chain (the correlation id) is the cause. */
  readonly causationId?: string;
}

/** A new event of any of the types, told apart by its `type`: the compiler ties the data to the type. */
export type NewEvent<T extends PublishedEventType = PublishedEventType> = { [K in T]: NewEventOf<K> }[T];

/** What the outbox knows of an event beyond what the use case said. */
export interface EventStamp {
  /** UUIDv7. */
  readonly id: string;
  /** Business time of the transaction that appended it. */
  readonly time: Date;
  readonly correlationId: string;
  /** From 1, without gaps for each aggregate. */
  readonly aggregateVersion: number | bigint;
  readonly traceparent?: string;
}

/** `$id` of the JSON Schema of a type's payload. */
export function dataSchemaOf(type: string): string {
  return `urn:ghasi:events:${type}`;
}

/** The one way from an appended event to its envelope. */
export function sealEvent<T extends PublishedEventType>(event: NewEventOf<T>, stamp: EventStamp): PublishedEnvelope<T> {
  return {
    specversion: '1.0',
    id: stamp.id,
    type: event.type,
    source: MARKETPLACE_SOURCE,
    subject: event.subject,
    time: stamp.time.toISOString(),
    datacontenttype: 'application/json',
    dataschema: dataSchemaOf(event.type),
    tenantid: event.tenantId,
    correlationid: stamp.correlationId,
    causationid: event.causationId ?? stamp.correlationId,
    aggregateversion: stamp.aggregateVersion.toString(),
    ...(stamp.traceparent === undefined ? {} : { traceparent: stamp.traceparent }),
    data: event.data,
  };
}
