import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

export type Outcome = 'good' | 'bad';
export type Transport = 'http' | 'ws';

/** How an order ended, as far as its money goes; STUCK is not an end, but nobody comes further without an operator. */
export type OrderEnd = 'fulfilled' | 'cancelled' | 'failed' | 'stuck';

const PREFIX = 'marketplace_';
const ORDER_ENDS: readonly OrderEnd[] = ['fulfilled', 'cancelled', 'failed', 'stuck'];

/** What this replica counts as it happens. Every label has a handful of values, known here; no id is ever one. */
export class ServiceMetrics {
  private readonly operations: Counter<'transport' | 'outcome'>;
  private readonly orders: Counter<'end'>;
  private readonly fulfilment: Histogram;
  private readonly status: Histogram;
  private readonly publishing: Histogram;

  constructor(readonly registry: Registry) {
    const registers = [registry];
    this.operations = new Counter({
      name: `${PREFIX}operations_total`, help: 'GraphQL operations answered; bad: it was our fault that there was no proper answer.', labelNames: ['transport', 'outcome'], registers,
    });
    this.orders = new Counter({ name: `${PREFIX}orders_ended_total`, help: 'Orders that ended, by how, and sagas that got stuck; counted where the event is published.', labelNames: ['end'], registers });
    this.fulfilment = new Histogram({
      name: `${PREFIX}fulfilment_seconds`, help: 'From the order being placed to FULFILLED being published.', buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 86_400], registers,
    });
    this.status = new Histogram({
      name: `${PREFIX}status_latency_seconds`, help: 'From the commit of a status change to its being handed to a subscriber who was there.', buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30], registers,
    });
    this.publishing = new Histogram({
      name: `${PREFIX}publish_delay_seconds`, help: 'From the append of an event to its being published.', buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300], registers,
    });
    // A series that begins with its first failure has no rate: all of them begin at nothing.
    for (const transport of ['http', 'ws']) for (const outcome of ['good', 'bad']) this.operations.inc({ transport, outcome }, 0);
    for (const end of ORDER_ENDS) this.orders.inc({ end }, 0);
  }

  operation(transport: Transport, outcome: Outcome): void {
    this.operations.inc({ transport, outcome });
  }

  orderEnded(end: OrderEnd): void {
    this.orders.inc({ end });
  }

  fulfilledAfter(ms: number): void {
    this.fulfilment.observe(seconds(ms));
  }

  statusDelivered(ageMs: number): void {
    this.status.observe(seconds(ageMs));
  }

  publishedAfter(ms: number): void {
    this.publishing.observe(seconds(ms));
  }
}

/** Clocks of two machines may differ by some milliseconds; nothing took less than no time. */
function seconds(ms: number): number {
  return Math.max(0, ms) / 1_000;
}

/** A gauge of ours, filled by `collect` at each scrape. */
export function gauge(registry: Registry, name: string, help: string, labelNames: readonly string[], collect: () => Promise<void> | void): Gauge {
  return new Gauge({ name: `${PREFIX}${name}`, help, labelNames: [...labelNames], registers: [registry], collect });
}
