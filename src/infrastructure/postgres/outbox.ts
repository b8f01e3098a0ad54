import { correlationIdNow } from '../../application/correlation';
import { traceparentNow } from '../../application/tracing';
import type { EventCodec } from '../../application/events/event-codec';
import type { NewEvent } from '../../application/events/event-envelope';
import type { Outbox } from '../../application/ports/outbox';
import { OUTBOX_SHARDS } from '../../application/ports/outbox-source';
import type { Tx } from '../../application/ports/unit-of-work';
import { inside } from './transaction';

/*
 * One statement for all events of a transaction. The aggregate's version row is locked until the commit, so that
 * versions, and the sequence drawn after it, follow the order of commits for each aggregate.
 */
const APPEND = `with event as (
    select * from jsonb_to_recordset($1::jsonb) as e (ordinal integer, id uuid, shard smallint, type text, aggregate_id uuid, tenant_id uuid, causation_id uuid, data jsonb)),
  counted as (select aggregate_id, count(*) as events from event group by aggregate_id order by aggregate_id),
  versioned as (
    insert into marketplace.aggregate_version as v (aggregate_id, version) select aggregate_id, events from counted
    on conflict (aggregate_id) do update set version = v.version + excluded.version
    returning aggregate_id, version)
  insert into marketplace.outbox (id, shard, type, aggregate_id, aggregate_version, tenant_id, correlation_id, causation_id, occurred_at, traceparent, data)
  select id, shard, type, aggregate_id, version - events + row_number() over (partition by aggregate_id order by ordinal), tenant_id, $2, causation_id, $3, $4, data
  from event join counted using (aggregate_id) join versioned using (aggregate_id)
  order by ordinal`;

export class PostgresOutbox implements Outbox {
  /** `onAppended` is told after the commit. */
  constructor(
    private readonly codec: EventCodec,
    private readonly onAppended: (events: readonly NewEvent[]) => void,
  ) {}

  async append(tx: Tx, events: readonly NewEvent[], correlationId?: string): Promise<void> {
    if (events.length === 0) return;
    for (const event of events) this.codec.validateData(event.type, event.data);
    const rows = events.map((event, ordinal) => ({
      ordinal, id: tx.ids.next(), shard: shardOf(event.subject), type: event.type, aggregate_id: event.subject,
      tenant_id: event.tenantId, causation_id: event.causationId ?? null, data: event.data,
    }));
    inside(tx).send('outbox-append', APPEND, [JSON.stringify(rows), correlationId ?? correlationIdNow() ?? tx.ids.next(), tx.now, traceparentNow() ?? null]);
    tx.afterCommit(() => { this.onAppended(events); });
  }
}

function shardOf(aggregateId: string): number {
  return Number.parseInt(aggregateId.slice(-2), 16) % OUTBOX_SHARDS;
}
