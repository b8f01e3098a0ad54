import { createDataSource } from './infrastructure/postgres/data-source';
import { prepareDatabase } from './infrastructure/postgres/roles';

/** Brings a database up to date: roles, schema, migrations. May run on several machines at once; idempotent. */
export async function migrate(url: string): Promise<string[]> {
  await prepareDatabase(url);
  const dataSource = await createDataSource({ url, role: 'marketplace_owner', poolSize: 2 }).initialize();
  const lock = dataSource.createQueryRunner();
  try {
    await lock.query('select pg_advisory_lock(739202)');
    return (await dataSource.runMigrations()).map((migration) => migration.name);
  } finally {
    await lock.query('select pg_advisory_unlock(739202)').finally(() => lock.release());
    await dataSource.destroy();
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
