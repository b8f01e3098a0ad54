import type { QueryResultRow } from 'pg';

type Sql = <R extends QueryResultRow = QueryResultRow>(text: string, values?: readonly unknown[]) => Promise<R[]>;

/** Columns of every table of the schema in which an id can stand; partitions are rows of their parent. */
const COLUMNS = `select c.relname as "table", a.attname as "column" from pg_class c join pg_attribute a on a.attrelid = c.oid
  where c.relnamespace = 'marketplace'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped
    and a.atttypid::regtype::text in ('uuid', 'uuid[]', 'text', 'text[]', 'jsonb', 'json', 'bytea') order by 1, 2`;

/** Every place of the database where the id stands, in whatever case: "orders.buyer_id 2". */
export async function tracesOf(sql: Sql, id: string): Promise<string[]> {
  const found: string[] = [];
  for (const { table, column } of await sql<{ table: string; column: string }>(COLUMNS)) {
    const [row] = await sql<{ n: number }>(`select count(*)::int as n from marketplace.${table} where "${column}"::text ~* $1`, [id]);
    if (row && row.n > 0) found.push(`${table}.${column} ${row.n}`);
  }
  return found;
}
