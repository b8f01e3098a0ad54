import { setTimeout as delay } from 'node:timers/promises';
import type { JetStreamClient } from 'nats';
import { headers } from 'nats';
import { v7 } from 'uuid';
import type { BehaviourRegister } from '../behaviour/behaviour-register';
import { envelopeOf } from './event-envelope';
import type { EventEnvelope, NeighbourEvent } from './event-envelope';
import type { EventSchemas } from './event-schemas';
import type { Violations } from './violations';

/** Events of one such window leave in reverse order under `reorderEvents`. */
const REORDER_WINDOW_MS = 60;
const RETRY_AFTER_MS = 200;

interface Delivery {
  readonly envelope: EventEnvelope;
  readonly messageId: string;
}

/** The neighbours' way to the bus: at least once, as doubled and as disordered as the switches say. */
export class EventOutlet {
  private readonly versions = new Map<string, number>();
  private readonly closing = new AbortController();
  private window: Delivery[] = [];
  private windowTimer: NodeJS.Timeout | undefined;
  private underWay = 0;

  constructor(
    private readonly jetStream: () => JetStreamClient,
    private readonly schemas: EventSchemas,
    private readonly violations: Violations,
    private readonly behaviour: BehaviourRegister,
  ) {}

  /** Hands an event over; it is published in the background until the server has it. Returns its id. */
  publish(event: NeighbourEvent): string {
    const version = (this.versions.get(event.subject) ?? 0) + 1;
    this.versions.set(event.subject, version);
    const envelope = envelopeOf(event, v7(), version, new Date());
    const faults = this.schemas.faultsOf(envelope);
    if (faults.length > 0) {
      this.violations.report({ direction: 'published', type: event.type, eventId: envelope.id, faults });
    }
    const { duplicateEvents, reorderEvents } = this.behaviour.of(event.tenantId);
    const deliveries = deliveriesOf(envelope, duplicateEvents);
    if (reorderEvents) this.holdForReordering(deliveries);
    else this.send(deliveries);
    return envelope.id;
  }

  /** Deliveries that the server does not have yet. */
  get undelivered(): number {
    return this.underWay + this.window.length;
  }

  close(): void {
    this.closing.abort();
    clearTimeout(this.windowTimer);
  }

  private holdForReordering(deliveries: readonly Delivery[]): void {
    this.window.push(...deliveries);
    this.windowTimer ??= setTimeout(() => {
      const reversed = this.window.reverse();
      this.window = [];
      this.windowTimer = undefined;
      this.send(reversed);
    }, REORDER_WINDOW_MS);
  }

  private send(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      this.underWay += 1;
      void this.sendUntilStored(delivery).finally(() => { this.underWay -= 1; });
    }
  }

  /** A server that is away or has no stream yet is waited for, as an outbox would. */
  private async sendUntilStored({ envelope, messageId }: Delivery): Promise<void> {
    const payload = JSON.stringify(envelope);
    while (!this.closing.signal.aborted) {
      try {
        const messageHeaders = headers();
        messageHeaders.set('Content-Type', 'application/cloudevents+json; charset=utf-8');
        await this.jetStream().publish(envelope.type, payload, { msgID: messageId, headers: messageHeaders, timeout: 2_000 });
        return;
      } catch {
        await delay(RETRY_AFTER_MS, undefined, { signal: this.closing.signal }).catch(() => undefined);
      }
    }
  }
}

/** A copy has the same event id under another message id, so that the stream does not drop it. */
function deliveriesOf(envelope: EventEnvelope, copies: number): Delivery[] {
  const messageIds = [envelope.id, ...Array.from({ length: copies }, (_, copy) => `${envelope.id}:copy:${copy + 1}`)];
  return messageIds.map((messageId) => ({ envelope, messageId }));
}
