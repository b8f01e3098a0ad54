import type { NatsConnection } from 'nats';
import type { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../../migrations';
import type { Readiness } from '../http/probes';

const PATIENCE_MS = 2_000;

export type Stage = 'starting' | 'serving' | 'draining';

/**
 * What `/readyz` says. While the replica starts, the neighbours that it waits for, each with what is wrong; then what
 * it needs to go on; and from the first moment of its end, that it drains.
 */
export class ReadinessBoard {
  stage: Stage = 'starting';
  private readonly arrivals = new Map<string, string>();
  private probe: Readiness = () => Promise.resolve({});

  /** Waits for them, until each is `ok`. */
  expect(...names: readonly string[]): void {
    for (const name of names) this.arrivals.set(name, 'waiting');
  }

  note(name: string, state: string): void {
    this.arrivals.set(name, state);
  }

  /** Everything is there; from now on `probe` asks. */
  serve(probe: Readiness): void {
    this.probe = probe;
    if (this.stage === 'starting') this.stage = 'serving';
  }

  async read(): Promise<Record<string, string>> {
    const parts = this.stage === 'starting' ? {} : await this.probe();
    return { service: this.stage === 'serving' ? 'ok' : this.stage, ...Object.fromEntries(this.arrivals), ...parts };
  }
}

/** Whether this replica can do its work: the database answers, NATS is connected, the schema is the one this code knows. */
export function readinessOf(database: DataSource, nats: NatsConnection): Readiness {
  return async () => {
    const [databaseState, migrations] = await Promise.all([check(() => database.query('select 1')), check(() => schemaMatches(database))]);
    const natsState = await check(async () => { await nats.flush(); });
    return { database: databaseState, nats: natsState, migrations };
  };
}

/** Older code bears a newer schema (a rolling deployment migrates first); newer code refuses an older one, and says what it lacks. */
export async function schemaMatches(database: DataSource): Promise<void> {
  const rows = await database.query<{ name: string }[]>('select name from marketplace.schema_migration');
  const applied = new Set(rows.map((row) => row.name));
  const missing = MIGRATIONS.map((migration) => migration.name).filter((name) => !applied.has(name));
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
