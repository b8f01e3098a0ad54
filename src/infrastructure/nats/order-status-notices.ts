import type { NatsConnection, Subscription } from 'nats';
import type { NewEvent } from '../../application/events/event-envelope';
import type { StatusNotices } from '../../application/order/order-status-watch';

/** Told among replicas only, right after the commit: the event itself has a way through the outbox and the stream before it. */
const SUBJECT = '_marketplace.order.status';

/** Every replica hears of every status change, as `<order> <version>,…`. */
export class NatsOrderStatusNotices implements StatusNotices {
  private subscription: Subscription | null = null;

  constructor(private readonly connection: NatsConnection) {}

  listen(onChange: (orderId: string, version: number) => void): void {
    this.subscription = this.connection.subscribe(SUBJECT, {
      callback: (error, message) => {
        if (error) return;
        for (const change of message.string().split(',')) {
          const [orderId = '', version] = change.split(' ');
          onChange(orderId, Number(version));
        }
      },
    });
    // After a gap in the connection something may have been missed: everyone looks once.
    void this.afterReconnect(() => onChange('*', 0));
  }

  /** Of these events, those that change an order's status; lost where the connection is: watchers look for themselves now and then. */
  tell(events: readonly NewEvent[]): void {
    const changes = events.flatMap((event) => (event.type === 'marketplace.order.status_changed.v1' ? [`${event.data.orderId} ${event.data.version}`] : []));
    if (changes.length > 0 && !this.connection.isClosed()) this.connection.publish(SUBJECT, changes.join(','));
  }

  stop(): void {
    this.subscription?.unsubscribe();
  }

  private async afterReconnect(act: () => void): Promise<void> {
    for await (const { type } of this.connection.status()) if (String(type) === 'reconnect') act();
  }
}
