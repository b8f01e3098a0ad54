import { Client } from 'pg';

/** The database's roles (see docs/adr/0004-row-level-security.md). None may log in, none has BYPASSRLS. */
export const DATABASE_ROLES = ['marketplace_owner', 'marketplace_api', 'marketplace_worker'] as const;
export type DatabaseRole = (typeof DATABASE_ROLES)[number];

/**
 * Makes the roles and the schema when they are missing and lets the connecting login take the roles on.
 * Roles belong to the whole cluster, so two databases may be prepared at the same time: the lock is cluster-wide too
 * for those who ask in the same database, and a role that has just been made by another is no error.
 */
export async function prepareDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const role of DATABASE_ROLES) {
      await client.query(`
        do $$ begin
          if not exists (select 1 from pg_roles where rolname = '${role}') then create role ${role} nologin nobypassrls; end if;
        exception when duplicate_object or unique_violation then null;
        end $$`);
      await client.query(`
        do $$ begin
          if not pg_has_role(current_user, '${role}', 'set') then execute format('grant ${role} to %I', current_user); end if;
        exception when unique_violation or object_not_in_prerequisite_state then null;
        end $$`);
    }
    await client.query('select pg_advisory_lock(739201)');
    await client.query('create schema if not exists marketplace authorization marketplace_owner');
    await client.query('grant usage on schema marketplace to marketplace_api, marketplace_worker');
  } finally {
    await client.end();
  }
}
