import type { NatsConnection } from 'nats';
import type { DataSource } from 'typeorm';
import type { BacklogReader } from '../postgres/backlog-reader';
import { registerBacklogGauges } from './backlog-gauges';
import { registerConsumerGauges, registerPoolGauges } from './connection-gauges';
import { failedLooks } from './scraped-source';
import { gauge } from './service-metrics';
import type { ServiceMetrics } from './service-metrics';

export interface GaugeSources {
  readonly backlog: BacklogReader;
  readonly nats: NatsConnection;
  /** Streams of others with a durable consumer of ours. */
  readonly streams: readonly string[];
  readonly pools: Readonly<Record<string, DataSource>>;
  /** Subscribers of orders' status at this replica, now. */
  readonly subscribers: () => number;
}

/** Everything that is looked up when it is scraped; what is counted as it happens is in `ServiceMetrics`. */
export function exposeGauges({ registry }: ServiceMetrics, { backlog, nats, streams, pools, subscribers }: GaugeSources): void {
  const failures = failedLooks(registry);
  registerBacklogGauges(registry, backlog, failures);
  registerConsumerGauges(registry, nats, streams, failures);
  registerPoolGauges(registry, pools);
  const watching = gauge(registry, 'order_status_subscribers', 'Subscribers of orders’ status at this replica.', [], () => { watching.set(subscribers()); });
}
