import type { PublishedEventType } from './event-data.generated';
import type { AnyEventEnvelope, EventEnvelope } from './event-envelope';

/** A message that could not be read: for the dead letters, never retried. */
export interface UnreadableEvent {
  readonly ok: false;
  /** What is wrong with it, for an operator. */
  readonly error: string;
  /**
   * The message, so that nothing is lost: its text when that is UTF-8 which PostgreSQL can hold,
   * else `base64:` and its bytes. Goes into a `text` column, not `jsonb`: it may not even be JSON.
   */
  readonly raw: string;
  /** `id` and `type` as the sender wrote them, where they could be made out; unchecked. */
  readonly claimed: { readonly id?: string; readonly type?: string };
}

export type DecodedEvent = { readonly ok: true; readonly envelope: AnyEventEnvelope } | UnreadableEvent;

/** Port: events to bytes and back, checked against the JSON Schemas (contract: events, "Rules"). */
export interface EventCodec {
  /**
   * Checks a payload as it is appended to the outbox.
   * @throws InvalidEvent when it does not keep its schema
   */
  validateData(type: PublishedEventType, data: unknown): void;
  /**
   * The message for the bus. Checks the attributes; the payload was checked when it was appended.
   * @throws InvalidEvent when an attribute is missing or malformed
   */
  encode(envelope: EventEnvelope): Uint8Array;
  /** Reads a message and checks attributes and payload. Never throws. */
  decode(bytes: Uint8Array): DecodedEvent;
}
