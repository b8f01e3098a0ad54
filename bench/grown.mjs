// Years of orders, seeded in bulk: a few real ones, copied table by table under ids, times and offers of their own.
import { step } from '../scripts/stack/progress.mjs';

/** What an order leaves behind, and how a row tells whose it is. The oldest of the outbox have been dropped: a twentieth is left. */
const TABLES = [
  { name: 'orders', order: 'x.id' },
  ...['order_line', 'order_transition', 'payment', 'license', 'seat', 'course_claim', 'provider_sale', 'journal_entry'].map((name) => ({ name, order: 'x.order_id' })),
  { name: 'journal_posting', order: '(select e.order_id from marketplace.journal_entry e where e.id = x.entry_id)' },
  { name: 'saga', order: 'x.correlation_id' },
  { name: 'saga_transition', order: '(select s.correlation_id from marketplace.saga s where s.id = x.saga_id)' },
  { name: 'aggregate_version', order: 'coalesce((select l.order_id from marketplace.license l where l.id = x.aggregate_id), (select s.order_id from marketplace.seat s where s.id = x.aggregate_id), x.aggregate_id)' },
  { name: 'outbox', order: 'x.correlation_id', share: 20 },
];
/** Columns that name what is bought; each copy buys another offer. */
const OF_OFFER = { listing_id: 'listing_id', pricing_plan_id: 'plan_id', plan_id: 'plan_id', course_id: 'course_id', course_version_id: 'course_version_id', provider_tenant_id: 'provider_id' };
const CHUNK = 20_000;
const SECONDS_APART = 30;

/** Writes `count` copies of the orders with these ids, spread over `offers`; the copies are as old as if one had come every half minute. */
export async function grow(sql, { orderIds, offers, count }) {
  await sql('create unlogged table public.bench_offers (index integer primary key, listing_id uuid, plan_id uuid, course_id uuid, course_version_id uuid, provider_id uuid)');
  for (let from = 0; from < offers.length; from += CHUNK) {
    await sql(`insert into public.bench_offers select index, "listingId", "planId", "courseId", "courseVersionId", "providerId"
      from jsonb_to_recordset($1::jsonb) as o (index integer, "listingId" uuid, "planId" uuid, "courseId" uuid, "courseVersionId" uuid, "providerId" uuid)`, [JSON.stringify(offers.slice(from, from + CHUNK))]);
  }
  for (const { name, order } of TABLES) { // before any of them grows
    await sql(`create unlogged table public.bench_${name} as select x.*, dense_rank() over (order by ${order}) as rank_of_order from marketplace.${name} x where ${order} = any ('{${orderIds.join(',')}}'::uuid[])`);
  }
  await sql('delete from public.bench_outbox where published_at is null'); // nobody is to publish copies
  // a time-ordered id as the service makes them, the same for the same one of the same copy: rows of one order stay one order's
  await sql(`create function public.bench_id(old text, n integer) returns uuid language sql immutable parallel safe as $$
    select (lpad(to_hex(${Date.now()}::bigint - ($2)::bigint * ${SECONDS_APART}000), 12, '0') || '7' || substr(h, 1, 3) || '8' || substr(h, 5, 15))::uuid from md5(old || n) h $$`);
  for (const table of TABLES) {
    const times = Math.floor(count / (table.share ?? 1) / orderIds.length);
    const atOnce = Math.ceil(CHUNK / orderIds.length);
    const copy = await copyStatement(sql, table.name, { offers: offers.length, templates: orderIds.length });
    await step(`grown: ${table.name}`, async () => {
      const started = performance.now();
      for (let from = 0; from < times; from += atOnce) await sql(copy.replace('$from', from).replace('$to', Math.min(times, from + atOnce) - 1));
      return performance.now() - started;
    }, (ms) => `${(ms / 1_000).toFixed(1)} s`);
  }
  await step('vacuumed', () => sql('vacuum analyze'));
  const [{ whole }] = await sql('select count(*)::int as whole from marketplace.orders o where exists (select 1 from marketplace.order_line l join marketplace.seat s on s.order_id = l.order_id where l.order_id = o.id)');
  if (whole < count) throw new Error(`${whole} orders have lines and seats instead of ${count}`);
}

/** Triggers and foreign keys rest: what they would check is checked of the rows that are copied. */
async function copyStatement(sql, name, { offers, templates }) {
  const columns = await sql(`select column_name as name, data_type as type from information_schema.columns
    where table_schema = 'marketplace' and table_name = $1 and is_generated = 'NEVER' and coalesce(identity_generation, '') <> 'ALWAYS' order by ordinal_position`, [name]);
  const n = `(c.n * ${templates} + t.rank_of_order)`;
  const value = ({ name: column, type }) => {
    if (OF_OFFER[column]) return `o.${OF_OFFER[column]}`;
    if (name === 'outbox' && column === 'created_at') return `t.${column}`; // the partition of today
    if (type === 'uuid') return `case when t.${column} is not null then public.bench_id(t.${column}::text, ${n}::integer) end`;
    if (type === 'text' || type === 'character varying') return `case when t.${column} ~ '^[0-9a-f]{8}-' then public.bench_id(t.${column}, ${n}::integer)::text ${column === 'number' ? `else 'G' || ${n}` : `else t.${column}`} end`;
    if (type === 'timestamp with time zone') return `t.${column} - ${n} * interval '${SECONDS_APART} seconds'`;
    return `t.${column}`;
  };
  const names = columns.map(({ name: column }) => `"${column}"`).join(', ');
  return `begin; set local session_replication_role = replica; set local synchronous_commit = off;
    insert into marketplace.${name} (${names})
    select ${columns.map(value).join(', ')} from generate_series($from::integer, $to::integer) as c (n)
      cross join public.bench_${name} t
      join public.bench_offers o on o.index = (c.n * 7919 + t.rank_of_order) % ${offers};
    commit`;
}
