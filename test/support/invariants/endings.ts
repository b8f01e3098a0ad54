import type { Witnesses } from './witnesses';

/** Every saga has ended or is STUCK, and what is STUCK was told; the order rests where its purchase ended. */
export async function endings({ sql }: Witnesses): Promise<string[]> {
  const open = await sql<{ id: string; name: string; state: string; step: string }>(`select id, name, state, step from marketplace.saga where state not in ('COMPLETED', 'COMPENSATED', 'RESOLVED', 'STUCK')`);
  const silent = await sql<{ id: string }>(`select s.id from marketplace.saga s where s.state = 'STUCK'
    and not exists (select 1 from marketplace.outbox e where e.type = 'marketplace.saga.stuck.v1' and e.data ->> 'sagaId' = s.id::text)`);
  const elsewhere = await sql<{ id: string; status: string; state: string }>(`select o.id, o.status, s.state from marketplace.orders o left join marketplace.saga s on s.correlation_id = o.id and s.name = 'marketplace.purchase'
    where o.source = 'CHECKOUT' and (s.state is null
      or (s.state = 'COMPLETED' and o.status not in ('FULFILLED', 'REFUND_PENDING', 'PARTIALLY_REFUNDED', 'REFUNDED'))
      or (s.state = 'COMPENSATED' and o.status not in ('FAILED', 'CANCELLED')))`);
  return [
    ...open.map((row) => `saga ${row.id} (${row.name}) is still ${row.state} in ${row.step}`),
    ...silent.map((row) => `saga ${row.id} is STUCK and nobody was told`),
    ...elsewhere.map((row) => `order ${row.id} is ${row.status}, but its purchase ${row.state ?? 'is not there'}`),
  ];
}
