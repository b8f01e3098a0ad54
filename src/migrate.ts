import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { createDataSource } from './infrastructure/postgres/data-source';
import type { DatabaseSettings } from './infrastructure/postgres/data-source';
import { prepareDatabase } from './infrastructure/postgres/roles';
import { sqlStateOf } from './infrastructure/postgres/unit-of-work';

/** One migrator at a time; the others wait and find nothing left to do. */
const MIGRATOR_LOCK = 739202;
const LOCK_NOT_AVAILABLE = '55P03';

export interface MigrateOptions {
  /**
   * How long a statement may wait for a table that running replicas use, in milliseconds. All who come after it wait
   * behind it, so a migration rather gives up and comes back than holds up sales. Default 3,000.
   */
  readonly lockTimeoutMs?: number;
  /** How often a migration that did not get its locks is tried again, a second apart. Default 20. */
  readonly tries?: number;
}

/** Brings a database up to date: roles, schema, migrations. May run on several machines at once, and while replicas work; idempotent. */
export async function migrate(url: string, { lockTimeoutMs = 3_000, tries = 20 }: MigrateOptions = {}): Promise<string[]> {
  await prepareDatabase(url);
  const holder = new Client({ connectionString: url });
  await holder.connect();
  try {
    await holder.query(`select pg_advisory_lock(${MIGRATOR_LOCK})`);
    return await apply({ url, role: 'marketplace_owner', poolSize: 2, lockTimeoutMs }, tries);
  } finally {
    await holder.end();
  }
}

/** Each migration is a transaction, so those before the one that is tried again stay. */
async function apply(settings: DatabaseSettings, tries: number): Promise<string[]> {
  for (let left = tries; ; left -= 1) {
    // TypeORM keeps the connection of a run that failed: the next try has a pool of its own.
    const dataSource = await createDataSource(settings).initialize();
    try {
      return (await dataSource.runMigrations()).map((migration) => migration.name);
    } catch (error) {
      if (left <= 1 || sqlStateOf(error) !== LOCK_NOT_AVAILABLE) throw error;
      console.warn('a table is in use for too long; the migration is tried again');
    } finally {
      await dataSource.destroy();
    }
    await pause(1_000);
  }
}

async function main(): Promise<void> {
  const url = process.env.MIGRATION_DATABASE_URL ?? process.env.DATABASE_URL;
  if (!url) throw new Error('set DATABASE_URL (or MIGRATION_DATABASE_URL) to the database to migrate');
  const applied = await migrate(url);
  console.log(applied.length ? `migrated: ${applied.join(', ')}` : 'the database is up to date');
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(`migration failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  });
}
