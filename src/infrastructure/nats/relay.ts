import { headers } from 'nats';
import type { JetStreamClient, NatsConnection } from 'nats';
import type { EventCodec } from '../../application/events/event-codec';
import { inSpan, traceparentNow } from '../../application/tracing';
import type { Logger } from '../../application/ports/logger';
import { OUTBOX_SHARDS } from '../../application/ports/outbox-source';
import type { OutboxSource, Unpublished } from '../../application/ports/outbox-source';
import { faultPoint } from '../faults/fault-points';
import { ensureMarketplaceStream } from './connection';

export interface RelayParts {
  readonly connection: NatsConnection;
  readonly source: OutboxSource;
  readonly codec: EventCodec;
  readonly logger: Logger;
  /** Told of each event that the stream has taken. */
  readonly onPublished?: (event: Unpublished) => void;
}

const WAKE_SUBJECT = '_marketplace.relay.wake';
const POLL_MS = 250;
const HOLD_MS = 1_500;
const MAINTAIN_MS = 3_600_000;
const BATCH = 500;

/**
 * Publishes what commits have left in the outbox: many aggregates at once, one event at a time for each, in order.
 * Woken after a commit by this process or another; the poll finds what was left behind.
 */
export class Relay {
  private readonly jetstream: JetStreamClient;
  private shards: readonly number[] = [];
  private heldAt = 0;
  private maintainedAt = 0;
  private stopping = false;
  private running: Promise<void> = Promise.resolve();
  private wakeUp: (() => void) | null = null;
  private woken = false;

  constructor(private readonly parts: RelayParts) {
    this.jetstream = parts.connection.jetstream({ timeout: 5_000 });
  }

  start(): void {
    this.parts.connection.subscribe(WAKE_SUBJECT, { callback: () => this.rouse() });
    this.running = this.loop();
  }

  /** After a commit: there is something to publish, here or at the replica that holds its shard. */
  wake(): void {
    this.rouse();
    if (this.shards.length < OUTBOX_SHARDS) {
      try {
        this.parts.connection.publish(WAKE_SUBJECT);
      } catch {
        // the connection is closing: the poll finds it
      }
    }
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.wakeUp?.();
    await this.running;
    await this.parts.source.release().catch(() => undefined);
  }

  private rouse(): void {
    this.woken = true;
    this.wakeUp?.();
  }

  private async loop(): Promise<void> {
    while (!this.stopping) {
      this.woken = false;
      const published = await this.pass().catch((error: unknown) => {
        this.parts.logger.warn({ err: error }, 'the relay could not publish; it tries again');
        return 0;
      });
      if (published === 0 && !this.woken && !this.stopping) await this.pause();
    }
  }

  private async pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      this.wakeUp = () => { clearTimeout(timer); resolve(); };
    });
    this.wakeUp = null;
  }

  private async pass(): Promise<number> {
    if (Date.now() - this.heldAt > HOLD_MS) {
      this.shards = await this.parts.source.holdShards();
      this.heldAt = Date.now();
    }
    if (Date.now() - this.maintainedAt > MAINTAIN_MS) {
      this.maintainedAt = Date.now();
      await this.parts.source.maintain();
    }
    if (this.shards.length === 0) return 0;
    const events = await this.parts.source.unpublished(this.shards, BATCH);
    if (events.length === 0) return 0;
    const published = (await Promise.all(chainsOf(events).map((chain) => this.publishChain(chain)))).flat();
    if (published.length > 0) await this.parts.source.markPublished(published);
    return published.length;
  }

  /** One aggregate's events, one after the other; the first that fails holds back those after it. */
  private async publishChain(chain: readonly Unpublished[]): Promise<Unpublished[]> {
    const published: Unpublished[] = [];
    for (const event of chain) {
      try {
        faultPoint('outbox.publish:before');
        await this.publish(event.envelope);
        faultPoint('outbox.publish:after');
        published.push(event);
        this.parts.onPublished?.(event);
      } catch (error) {
        await this.onRefusal(error);
        break;
      }
    }
    return published;
  }

  /** The event carries the trace of the commit that appended it; the message's headers, of this very publish. */
  private async publish(envelope: Unpublished['envelope']): Promise<void> {
    const { id, type, traceparent, correlationid } = envelope;
    if (traceparent === undefined) {
      await this.jetstream.publish(type, this.parts.codec.encode(envelope), { msgID: id });
      return;
    }
    await inSpan(`publish ${type}`, { kind: 'producer', parent: traceparent, facts: { 'marketplace.correlation_id': correlationid } }, async () => {
      const carried = headers();
      carried.set('traceparent', traceparentNow() ?? traceparent);
      await this.jetstream.publish(type, this.parts.codec.encode(envelope), { msgID: id, headers: carried });
    });
  }

  /** Nobody listening for our subjects means that the stream is gone: it is made again. */
  private async onRefusal(error: unknown): Promise<void> {
    this.parts.logger.warn({ err: error }, 'an event was not taken by the stream; it is sent again');
    if ((error as { code?: unknown }).code === '503') await ensureMarketplaceStream(this.parts.connection).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function chainsOf(events: readonly Unpublished[]): Unpublished[][] {
  const chains = new Map<string, Unpublished[]>();
  for (const event of events) {
    const chain = chains.get(event.aggregateId);
    if (chain) chain.push(event);
    else chains.set(event.aggregateId, [event]);
  }
  return [...chains.values()];
}
