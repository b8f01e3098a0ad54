import type { NatsConnection } from 'nats';
import type { Counter, Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { gauge } from './service-metrics';
import { ScrapedSource } from './scraped-source';

const WITHIN_MS = 2_000;

/** How far our durable consumers are behind their streams. One that is not there has no value. */
export function registerConsumerGauges(registry: Registry, nats: NatsConnection, streams: readonly string[], failures: Counter<'source'>): void {
  const source = new ScrapedSource(look, () => { pending.reset(); unacknowledged.reset(); }, () => { failures.inc({ source: 'nats' }); }, WITHIN_MS);
  const pending = gauge(registry, 'consumer_pending', 'Messages of the stream that the consumer has not been given yet.', ['consumer'], () => source.refresh());
  const unacknowledged = gauge(registry, 'consumer_unacknowledged', 'Messages that were given out and are not acknowledged yet.', ['consumer'], () => source.refresh());

  async function look(): Promise<void> {
    const manager = await nats.jetstreamManager({ timeout: WITHIN_MS, checkAPI: false });
    const names = streams.map((stream) => ({ stream, consumer: `marketplace-${stream.toLowerCase()}` }));
    const infos = await Promise.allSettled(names.map(({ stream, consumer }) => manager.consumers.info(stream, consumer)));
    pending.reset();
    unacknowledged.reset();
    infos.forEach((info, index) => {
      const consumer = names[index]?.consumer ?? '';
      if (info.status === 'rejected') return;
      pending.set({ consumer }, info.value.num_pending);
      unacknowledged.set({ consumer }, info.value.num_ack_pending);
    });
    if (infos.every((info) => info.status === 'rejected')) throw new Error('no consumer answers');
  }
}

/** What a pg pool tells of itself. */
interface PoolCounts {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** Connections of this replica to the database, and who waits for one. */
export function registerPoolGauges(registry: Registry, pools: Readonly<Record<string, DataSource>>): void {
  const connections = gauge(registry, 'pool_connections', 'Connections to the database.', ['pool', 'state'], () => {
    for (const [pool, dataSource] of Object.entries(pools)) {
      const { totalCount, idleCount, waitingCount } = (dataSource.driver as unknown as { master: PoolCounts }).master;
      connections.set({ pool, state: 'busy' }, totalCount - idleCount);
      connections.set({ pool, state: 'idle' }, idleCount);
      connections.set({ pool, state: 'awaited' }, waitingCount);
    }
  });
}
