import { connect, type JetStreamManager } from 'nats';

interface Said {
  readonly id: string;
  readonly type: string;
  readonly tenantid: string;
  readonly data: { readonly paymentId?: string };
}

/** What the neighbours said, in the order in which their streams took it: twice, in the wrong order, or against itself. */
export class NeighbourStreams {
  private constructor(private readonly said: readonly Said[]) {}

  static async read(url: string): Promise<NeighbourStreams> {
    const connection = await connect({ servers: url });
    try {
      const manager = await connection.jetstreamManager();
      return new NeighbourStreams([...(await messagesOf(manager, 'BILLING')), ...(await messagesOf(manager, 'ENROLLMENT'))]);
    } finally {
      await connection.close();
    }
  }

  /** Events of these tenants that came more than once. */
  repeated(tids: ReadonlySet<string>): number {
    const ids = this.of(tids).map((event) => event.id);
    return ids.length - new Set(ids).size;
  }

  /** Events of these tenants that came after one that is younger; ids grow with time. */
  overtaken(tids: ReadonlySet<string>): number {
    const events = this.of(tids);
    const earlier = (index: number) => events.slice(0, index).filter((event) => event.tenantid === events[index]!.tenantid && event.type === events[index]!.type);
    return events.filter((event, index) => earlier(index).some((before) => before.id > event.id)).length;
  }

  /** Payments of which billing said both that they succeeded and that they failed. */
  contradicted(): number {
    const paymentsIn = (type: string) => new Set(this.said.filter((event) => event.type === type).map((event) => event.data.paymentId));
    const failed = paymentsIn('billing.payment.failed.v1');
    return [...paymentsIn('billing.payment.succeeded.v1')].filter((payment) => failed.has(payment)).length;
  }

  private of(tids: ReadonlySet<string>): Said[] {
    return this.said.filter((event) => tids.has(event.tenantid));
  }
}

async function messagesOf(manager: JetStreamManager, stream: string): Promise<Said[]> {
  const { first_seq, last_seq } = (await manager.streams.info(stream)).state;
  const said: Said[] = [];
  for (let seq = first_seq; seq <= last_seq; seq++) {
    const event = readable((await manager.streams.getMessage(stream, { seq })).data);
    if (event) said.push(event);
  }
  return said;
}

/** Null for poison. */
function readable(data: Uint8Array): Said | null {
  try {
    return JSON.parse(new TextDecoder().decode(data)) as Said;
  } catch {
    return null;
  }
}
