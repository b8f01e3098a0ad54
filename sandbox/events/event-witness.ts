import type { FastifyPluginAsync } from 'fastify';
import type { EventEnvelope } from './event-envelope';

const KEPT_EVENTS = 20_000;

interface SeenEvent {
  readonly event: EventEnvelope;
  /** When the stream took it, nanoseconds: a redelivery comes late, its place is where it was. */
  readonly storedAt: number;
  deliveries: number;
}

/** Remembers the marketplace's events for tests, and whether they keep their promised order. */
export class EventWitness {
  private readonly seen = new Map<string, SeenEvent>();
  private readonly latest = new Map<string, { readonly version: number; readonly storedAt: number }>();

  /**
   * Takes a delivery in. Returns what is wrong with its place in its aggregate's sequence:
   * by first occurrence in the stream, versions grow by one.
   */
  witness(event: EventEnvelope, storedAt: number): string[] {
    const earlier = this.seen.get(event.id);
    if (earlier !== undefined) {
      earlier.deliveries += 1;
      return [];
    }
    this.remember(event, storedAt);
    const latest = this.latest.get(event.subject);
    const version = Number(event.aggregateversion);
    if (latest === undefined || version > latest.version) this.latest.set(event.subject, { version, storedAt });
    if (latest === undefined) return [];
    const isNext = version === latest.version + 1 && storedAt > latest.storedAt;
    const isLate = version < latest.version && storedAt < latest.storedAt;
    return isNext || isLate ? [] : [`aggregateversion ${version} of ${event.subject} follows ${latest.version}`];
  }

  readonly controls: FastifyPluginAsync = async (app) => {
    app.get<{ Querystring: { type?: string; subject?: string; correlationId?: string } }>('/events', async ({ query }) => ({
      events: [...this.seen.values()]
        .filter(({ event }) => query.type === undefined || event.type === query.type)
        .filter(({ event }) => query.subject === undefined || event.subject === query.subject)
        .filter(({ event }) => query.correlationId === undefined || event.correlationid === query.correlationId)
        .map(({ event, storedAt, deliveries }) => ({ ...event, storedAt, deliveries })),
    }));
  };

  private remember(event: EventEnvelope, storedAt: number): void {
    this.seen.set(event.id, { event, storedAt, deliveries: 1 });
    if (this.seen.size <= KEPT_EVENTS) return;
    const [oldest] = this.seen.keys();
    if (oldest !== undefined) this.seen.delete(oldest);
  }
}
