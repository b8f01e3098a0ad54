// What operations did to the database: rows left behind by table, transactions that wrote, statements.

const TABLES = `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'marketplace' and c.relkind in ('r', 'p') and not c.relispartition order by 1`;
/** Not of any operation: who is alive, and who holds which shard. */
const HOUSEKEEPING = new Set(['replica', 'outbox_lease']);

/** How many rows each table holds. */
export async function rowCounts(sql) {
  const tables = (await sql(TABLES)).map(({ name }) => name).filter((name) => !HOUSEKEEPING.has(name));
  const [counts] = await sql(`select ${tables.map((name) => `(select count(*)::int from marketplace.${name}) as ${name}`).join(', ')}`);
  return counts;
}

/** Rows by table that `operations` operations have added each; tables that did not grow are left out. */
export function rowsEach(before, after, operations) {
  return Object.fromEntries(Object.keys(after).map((name) => [name, (after[name] - before[name]) / operations]).filter(([, rows]) => Math.abs(rows) > 0.01));
}

/** Tables in which the two differ by more than a hundredth of a row an operation. */
export function differences(service, floor) {
  return [...new Set([...Object.keys(service), ...Object.keys(floor)])]
    .filter((name) => Math.abs((service[name] ?? 0) - (floor[name] ?? 0)) > 0.02 * Math.max(1, service[name] ?? 0))
    .map((name) => `${name}: ${(service[name] ?? 0).toFixed(2)} by the service, ${(floor[name] ?? 0).toFixed(2)} by the floor`);
}

/** Transaction ids given out are exactly the transactions that wrote; statements are those of clients, `begin` and `commit` included. */
export async function work(sql) {
  const [row] = await sql(`select pg_snapshot_xmax(pg_current_snapshot())::text::bigint::float8 as writes,
    (select sum(calls)::float8 from pg_stat_statements where toplevel and dbid = (select oid from pg_database where datname = current_database())) as statements`);
  return row;
}

const STATEMENTS = `select queryid::text as id, query, calls::float8, total_exec_time as ms, total_plan_time as planning from pg_stat_statements
  where toplevel and dbid = (select oid from pg_database where datname = current_database())`;

/** What PostgreSQL has been told so far: calls, milliseconds of executing and of planning, by statement. */
export async function statementTimes(sql) {
  return new Map((await sql(STATEMENTS)).map((row) => [row.id, row]));
}

/** What each of `operations` operations cost in statements, the dearest first. */
export function statementsEach(before, after, operations) {
  const each = (row, name) => (row[name] - (before.get(row.id)?.[name] ?? 0)) / operations;
  return [...after.values()]
    .map((row) => ({ calls: each(row, 'calls'), ms: each(row, 'ms'), planningMs: each(row, 'planning'), query: row.query.replace(/\s+/g, ' ').slice(0, 160) }))
    .filter(({ calls }) => calls > 0.005)
    .sort((one, other) => other.ms + other.planningMs - one.ms - one.planningMs);
}
