import type { MigrationInterface, QueryRunner } from 'typeorm';
import { allowApi, BUYER_SIDE, secure } from './row-level-security';

/** The saga state table: what is awaited, what is to be called, until when, and by whom at the moment. */
export class Sagas1764000000005 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table marketplace.saga (
        id uuid primary key,
        name text not null,
        definition_version integer not null,
        correlation_id uuid not null,
        tenant_id uuid not null,
        buyer_id uuid,
        state text not null check (state in ('RUNNING', 'WAITING', 'COMPENSATING', 'COMPLETED', 'COMPENSATED', 'STUCK', 'RESOLVED')),
        step text not null,
        attempt integer not null check (attempt > 0),
        data jsonb not null,
        call jsonb,
        call_due_at timestamptz,
        timers jsonb not null default '{}',
        wake_at timestamptz,
        deadline timestamptz,
        last_error text,
        lease_token uuid,
        lease_until timestamptz,
        version integer not null check (version > 0),
        started_at timestamptz not null,
        updated_at timestamptz not null,
        constraint saga_correlation unique (name, correlation_id),
        constraint saga_of_tenant unique (id, tenant_id)
      );
      comment on column marketplace.saga.wake_at is 'Earliest timer, in business time (marketplace.clock()).';
      comment on column marketplace.saga.call_due_at is 'When the pending call is (re)tried, in real time (clock_timestamp()).';
      create index saga_call_due on marketplace.saga (call_due_at) where call_due_at is not null;
      create index saga_wake on marketplace.saga (wake_at) where wake_at is not null;
      create index saga_attention on marketplace.saga (state, started_at desc, id desc) where state not in ('COMPLETED', 'COMPENSATED');
      create index saga_started on marketplace.saga (started_at desc, id desc);

      create table marketplace.saga_transition (
        saga_id uuid not null,
        version integer not null,
        tenant_id uuid not null,
        buyer_id uuid,
        from_state text not null,
        from_step text not null,
        to_state text not null,
        to_step text not null,
        cause text not null,
        actor_id uuid,
        at timestamptz not null,
        primary key (saga_id, version),
        foreign key (saga_id, tenant_id) references marketplace.saga (id, tenant_id)
      );
      ${['saga', 'saga_transition'].map((table) => `
        ${secure(table)}
        ${allowApi(table, 'select', BUYER_SIDE)}
        ${allowApi(table, 'insert', BUYER_SIDE)}`).join('')}
      ${allowApi('saga', 'update', BUYER_SIDE)}
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are append-only: write a further one that takes this back.');
  }
}
