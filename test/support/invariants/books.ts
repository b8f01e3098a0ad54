import type { Witnesses } from './witnesses';

/** What the ledger says buyers paid is what orders kept; what was given back in full earned nobody anything. */
export async function books({ sql }: Witnesses): Promise<string[]> {
  const wrong = await sql<{ id: string; status: string; booked: string; kept: string }>(`select o.id, o.status, b.booked::text, k.kept::text
    from marketplace.orders o
      cross join lateral (select coalesce(sum(p.amount_minor), 0) as booked from marketplace.journal_entry e join marketplace.journal_posting p on p.entry_id = e.id
        where e.order_id = o.id and p.account = 'buyer_clearing') b
      cross join lateral (select case when o.fulfilled_at is null then 0 else o.total_minor - coalesce((select sum(r.amount_minor) from marketplace.refund r where r.order_id = o.id and r.status = 'SUCCEEDED'), 0) end as kept) k
    where b.booked <> k.kept and not exists (select 1 from marketplace.refund r where r.order_id = o.id and r.kind = 'UNASKED')`);
  const earned = await sql<{ id: string }>(`select o.id from marketplace.orders o join marketplace.journal_entry e on e.order_id = o.id
    where o.status = 'REFUNDED' group by o.id having sum(e.net_minor) <> 0 or sum(e.fee_minor) <> 0`);
  const [account] = await sql<{ total: string }>('select coalesce(sum(amount_minor), 0)::text as total from marketplace.journal_posting');
  return [
    ...wrong.map((row) => `order ${row.id} (${row.status}): the ledger has ${row.booked} from its buyer, ${row.kept} was kept`),
    ...earned.map((row) => `order ${row.id} was refunded in full, and somebody still earns by it`),
    ...(account?.total === '0' ? [] : [`the ledger does not sum to zero but to ${account?.total}`]),
  ];
}
