import type { FastifyPluginAsync } from 'fastify';
import type { EventEnvelope } from './event-envelope';

const KEPT_EVENTS = 20_000;

interface SeenEvent {
  readonly event: EventEnvelope;
  deliveries: number;
}

/** Remembers the marketplace's events for tests, and whether they keep their promised order. */
export class EventWitness {
  private readonly seen = new Map<string, SeenEvent>();
  private readonly versions = new Map<string, number>();

  /**
   * Takes a delivery in. Returns what is wrong with its place in its aggregate's
   * sequence: by first occurrence, versions grow by one.
   */
  witness(event: EventEnvelope): string[] {
    const earlier = this.seen.get(event.id);
    if (earlier !== undefined) {
      earlier.deliveries += 1;
      return [];
    }
    this.remember(event);
    const previous = this.versions.get(event.subject);
    const version = Number(event.aggregateversion);
    this.versions.set(event.subject, version);
    if (previous === undefined || version === previous + 1) return [];
    return [`aggregateversion ${version} of ${event.subject} follows ${previous}`];
  }

  readonly controls: FastifyPluginAsync = async (app) => {
    app.get<{ Querystring: { type?: string; subject?: string; correlationId?: string } }>('/events', async ({ query }) => ({
      events: [...this.seen.values()]
        .filter(({ event }) => query.type === undefined || event.type === query.type)
        .filter(({ event }) => query.subject === undefined || event.subject === query.subject)
        .filter(({ event }) => query.correlationId === undefined || event.correlationid === query.correlationId)
        .map(({ event, deliveries }) => ({ ...event, deliveries })),
    }));
  };

  private remember(event: EventEnvelope): void {
    this.seen.set(event.id, { event, deliveries: 1 });
    if (this.seen.size <= KEPT_EVENTS) return;
    const [oldest] = this.seen.keys();
    if (oldest !== undefined) this.seen.delete(oldest);
  }
}
