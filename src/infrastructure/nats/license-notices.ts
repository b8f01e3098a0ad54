import type { Msg, NatsConnection, Subscription } from 'nats';
import type { EventCodec } from '../../application/events/event-codec';
import type { LicenseNotices } from '../../application/license/license-watch';
import type { LicenseId } from '../../domain/ids';

/** Events of licences and seats as they are published; not every change of a seat has one. */
const EVENTS = ['marketplace.license.>', 'marketplace.seat.>'];
/** Seats that enrollment has answered for: told among replicas only. */
const SEATS_CHANGED = '_marketplace.seats.changed';

/** Every replica hears of every change of a licence or its seats by plain subscriptions beside the stream. */
export class NatsLicenseNotices implements LicenseNotices {
  private subscriptions: readonly Subscription[] = [];

  constructor(
    private readonly connection: NatsConnection,
    private readonly codec: EventCodec,
  ) {}

  listen(wanted: () => boolean, onChange: (licenseId: string) => void): void {
    const whenWanted = (read: (message: Msg) => readonly string[]) => ({
      callback: (error: Error | null, message: Msg) => { if (!error && wanted()) read(message).forEach(onChange); },
    });
    this.subscriptions = [
      ...EVENTS.map((subject) => this.connection.subscribe(subject, whenWanted((message) => this.licenseOf(message)))),
      this.connection.subscribe(SEATS_CHANGED, whenWanted((message) => message.string().split(','))),
    ];
    void this.afterReconnect(() => { onChange('*'); });
  }

  /** Tells all replicas; lost where the connection is: watchers look for themselves now and then. */
  seatsChanged(licenseIds: readonly LicenseId[]): void {
    if (!this.connection.isClosed()) this.connection.publish(SEATS_CHANGED, licenseIds.join(','));
  }

  stop(): void {
    for (const subscription of this.subscriptions) subscription.unsubscribe();
  }

  private licenseOf(message: Msg): readonly string[] {
    const decoded = this.codec.decode(message.data);
    return decoded.ok && 'licenseId' in decoded.envelope.data ? [decoded.envelope.data.licenseId] : [];
  }

  private async afterReconnect(act: () => void): Promise<void> {
    for await (const { type } of this.connection.status()) if (String(type) === 'reconnect') act();
  }
}
