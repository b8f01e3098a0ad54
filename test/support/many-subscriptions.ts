type Sql = (text: string, values?: readonly unknown[]) => Promise<unknown>;

/*
 * Rows as the first order leaves them, again and again under other ids. Triggers and foreign keys rest meanwhile: what
 * they would check is checked of the row that is copied.
 */
const COPY = `
  create temp table copy as select gen_random_uuid() as subscription, gen_random_uuid() as orders, gen_random_uuid() as line, gen_random_uuid() as license, n from generate_series(1, $2::integer) n;
  set local session_replication_role = replica;
  insert into marketplace.orders select (jsonb_populate_record(t, jsonb_build_object('id', c.orders, 'number', 'COPY-' || c.n, 'idempotency_key', c.orders))).*
    from marketplace.orders t, copy c where t.id in (select order_id from marketplace.subscription_period where subscription_id = $1 and period = 0);
  insert into marketplace.order_line select (jsonb_populate_record(t, jsonb_build_object('id', c.line, 'order_id', c.orders))).*
    from marketplace.order_line t, copy c where t.id in (select order_line_id from marketplace.subscription_period where subscription_id = $1 and period = 0);
  insert into marketplace.license select (jsonb_populate_record(t, jsonb_build_object('id', c.license, 'order_id', c.orders, 'order_line_id', c.line))).*
    from marketplace.license t, copy c where t.id in (select license_id from marketplace.subscription where id = $1);
  insert into marketplace.subscription select (jsonb_populate_record(t, jsonb_build_object('id', c.subscription, 'license_id', c.license))).*
    from marketplace.subscription t, copy c where t.id = $1;
  insert into marketplace.subscription_period select (jsonb_populate_record(t, jsonb_build_object('subscription_id', c.subscription, 'order_id', c.orders, 'order_line_id', c.line, 'license_id', c.license))).*
    from marketplace.subscription_period t, copy c where t.subscription_id = $1 and t.period = 0;
  drop table copy;
`;

/** So many more subscriptions like this one. */
export async function multiply(sql: Sql, subscriptionId: string, count: number): Promise<void> {
  await sql(`begin; ${COPY.replaceAll('$1', `'${subscriptionId}'`).replaceAll('$2', String(count))} commit`);
}
