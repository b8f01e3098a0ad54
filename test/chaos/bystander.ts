import { connect, type NatsConnection } from 'nats';

interface Heard {
  readonly id: string;
  readonly type: string;
  readonly tenantid: string;
  readonly data: { readonly paymentId?: string };
}

/** Hears what the neighbours say on the wire, as long as there is one: what was said twice, in the wrong order, or against itself. */
export class Bystander {
  readonly #heard: Heard[] = [];

  private constructor(private readonly connection: NatsConnection) {}

  static async at(url: string): Promise<Bystander> {
    const connection = await connect({ servers: url, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
    const bystander = new Bystander(connection);
    for (const subject of ['billing.>', 'enrollment.>']) {
      connection.subscribe(subject, { callback: (_error, message) => { bystander.#listen(message.string()); } });
    }
    return bystander;
  }

  /** Events of these tenants that came more than once. */
  repeated(tids: ReadonlySet<string>): number {
    const ids = this.#of(tids).map((event) => event.id);
    return ids.length - new Set(ids).size;
  }

  /** Events of these tenants that came after one that is younger; ids grow with time. */
  overtaken(tids: ReadonlySet<string>): number {
    const events = this.#of(tids);
    return events.filter((event, index) => events.slice(0, index).some((earlier) => earlier.tenantid === event.tenantid && earlier.id > event.id)).length;
  }

  /** Payments of which billing said both that they succeeded and that they failed. */
  contradicted(): number {
    const paymentsIn = (type: string) => new Set(this.#heard.filter((event) => event.type === type).map((event) => event.data.paymentId));
    const failed = paymentsIn('billing.payment.failed.v1');
    return [...paymentsIn('billing.payment.succeeded.v1')].filter((payment) => failed.has(payment)).length;
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  #of(tids: ReadonlySet<string>): Heard[] {
    return this.#heard.filter((event) => tids.has(event.tenantid));
  }

  #listen(text: string): void {
    try {
      this.#heard.push(JSON.parse(text) as Heard);
    } catch {
      // poison, on purpose
    }
  }
}
