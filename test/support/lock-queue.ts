import { Client } from 'pg';
import type { PurchaseWorld } from './purchase-world';
import { waitFor } from './wait';

/**
 * Makes requests meet at a lock in a known order: `hold` takes it first, then each request is begun once the one before
 * it waits, then the lock is let go. What a race may only do by luck, this does every time.
 */
export async function queueAt<T extends readonly unknown[]>(world: Pick<PurchaseWorld, 'databaseUrl' | 'sql'>, hold: string, requests: { readonly [K in keyof T]: () => Promise<T[K]> }): Promise<T> {
  const holder = new Client({ connectionString: world.databaseUrl });
  await holder.connect();
  try {
    await holder.query('begin');
    await holder.query(hold);
    const begun: Promise<unknown>[] = [];
    for (const request of requests) {
      begun.push(request());
      await waitFor(async () => (await waiting(world)) >= begun.length, { withinMs: 10_000, what: `request ${begun.length} to wait for the lock` });
    }
    await holder.query('rollback');
    return (await Promise.all(begun)) as unknown as T;
  } finally {
    await holder.end();
  }
}

/** How many of the database's sessions wait for a lock. */
export async function waiting({ sql }: Pick<PurchaseWorld, 'sql'>): Promise<number> {
  const [row] = await sql<{ count: number }>(`select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
  return row?.count ?? 0;
}
