import type { PublishedEventType } from '../../application/events/event-data.generated';
import { sealEvent } from '../../application/events/event-envelope';
import type { NewEventOf } from '../../application/events/event-envelope';
import { WORKER } from '../../application/actor';
import type { OutboxSource, Unpublished } from '../../application/ports/outbox-source';
import type { UnitOfWork } from '../../application/ports/unit-of-work';
import { inside } from './transaction';

/** A shard whose holder has not been heard of for this long is anyone's. */
const LEASE_SECONDS = 5;

const HOLD = `with alive as (
    insert into marketplace.replica (id, seen_at) values ($1, clock_timestamp())
    on conflict (id) do update set seen_at = excluded.seen_at returning id),
  gone as (delete from marketplace.replica where seen_at < clock_timestamp() - interval '1 minute'),
  share as (
    select ceil((select count(*) from marketplace.outbox_lease)::numeric
      / (select count(*) from (select id from marketplace.replica where seen_at > clock_timestamp() - $2::integer * interval '1 second' union select id from alive) r))::integer as shards),
  candidate as (
    select shard from marketplace.outbox_lease
    where replica_id = $1 or replica_id is null or held_until < clock_timestamp()
    order by (replica_id = $1) desc nulls last, shard limit (select shards from share) for update skip locked),
  surplus as (
    update marketplace.outbox_lease set replica_id = null, held_until = null
    where replica_id = $1 and shard not in (select shard from candidate))
  update marketplace.outbox_lease set replica_id = $1, held_until = clock_timestamp() + $2::integer * interval '1 second'
  where shard in (select shard from candidate) returning shard`;

export const OUTBOX_COLUMNS = 'id, shard, created_at, type, aggregate_id, aggregate_version, tenant_id, correlation_id, causation_id, traceparent, occurred_at, data';

/* Shard by shard, each by its index: however much has piled up, no more of it is read than is answered with. */
const UNPUBLISHED = `select next.* from unnest($1::smallint[]) as held (shard) cross join lateral (
    select ${OUTBOX_COLUMNS} from marketplace.outbox
    where published_at is null and outbox.shard = held.shard and id not in (select unnest($3::uuid[])) order by sequence limit $2) next`;

/* Between which times they were stored is told beside their ids: other days' partitions are not even looked at. */
const MARK = `update marketplace.outbox set published_at = clock_timestamp()
  where id = any ($1::uuid[]) and created_at between $2 and $3 and published_at is null`;

/* What no day's partition held (a clock far off, a maintenance that did not run) is not dropped with one: published and long past, it goes row by row. */
const FORGET_LEFT_OVER = `delete from marketplace.outbox where created_at < clock_timestamp() - $1::interval - interval '2 days' and published_at is not null`;
const FORGET_INBOX = `delete from marketplace.inbox where received_at < clock_timestamp() - $1::interval`;

export interface OutboxRow {
  id: string; shard: number; created_at: Date; type: PublishedEventType; aggregate_id: string; aggregate_version: bigint; tenant_id: string; correlation_id: string;
  causation_id: string | null; traceparent: string | null; occurred_at: Date; data: object;
}

export interface Retention {
  /** At least a day longer than the stream keeps its messages, so that all of them can be published again. */
  readonly outboxDays: number;
  /** Longer than any stream keeps its messages: what can come again is known. */
  readonly inboxDays: number;
}

export class PostgresOutboxSource implements OutboxSource {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly replicaId: string,
    private readonly keep: Retention = { outboxDays: 8, inboxDays: 30 },
  ) {}

  async holdShards(): Promise<readonly number[]> {
    const rows = await this.unitOfWork.run(WORKER, (tx) => inside(tx).prepared<{ shard: number }>('outbox-hold', HOLD, [this.replicaId, LEASE_SECONDS]), { commit: 'outbox.hold' });
    return rows.map((row) => row.shard);
  }

  async unpublished(shards: readonly number[], ofEach: number, but: readonly string[]): Promise<readonly Unpublished[]> {
    const rows = await this.unitOfWork.run(WORKER, (tx) => inside(tx).prepared<OutboxRow>('outbox-unpublished', UNPUBLISHED, [shards, ofEach, but]));
    return rows.map(unpublishedOf);
  }

  async markPublished(events: readonly Unpublished[]): Promise<void> {
    const times = events.map((event) => event.createdAt.getTime());
    await this.unitOfWork.run(WORKER, (tx) => inside(tx).prepared('outbox-mark', MARK,
      [events.map((event) => event.envelope.id), new Date(Math.min(...times)), new Date(Math.max(...times))]), { commit: 'outbox.mark' });
  }

  async maintain(): Promise<void> {
    const [outbox, inbox] = [`${this.keep.outboxDays} days`, `${this.keep.inboxDays} days`];
    await this.unitOfWork.run(WORKER, async (tx) => {
      await inside(tx).query('select marketplace.maintain_outbox($1::interval)', [outbox]);
      await inside(tx).query(FORGET_LEFT_OVER, [outbox]);
      await inside(tx).query(FORGET_INBOX, [inbox]);
    }, { commit: 'outbox.maintain' });
  }

  async release(): Promise<void> {
    await this.unitOfWork.run(WORKER, (tx) => inside(tx).prepared('outbox-release', `with gone as (delete from marketplace.replica where id = $1)
      update marketplace.outbox_lease set replica_id = null, held_until = null where replica_id = $1`, [this.replicaId]), { commit: 'outbox.release' });
  }
}

export function unpublishedOf(row: OutboxRow): Unpublished {
  const event = { type: row.type, subject: row.aggregate_id, tenantId: row.tenant_id, data: row.data, ...(row.causation_id ? { causationId: row.causation_id } : {}) };
  const stamp = {
    id: row.id, time: row.occurred_at, correlationId: row.correlation_id, aggregateVersion: row.aggregate_version,
    ...(row.traceparent ? { traceparent: row.traceparent } : {}),
  };
  return { envelope: sealEvent(event as NewEventOf<PublishedEventType>, stamp), aggregateId: row.aggregate_id, shard: row.shard, createdAt: row.created_at };
}
