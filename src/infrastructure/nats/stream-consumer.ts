import { AckPolicy, DeliverPolicy, nanos } from 'nats';
import type { ConsumerMessages, JsMsg, NatsConnection } from 'nats';
import type { EventCodec } from '../../application/events/event-codec';
import type { Intake, Verdict } from '../../application/consumers/intake';
import type { Logger } from '../../application/ports/logger';
import { faultPoint } from '../faults/fault-points';

export interface StreamConsumerParts {
  readonly connection: NatsConnection;
  readonly stream: string;
  /** One filter subject (NATS 2.9 knows no more). */
  readonly filter: string;
  /** Types that are taken in; the stream's others are not ours and are passed over. */
  readonly types: ReadonlySet<string>;
  readonly intake: Intake;
  readonly codec: EventCodec;
  readonly logger: Logger;
}

const BATCH = 200;
const ACK_WAIT_MS = 30_000;
const RESTART_MS = 500;
/** Handed back at once, the first would be delivered to our own last pull, which the server still has, and be lost for ACK_WAIT_MS. */
const HAND_BACK_MS = 100;

/**
 * A durable pull consumer `marketplace-<stream>` that competes with the other replicas' for batches. Acknowledged only
 * after the commit. The loop is supervised: a missing stream is waited for, a dead or deleted consumer made again.
 */
export class StreamConsumer {
  private stopping = false;
  private running: Promise<void> = Promise.resolve();
  private messages: ConsumerMessages | null = null;
  private wakeUp: (() => void) | null = null;

  constructor(private readonly parts: StreamConsumerParts) {}

  start(): void {
    this.running = this.supervise();
  }

  /** Finishes the batch in hand; the rest is delivered to others. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wakeUp?.();
    this.messages?.stop();
    await this.running;
  }

  private get name(): string {
    return `marketplace-${this.parts.stream.toLowerCase()}`;
  }

  private async supervise(): Promise<void> {
    let warned = false;
    while (!this.stopping) {
      try {
        await this.ensure();
        warned = false;
        await this.consume();
      } catch (error) {
        if (!warned && !this.stopping) this.parts.logger.warn({ stream: this.parts.stream, err: error }, 'waiting for the stream');
        warned = true;
      }
      if (!this.stopping) await new Promise<void>((resolve) => { this.wakeUp = resolve; setTimeout(resolve, RESTART_MS); });
    }
  }

  private async ensure(): Promise<void> {
    const manager = await this.parts.connection.jetstreamManager({ timeout: 5_000 });
    const { stream, filter } = this.parts;
    try {
      await manager.consumers.info(stream, this.name);
    } catch {
      await manager.consumers.add(stream, {
        durable_name: this.name, filter_subject: filter, ack_policy: AckPolicy.Explicit, deliver_policy: DeliverPolicy.All,
        ack_wait: nanos(ACK_WAIT_MS), max_deliver: -1, max_ack_pending: 5_000,
      });
    }
  }

  private async consume(): Promise<void> {
    const consumer = await this.parts.connection.jetstream().consumers.get(this.parts.stream, this.name);
    this.messages = await consumer.consume({ max_messages: BATCH * 2, expires: 5_000, idle_heartbeat: 1_000 });
    const messages = this.messages;
    if (this.stopping) messages.stop();
    void this.watch(messages);
    let pending: JsMsg[] = [];
    let working: Promise<void> = Promise.resolve();
    let busy = false;
    const work = async (): Promise<void> => {
      while (pending.length > 0 && !this.stopping) {
        const batch = pending.slice(0, BATCH);
        pending = pending.slice(BATCH);
        await this.handle(batch);
      }
      busy = false;
    };
    for await (const message of messages) {
      pending.push(message);
      if (!busy) {
        busy = true;
        working = Promise.resolve().then(work);
      }
    }
    await working;
    for (const message of pending) message.nak(HAND_BACK_MS);
  }

  /** A consume loop may die quietly: after missed heartbeats or when its consumer is gone it is begun again. */
  private async watch(messages: ConsumerMessages): Promise<void> {
    for await (const { type } of await messages.status()) {
      if (String(type) === 'consumer_deleted' || String(type) === 'consumer_not_found' || String(type) === 'stream_not_found' || String(type) === 'heartbeats_missed') messages.stop();
    }
  }

  private async handle(batch: readonly JsMsg[]): Promise<void> {
    const [ours, others] = [batch.filter((message) => this.parts.types.has(message.subject)), batch.filter((message) => !this.parts.types.has(message.subject))];
    for (const message of others) message.ack();
    const verdicts = await this.parts.intake.take(ours.map((message) => ({
      subject: message.subject, streamSequence: message.seq, deliveries: message.info.redeliveryCount, decoded: this.parts.codec.decode(message.data),
    })));
    faultPoint('consume.ack:before');
    ours.forEach((message, index) => settle(message, verdicts[index]));
    faultPoint('consume.ack:after');
  }
}

function settle(message: JsMsg, verdict: Verdict | undefined): void {
  if (verdict?.kind === 'ack') message.ack();
  else if (verdict?.kind === 'bury') message.term();
  else message.nak(verdict?.delayMs ?? 1_000);
}
