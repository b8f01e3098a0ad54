import type { MigrationInterface, QueryRunner } from 'typeorm';
import { allowApi, secure } from './row-level-security';

/** Outbox, inbox, dead letters, and the leases by which replicas share the work. */
export class Messaging1764000000006 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(OUTBOX);
    await queryRunner.query(OUTBOX_PARTITIONS);
    await queryRunner.query(INBOX);
    await queryRunner.query(LEASES);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are append-only: write a further one that takes this back.');
  }
}

const OUTBOX = `
  create table marketplace.aggregate_version (
    aggregate_id uuid primary key,
    version bigint not null
  );
  comment on table marketplace.aggregate_version is 'Last event version of each aggregate; its row lock puts an aggregate''s events in commit order.';

  create sequence marketplace.outbox_sequence as bigint cache 1;
  create table marketplace.outbox (
    id uuid not null,
    created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
    shard smallint not null,
    sequence bigint not null default nextval('marketplace.outbox_sequence'),
    type text not null,
    aggregate_id uuid not null,
    aggregate_version bigint not null,
    tenant_id uuid not null,
    correlation_id uuid not null,
    causation_id uuid,
    traceparent text,
    occurred_at timestamptz not null,
    data jsonb not null,
    published_at timestamptz,
    primary key (id, created_at)
  ) partition by range (created_at);
  comment on table marketplace.outbox is 'Events to publish, in day partitions that are dropped whole once published and older than the stream keeps them.';
  comment on column marketplace.outbox.created_at is 'Whole milliseconds, so that it survives the way through a JavaScript Date and back.';
  create index outbox_unpublished on marketplace.outbox (shard, sequence) where published_at is null;
  create index outbox_aggregate on marketplace.outbox (aggregate_id, aggregate_version);
  create table marketplace.outbox_default partition of marketplace.outbox default;

  ${['aggregate_version', 'outbox'].map(secure).join('')}
  alter table marketplace.outbox_default enable row level security, force row level security;
  grant usage on sequence marketplace.outbox_sequence to marketplace_api, marketplace_worker;
  ${allowApi('aggregate_version', 'select', 'true')}
  ${allowApi('aggregate_version', 'insert', 'true')}
  ${allowApi('aggregate_version', 'update', 'true')}
  ${allowApi('outbox', 'insert', `tenant_id = (select marketplace.caller_tenant()) or (select marketplace.caller_has('platform_admin'))`)}
`;

/*
 * Partitions are made and dropped by their owner, through one narrow function that the worker may call. A partition
 * has no privileges of its own: rows are reached through the parent and its policies only.
 */
const OUTBOX_PARTITIONS = `
  create policy owner_reads on marketplace.outbox for select to marketplace_owner using (true);

  create function marketplace.maintain_outbox(keep interval, ahead_days integer default 7) returns integer
  language plpgsql security definer set search_path = marketplace, pg_temp as $$
  declare
    today date := (clock_timestamp() at time zone 'UTC')::date;
    day date;
    part record;
    pending boolean;
    dropped integer := 0;
  begin
    perform pg_advisory_xact_lock(739203);
    for day in select generate_series(today, today + ahead_days, interval '1 day')::date loop
      begin
        if to_regclass(format('marketplace.outbox_%s', to_char(day, 'YYYYMMDD'))) is null then
          execute format('create table marketplace.outbox_%s partition of marketplace.outbox for values from (%L) to (%L)',
            to_char(day, 'YYYYMMDD'), day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC');
          execute format('alter table marketplace.outbox_%s enable row level security, force row level security', to_char(day, 'YYYYMMDD'));
        end if;
      exception when check_violation then null; -- its rows are in the default partition already
      end;
    end loop;
    for part in
      select c.relname, to_date(right(c.relname, 8), 'YYYYMMDD') as day
      from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'marketplace.outbox'::regclass and c.relname ~ '^outbox_[0-9]{8}$'
        and to_date(right(c.relname, 8), 'YYYYMMDD') + 1 < clock_timestamp() - keep
    loop
      select exists (select 1 from marketplace.outbox where published_at is null
        and created_at >= part.day::timestamp at time zone 'UTC' and created_at < (part.day + 1)::timestamp at time zone 'UTC') into pending;
      if not pending then
        execute format('drop table marketplace.%I', part.relname);
        dropped := dropped + 1;
      end if;
    end loop;
    return dropped;
  end $$;
  comment on function marketplace.maintain_outbox(interval, integer) is 'Makes the coming days'' partitions; drops days that are older than keep and fully published.';
  revoke all on function marketplace.maintain_outbox(interval, integer) from public;
  grant execute on function marketplace.maintain_outbox(interval, integer) to marketplace_worker;
  select marketplace.maintain_outbox(interval '8 days');
`;

const INBOX = `
  create table marketplace.inbox (
    consumer text not null,
    event_id uuid not null,
    type text not null,
    received_at timestamptz not null default clock_timestamp(),
    primary key (consumer, event_id)
  );
  comment on table marketplace.inbox is 'Events taken in, written with their effect: the guarantee that each takes effect once.';

  create table marketplace.event_try (
    consumer text not null,
    stream_sequence bigint not null,
    tries integer not null,
    last_error text not null,
    primary key (consumer, stream_sequence)
  );

  create table marketplace.dead_letter (
    id uuid primary key,
    consumer text not null,
    stream_sequence bigint not null,
    subject text not null,
    event_id uuid,
    error text not null,
    deliveries integer not null,
    payload text not null,
    at timestamptz not null,
    replayed_at timestamptz,
    unique (consumer, stream_sequence)
  );
  ${['inbox', 'event_try', 'dead_letter'].map(secure).join('')}
`;

const LEASES = `
  create table marketplace.replica (
    id uuid primary key,
    seen_at timestamptz not null
  );
  create table marketplace.outbox_lease (
    shard smallint primary key,
    replica_id uuid,
    held_until timestamptz
  );
  ${['replica', 'outbox_lease'].map(secure).join('')}
  create policy owner_seeds on marketplace.outbox_lease to marketplace_owner using (true) with check (true);
  insert into marketplace.outbox_lease (shard) select generate_series(0, 7);
`;
