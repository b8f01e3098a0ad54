import type { NatsConnection } from 'nats';
import type { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../../migrations';

const PATIENCE_MS = 2_000;

/** Whether this replica can do its work: the database answers, NATS is connected, the schema is the one this code knows. */
export function readinessOf(database: DataSource, nats: NatsConnection): () => Promise<Record<string, string>> {
  return async () => {
    const [databaseState, migrations] = await Promise.all([check(() => database.query('select 1')), check(() => schemaMatches(database))]);
    const natsState = await check(async () => { await nats.flush(); });
    return { database: databaseState, nats: natsState, migrations };
  };
}

/** Newest code refuses an older or newer schema, and says which. */
export async function schemaMatches(database: DataSource): Promise<void> {
  const rows = await database.query<{ name: string }[]>('select name from marketplace.schema_migration');
  const applied = new Set(rows.map((row) => row.name));
  const known = new Set(MIGRATIONS.map((migration) => migration.name));
  const missing = [...known].filter((name) => !applied.has(name));
  if (missing.length > 0) throw new Error(`the database lacks ${missing.join(', ')}: run the migrations`);
}

async function check(probe: () => Promise<unknown>): Promise<string> {
  try {
    await Promise.race([probe(), new Promise((_resolve, reject) => setTimeout(() => { reject(new Error(`no answer within ${PATIENCE_MS} ms`)); }, PATIENCE_MS).unref())]);
    return 'ok';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
