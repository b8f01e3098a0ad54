import { setTimeout as pause } from 'node:timers/promises';
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
/** Events read and not marked yet, at most: while some are on their way, the next are read and those before them marked. */
const ON_THEIR_WAY = 2 * BATCH;
/** Events taken within so many milliseconds are marked together. */
const GATHER_MS = 10;

/**
 * Publishes what commits have left in the outbox: many aggregates at once, one event at a time for each, in order.
 * Woken after a commit by this process or another; the poll finds what was left behind. Three things go on side by
 * side: reading what comes next, publishing what was read, marking what the stream has taken.
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
  /** Read and not marked yet. */
  private readonly onTheirWay = new Set<string>();
  /** The last event of each aggregate that is on its way; whether the stream took it. */
  private readonly tails = new Map<string, Promise<boolean>>();
  /** How often an event was put back, to be read again. */
  private heldBack = 0;
  private taken: Unpublished[] = [];
  private marking: Promise<void> | null = null;

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

  /** Reads nothing more, lets what is on its way arrive and be marked, gives the shards back. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wakeUp?.();
    await this.running;
    await Promise.all(this.tails.values());
    while (this.marking) await this.marking;
    await this.parts.source.release().catch(() => undefined);
  }

  private rouse(): void {
    this.woken = true;
    this.wakeUp?.();
  }

  private async loop(): Promise<void> {
    while (!this.stopping) {
      this.woken = false;
      const found = await this.pass().catch((error: unknown) => {
        this.parts.logger.warn({ err: error }, 'the relay could not read; it tries again');
        return 0;
      });
      if (found === 0 && !this.woken && !this.stopping) await this.rest();
    }
  }

  private async rest(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      this.wakeUp = () => { clearTimeout(timer); resolve(); };
    });
    this.wakeUp = null;
  }

  /** Reads once. Where a shard gave its full part there is more, which is read while these are on their way; else these come first. */
  private async pass(): Promise<number> {
    if (Date.now() - this.heldAt > HOLD_MS) {
      this.shards = await this.parts.source.holdShards();
      this.heldAt = Date.now();
    }
    if (Date.now() - this.maintainedAt > MAINTAIN_MS) {
      this.maintainedAt = Date.now();
      await this.parts.source.maintain();
    }
    if (this.shards.length === 0 || this.isFull) return 0;
    const { heldBack } = this;
    const part = Math.ceil(BATCH / this.shards.length);
    const events = await this.parts.source.unpublished(this.shards, part, [...this.onTheirWay]);
    // what was held back meanwhile is not among these, and must not be overtaken by later ones that are
    if (this.heldBack !== heldBack) return 0;
    const sent = events.map((event) => this.send(event));
    if (!this.shards.some((shard) => countOf(shard, events) === part)) await Promise.all(sent);
    return events.length;
  }

  /** After those of its aggregate that are on their way: the first that is refused holds back those after it. */
  private send(event: Unpublished): Promise<boolean> {
    const { envelope: { id }, aggregateId } = event;
    const before = this.tails.get(aggregateId) ?? Promise.resolve(true);
    const own = before.then((taken) => taken && this.publish(event)).then((taken) => {
      if (this.tails.get(aggregateId) === own) this.tails.delete(aggregateId);
      if (taken) this.mark(event);
      else this.holdBack(event);
      return taken;
    });
    this.onTheirWay.add(id);
    this.tails.set(aggregateId, own);
    return own;
  }

  private async publish(event: Unpublished): Promise<boolean> {
    try {
      faultPoint('outbox.publish:before');
      await this.hand(event.envelope);
      faultPoint('outbox.publish:after');
    } catch (error) {
      await this.onRefusal(error);
      return false;
    }
    this.parts.onPublished?.(event);
    return true;
  }

  /** The event carries the trace of the commit that appended it; the message's headers, of this very publish. */
  private async hand(envelope: Unpublished['envelope']): Promise<void> {
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

  private mark(event: Unpublished): void {
    this.taken.push(event);
    this.marking ??= this.markTaken();
  }

  private async markTaken(): Promise<void> {
    while (this.taken.length > 0) {
      if (!this.stopping) await pause(GATHER_MS);
      const events = this.taken;
      this.taken = [];
      await this.parts.source.markPublished(events).catch(async (error: unknown) => {
        this.parts.logger.warn({ err: error }, 'published events could not be marked; they are published again');
        await pause(POLL_MS);
      });
      this.release(events);
    }
    this.marking = null; // in the same breath as the last look, so that nothing comes in between
  }

  private holdBack(event: Unpublished): void {
    this.heldBack += 1;
    this.release([event]);
  }

  private release(events: readonly Unpublished[]): void {
    const wasFull = this.isFull;
    for (const { envelope: { id } } of events) this.onTheirWay.delete(id);
    if (wasFull && !this.isFull) this.rouse();
  }

  private get isFull(): boolean {
    return this.onTheirWay.size > ON_THEIR_WAY - BATCH;
  }

  /** Nobody listening for our subjects means that the stream is gone: it is made again. */
  private async onRefusal(error: unknown): Promise<void> {
    this.parts.logger.warn({ err: error }, 'an event was not taken by the stream; it is sent again');
    if ((error as { code?: unknown }).code === '503') await ensureMarketplaceStream(this.parts.connection).catch(() => undefined);
    await pause(POLL_MS);
  }
}

function countOf(shard: number, events: readonly Unpublished[]): number {
  return events.reduce((count, event) => (event.shard === shard ? count + 1 : count), 0);
}
