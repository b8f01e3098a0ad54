import type { NatsConnection, Subscription } from 'nats';
import type { EventCodec } from '../../application/events/event-codec';
import type { StatusNotices } from '../../application/order/order-status-watch';

const SUBJECT = 'marketplace.order.status_changed.v1';

/** Every replica hears of every status change by a plain subscription beside the stream. */
export class NatsOrderStatusNotices implements StatusNotices {
  private subscription: Subscription | null = null;

  constructor(
    private readonly connection: NatsConnection,
    private readonly codec: EventCodec,
  ) {}

  listen(onChange: (orderId: string, version: number) => void): void {
    this.subscription = this.connection.subscribe(SUBJECT, {
      callback: (_error, message) => {
        const decoded = this.codec.decode(message.data);
        if (decoded.ok && decoded.envelope.type === SUBJECT) onChange(decoded.envelope.data.orderId, decoded.envelope.data.version);
      },
    });
    // After a gap in the connection something may have been missed: everyone looks once.
    void this.afterReconnect(() => onChange('*', 0));
  }

  stop(): void {
    this.subscription?.unsubscribe();
  }

  private async afterReconnect(act: () => void): Promise<void> {
    for await (const { type } of this.connection.status()) if (String(type) === 'reconnect') act();
  }
}
