import type { MigrationInterface, QueryRunner } from 'typeorm';
import { allowApi, secure } from './row-level-security';

/** Outbox, inbox, dead letters, and the leases by which replicas share the work. */
export class Messaging1764000000006 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(OUTBOX);
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
    created_at timestamptz not null default clock_timestamp(),
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
  create index outbox_unpublished on marketplace.outbox (shard, sequence) where published_at is null;
  create index outbox_aggregate on marketplace.outbox (aggregate_id, aggregate_version);
  create table marketplace.outbox_default partition of marketplace.outbox default;

  ${['aggregate_version', 'outbox', 'outbox_default'].map(secure).join('')}
  grant usage on sequence marketplace.outbox_sequence to marketplace_api, marketplace_worker;
  ${allowApi('aggregate_version', 'select', 'true')}
  ${allowApi('aggregate_version', 'insert', 'true')}
  ${allowApi('aggregate_version', 'update', 'true')}
  ${allowApi('outbox', 'insert', `tenant_id = (select marketplace.caller_tenant()) or (select marketplace.caller_has('platform_admin'))`)}
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
