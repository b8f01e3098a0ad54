import type { Allowances, Witnesses } from './witnesses';

/** What is counted is what live orders hold, and within its bound. */
export async function counts({ sql }: Witnesses, caps: NonNullable<Allowances['caps']>): Promise<string[]> {
  const passed = await sql<{ code: string }>('select code from marketplace.coupon where reserved + redeemed > max_redemptions');
  const byTenant = await sql<{ tenant_id: string; used: number }>(`select u.tenant_id, u.used from marketplace.coupon_tenant_use u
    left join marketplace.coupon_redemption r on r.coupon_id = u.coupon_id and r.tenant_id = u.tenant_id and r.state <> 'RELEASED'
    group by u.coupon_id, u.tenant_id, u.used, u.max having count(r.order_id) <> u.used or u.used > u.max`);
  const byBuyer = await sql<{ buyer_id: string; used: number }>(`select u.buyer_id, u.used from marketplace.coupon_buyer_use u
    left join marketplace.coupon_redemption r on r.coupon_id = u.coupon_id and r.tenant_id = u.tenant_id and r.buyer_id = u.buyer_id and r.state <> 'RELEASED'
    group by u.coupon_id, u.tenant_id, u.buyer_id, u.used, u.max having count(r.order_id) <> u.used or u.used > u.max`);
  const spends = await sql<{ order_id: string }>(`select s.order_id from marketplace.purchase_spend s join marketplace.orders o on o.id = s.order_id
    where s.amount_minor <> o.total_minor or s.currency <> o.currency`);
  return [
    ...passed.map((row) => `coupon ${row.code} was used more often than it may be`),
    ...byTenant.map((row) => `tenant ${row.tenant_id} is counted with ${row.used} uses of a coupon, but holds others`),
    ...byBuyer.map((row) => `buyer ${row.buyer_id} is counted with ${row.used} uses of a coupon, but holds others`),
    ...spends.map((row) => `order ${row.order_id} counts in its month with another amount than it costs`),
    ...(await Promise.all(caps.map((cap) => overspent(sql, cap)))).flat(),
  ];
}

async function overspent(sql: Witnesses['sql'], { tenantId, currency, perMonthMinor }: NonNullable<Allowances['caps']>[number]): Promise<string[]> {
  const months = await sql<{ month: string; spent: string }>(`select month::text, sum(amount_minor)::text as spent from marketplace.purchase_spend
    where tenant_id = $1 and currency = $2 group by month having sum(amount_minor) > $3::bigint`, [tenantId, currency, perMonthMinor]);
  return months.map(({ month, spent }) => `tenant ${tenantId} spent ${spent} of ${perMonthMinor} ${currency} in ${month}`);
}
