import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What every later migration stands on: business time and the functions that row level security asks
 * "who is calling?". Settings are local to a transaction, so a pooled connection never keeps an identity; after
 * any earlier local `set_config` an unset one reads as '' and not null, hence the `nullif`.
 */
export class Foundations1764000000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table marketplace.clock_offset (
        only_row boolean primary key default true check (only_row),
        ms bigint not null default 0
      );
      comment on table marketplace.clock_offset is 'Shift of business time in milliseconds; 0 in production, moved by tests.';
      insert into marketplace.clock_offset default values;
      grant select on marketplace.clock_offset, marketplace.schema_migration to marketplace_api, marketplace_worker;

      create function marketplace.clock() returns timestamptz language sql stable parallel safe as $$
        select date_trunc('milliseconds', clock_timestamp()) + (select ms from marketplace.clock_offset) * interval '1 millisecond'
      $$;
      comment on function marketplace.clock() is 'Business time: the only source of it in SQL. Leases and backoff use clock_timestamp().';

      create function marketplace.caller_tenant() returns uuid language sql stable parallel safe as $$
        select nullif(current_setting('app.tenant_id', true), '')::uuid
      $$;
      create function marketplace.caller_user() returns uuid language sql stable parallel safe as $$
        select nullif(current_setting('app.user_id', true), '')::uuid
      $$;
      create function marketplace.caller_has(role text) returns boolean language sql stable parallel safe as $$
        select coalesce(role = any (string_to_array(current_setting('app.roles', true), ',')), false)
      $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are append-only: write a further one that takes this back.');
  }
}
