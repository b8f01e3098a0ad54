import type { Witnesses } from './witnesses';

/** Tables whose rows belong to an order, by the column that names it; `buyer`: they repeat its buyer too. */
const OF_ORDERS = [
  { table: 'order_line', column: 'order_id', buyer: true }, { table: 'order_transition', column: 'order_id', buyer: true },
  { table: 'payment', column: 'order_id', buyer: true }, { table: 'refund', column: 'order_id', buyer: true },
  { table: 'license', column: 'order_id', buyer: true }, { table: 'seat', column: 'order_id', buyer: true },
  { table: 'course_claim', column: 'order_id', buyer: false }, { table: 'coupon_redemption', column: 'order_id', buyer: true },
  { table: 'purchase_spend', column: 'order_id', buyer: false }, { table: 'saga', column: 'correlation_id', buyer: true },
] as const;

/** No row of one tenant in another's order, no message of one tenant in another's name. */
export async function tenancy({ sql, sandbox }: Witnesses): Promise<string[]> {
  const found: string[] = [];
  for (const { table, column, buyer } of OF_ORDERS) {
    const strays = await sql<{ id: string }>(`select t.${column} as id from marketplace.${table} t join marketplace.orders o on o.id = t.${column}
      where t.tenant_id <> o.tenant_id ${buyer ? 'or t.buyer_id is distinct from o.buyer_id' : ''}`);
    found.push(...strays.map((row) => `a row in ${table} of order ${row.id} belongs to somebody else`));
  }
  const sales = await sql<{ id: string }>('select s.id from marketplace.provider_sale s join marketplace.order_line l on l.id = s.id where s.provider_tenant_id <> l.provider_tenant_id');
  const told = await sql<{ id: string; type: string }>(`select e.id, e.type from marketplace.outbox e left join marketplace.orders o on o.id = e.aggregate_id
    where e.tenant_id <> coalesce(o.tenant_id, e.tenant_id) or (e.data ? 'tenantId' and e.data ->> 'tenantId' <> e.tenant_id::text)`);
  return [...found, ...sales.map((row) => `sale ${row.id} is shown to another provider`), ...told.map((row) => `event ${row.id} (${row.type}) speaks of another tenant than its own`), ...(await heard(sql, sandbox))];
}

/** What was heard belongs to whom it was written for. */
async function heard(sql: Witnesses['sql'], sandbox: Witnesses['sandbox']): Promise<string[]> {
  const owners = new Map((await sql<{ id: string; tenant_id: string }>('select id, tenant_id from marketplace.outbox')).map((row) => [row.id, row.tenant_id]));
  return (await sandbox.events()).filter((event) => owners.has(event.id) && owners.get(event.id) !== event.tenantid).map((event) => `event ${event.id} was published in the name of ${event.tenantid}`);
}
