import type { Unpublished } from '../../application/ports/outbox-source';
import type { OrderEnd, ServiceMetrics } from './service-metrics';

const ENDS: Readonly<Record<string, OrderEnd>> = {
  'marketplace.order.fulfilled.v1': 'fulfilled',
  'marketplace.order.cancelled.v1': 'cancelled',
  'marketplace.order.failed.v1': 'failed',
  'marketplace.saga.stuck.v1': 'stuck',
};

/** What is published tells how orders end; each event is published by one replica, so that their counts add up. */
export function countPublished(metrics: ServiceMetrics, { envelope, createdAt, aggregateId }: Unpublished, now = Date.now()): void {
  metrics.publishedAfter(now - createdAt.getTime());
  const end = ENDS[envelope.type];
  if (!end) return;
  metrics.orderEnded(end);
  if (end === 'fulfilled') metrics.fulfilledAfter(now - madeAt(aggregateId));
}

/** An order's id is a UUIDv7: its first 48 bits are the milliseconds at which it was placed. */
function madeAt(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
}
