import { setTimeout as delay } from 'node:timers/promises';
import type { ConsumerMessages, JsMsg, NatsConnection } from 'nats';
import { AckPolicy, DeliverPolicy, nanos } from 'nats';
import { messageOf } from '../process/program';

const STREAM = 'MARKETPLACE';
const DURABLE = 'sandbox-enrollment';
const RETRY_AFTER_MS = 250;
const ROUND = { max_messages: 256, expires: 5_000 };

/** Reads the marketplace's stream as a sibling service would: a durable pull consumer, acknowledged one by one. */
export class MarketplaceFeed {
  private readonly closing = new AbortController();
  private round: ConsumerMessages | undefined;
  private hasWaited = false;

  constructor(
    private readonly connection: NatsConnection,
    private readonly receive: (message: JsMsg) => void,
  ) {}

  /** Goes on until `stop`: waits for the stream, and starts anew after any failure. */
  async run(): Promise<void> {
    while (!this.closing.signal.aborted) {
      try {
        await this.readRounds();
      } catch (error) {
        this.hasWaited = isWaitingForStream(error);
        if (!this.hasWaited) console.error(`sandbox: reading ${STREAM}: ${messageOf(error)}`);
        await delay(RETRY_AFTER_MS, undefined, { signal: this.closing.signal }).catch(() => undefined);
      }
    }
  }

  stop(): void {
    this.closing.abort();
    this.round?.stop();
  }

  /** Rounds of fetch rather than one endless consume: a loop that ends by itself cannot die unnoticed. */
  private async readRounds(): Promise<void> {
    const jsm = await this.connection.jetstreamManager();
    await jsm.streams.info(STREAM);
    // One that has just been made may not be all there (NATS 2.9), and a consumer made in that moment hear nothing.
    if (this.hasWaited) await delay(RETRY_AFTER_MS, undefined, { signal: this.closing.signal });
    await jsm.consumers.add(STREAM, {
      durable_name: DURABLE,
      filter_subject: 'marketplace.>',
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait: nanos(10_000),
      max_ack_pending: 10_000,
    });
    const consumer = await this.connection.jetstream().consumers.get(STREAM, DURABLE);
    while (!this.closing.signal.aborted) {
      this.round = await consumer.fetch(ROUND);
      for await (const message of this.round) {
        this.receive(message);
        message.ack();
      }
    }
  }
}

function isWaitingForStream(error: unknown): boolean {
  return messageOf(error).includes('stream not found');
}
