import { sagaMayBecome, SAGA_STATES } from '../../src/application/saga/records';
import { redemptionMayBecome, REDEMPTION_STATES } from '../../src/domain/coupon/redemption';
import { LICENSE_STATES, SEAT_STATES } from '../../src/domain/license/license';
import { licenseMayBecome, seatMayBecome } from '../../src/domain/license/lifecycle';
import { LISTING_COMMANDS, targetOf } from '../../src/domain/listing/lifecycle';
import { LISTING_STATUSES } from '../../src/domain/listing/listing';
import type { ListingStatus } from '../../src/domain/listing/listing';
import { mayBecome, ORDER_STATUSES } from '../../src/domain/order/order-status';
import { REFUND_STATUSES } from '../../src/domain/order/order';
import { PAYOUT_STATUSES, payoutMayBecome } from '../../src/domain/payout/payout';
import { refundMayBecome } from '../../src/domain/refund/lifecycle';
import { SUBSCRIPTION_EDGES, SUBSCRIPTION_STATES } from '../../src/domain/subscription/subscription';
import { buyLicense } from '../support/licensed';
import { openPurchaseWorld } from '../support/purchase-world';
import type { PurchaseWorld } from '../support/purchase-world';

/*
 * Every pair of statuses of everything that has a table of transitions: what the domain refuses, PostgreSQL refuses
 * too, whoever asks, and what the domain allows it allows. Mutations that were tried and fail it: a further pair in
 * marketplace.listing_edge, and one left out; an edge more in ORDER_EDGES;
 * saga_state_guard dropped.
 */
interface Machine<S extends string = string> {
  readonly table: string;
  readonly column: 'status' | 'state';
  /** What names a row; `id` where nothing is said. */
  readonly key?: string;
  readonly states: readonly S[];
  readonly allows: (from: S, to: S) => boolean;
  /** What else of the row goes with the change, in SQL over $2, the new one. */
  readonly along?: string;
  /** What elsewhere has to agree with the row, in SQL over $1, its key. */
  readonly agreeing?: string;
}
const machine = <S extends string>(of: Machine<S>): Machine => of as unknown as Machine;

const SUSPENSIONS: readonly ['APPROVED', 'LIVE'] = ['APPROVED', 'LIVE'];
const HOLDER = `, assignment_id = case when $2 = 'AVAILABLE' then null else id end, learner_id = case when $2 = 'AVAILABLE' then null else id end,
  enrollment_id = case when $2 in ('ENROLLED', 'CONSUMED') then 'enr' end`;
const REDEMPTION_TIMES = `, redeemed_at = case when $2 = 'REDEEMED' then now() end, released_at = case when $2 = 'RELEASED' then now() end`;
const PAYOUT_END = `, transfer_id = case when $2 = 'PAID' then 'tr_1' end, paid_at = case when $2 = 'PAID' then now() end, failure_message = case when $2 = 'FAILED' then 'No.' end`;
const MACHINES: readonly Machine[] = [
  machine<ListingStatus>({
    table: 'listing', column: 'status', states: LISTING_STATUSES, along: `, suspended_from = case when $2 = 'SUSPENDED' then 'LIVE' end`,
    allows: (status, to) => LISTING_COMMANDS.some((command) => SUSPENSIONS.some((suspendedFrom) => targetOf({ status, suspendedFrom: status === 'SUSPENDED' ? suspendedFrom : null }, command) === to)),
  }),
  machine({ table: 'orders', column: 'status', states: ORDER_STATUSES, allows: mayBecome, along: ', version = version + 1' }),
  machine({ table: 'license', column: 'state', states: LICENSE_STATES, allows: licenseMayBecome }),
  machine({ table: 'seat', column: 'state', states: SEAT_STATES, allows: seatMayBecome, along: HOLDER }),
  machine({ table: 'coupon_redemption', column: 'state', key: 'order_id', states: REDEMPTION_STATES, allows: redemptionMayBecome, along: REDEMPTION_TIMES }),
  machine({ table: 'refund', column: 'status', states: REFUND_STATUSES, allows: refundMayBecome, along: `, completed_at = case when $2 = 'REQUESTED' then null else now() end`,
    agreeing: `update marketplace.payment p set refunded_minor = case r.status when 'FAILED' then 0 else r.amount_minor end from marketplace.refund r where r.id = $1 and r.payment_id = p.payment_id` }),
  machine({ table: 'payout', column: 'status', states: PAYOUT_STATUSES, allows: payoutMayBecome, along: PAYOUT_END }),
  machine({ table: 'subscription', column: 'state', states: SUBSCRIPTION_STATES, allows: (from, to) => SUBSCRIPTION_EDGES[from].includes(to), along: `, ended_at = case when $2 in ('CANCELLED', 'EXPIRED') then now() end` }),
  machine({ table: 'saga', column: 'state', states: SAGA_STATES, allows: sagaMayBecome }),
];

let world: PurchaseWorld;
const rows = new Map<string, string>();
beforeAll(async () => {
  world = await openPurchaseWorld({ working: false });
  const { admin, offer, orderId, licenseId } = await buyLicense(world);
  await world.replica.refunds.requestRefund(admin, { orderId });
  await world.sql(`insert into marketplace.coupon (id, code, code_key, funding, percent_hundredths, active, listing_ids, tenant_ids, reserved, redeemed, created_at)
    values ($1, 'ANY', 'any', 'PLATFORM', 1000, true, '{}', '{}', 0, 0, now())`, [licenseId]);
  await world.sql(`insert into marketplace.coupon_redemption (order_id, coupon_id, tenant_id, buyer_id, state, discount_minor, currency, reserved_at)
    values ($1, $2, $3, $4, 'RESERVED', 0, 'EUR', now())`, [orderId, licenseId, admin.tenantId, admin.userId]);
  await world.sql(`set session_replication_role = replica;
    insert into marketplace.payout (id, provider_tenant_id, status, stripe_account_id, currency, amount_minor, scheduled_for, created_at)
    values ('${orderId}', '${offer.providerTenantId}', 'SCHEDULED', 'acct_1', 'EUR', 4900, '2026-01-01', now());
    insert into marketplace.subscription (id, tenant_id, license_id, listing_id, plan_id, plan_revision, terms, quantity, unit_price_minor, currency, state, anchor_at, trial, period, current_period_start, current_period_end, started_at)
    select '${orderId}', tenant_id, id, listing_id, plan_id, plan_revision, terms, 1, 4900, 'EUR', 'ACTIVE', now(), false, 0, now(), now() + interval '1 month', now() from marketplace.license where id = '${licenseId}';
    set session_replication_role = origin`);
  const [refund] = await world.sql<{ id: string }>('select id from marketplace.refund where order_id = $1', [orderId]);
  const [saga] = await world.sql<{ id: string }>('select id from marketplace.saga where correlation_id = $1', [orderId]);
  rows.set('coupon_redemption', orderId).set('payout', orderId).set('subscription', orderId).set('refund', refund!.id).set('saga', saga!.id);
  const [seat] = await world.sql<{ id: string }>('select id from marketplace.seat where license_id = $1 order by id limit 1', [licenseId]);
  rows.set('listing', offer.listingId).set('orders', orderId).set('license', licenseId).set('seat', seat!.id);
});
afterAll(() => world.close());

/** The row in a status, as if it had come there. */
async function putIn({ table, column, key = 'id', along = '', agreeing }: Machine, id: string, from: string, to: string): Promise<void> {
  const where = table === 'listing' && from === 'SUSPENDED' ? `, suspended_from = ${to === 'APPROVED' ? `'APPROVED'` : `'LIVE'`}` : along;
  await world.sql(`alter table marketplace.${table} disable trigger user`);
  await world.sql(`update marketplace.${table} set ${column} = $2 ${where} where ${key} = $1`, [id, from]);
  await world.sql(`alter table marketplace.${table} enable trigger user`);
  if (agreeing) await world.sql(agreeing, [id]);
}

async function attempt({ table, column, key = 'id', along = '' }: Machine, role: string, id: string, to: string): Promise<boolean> {
  const asRole = role === 'superuser' ? '' : `set local role ${role};`;
  const values = `update marketplace.${table} set ${column} = '${to}' ${along.replaceAll('$2', `'${to}'`)} where ${key} = '${id}'`;
  const refusal = await world.sql(`${asRole} ${values}; rollback`).then(() => null, async (error: { code?: string }) => error.code);
  if (refusal === null) return true;
  expect(refusal).toBe('23514');
  return false;
}

/* An order's statuses are those that its edges name; all others are named by a check of their column. */
const ORDER_EDGE = `select prosrc as text from pg_proc where oid = 'marketplace.order_edge(text, text)'::regprocedure`;
const CHECK_OF_COLUMN = `select coalesce(string_agg(pg_get_constraintdef(c.oid), ' '), '') as text from pg_constraint c
  join pg_attribute a on a.attrelid = c.conrelid and c.conkey = array[a.attnum] where c.conrelid = $1::regclass and c.contype = 'c' and a.attname = $2`;

describe.each(MACHINES)('$table', (of) => {
  it.each(['superuser', 'marketplace_worker'])('given each pair of statuses: the domain and the database allow the same to %s, and refuse the rest', async (role) => {
    const id = rows.get(of.table)!;
    const [mayUpdate] = await world.sql<{ may: boolean }>('select has_table_privilege($1, $2, $3) as may', [role === 'superuser' ? 'postgres' : role, `marketplace.${of.table}`, 'update']);
    const differences: string[] = [];
    for (const from of of.states) {
      for (const to of of.states.filter((other) => other !== from)) {
        await putIn(of, id, from, to);
        const accepted = mayUpdate!.may && (await attempt(of, role, id, to));
        if (accepted !== (mayUpdate!.may && of.allows(from, to))) differences.push(`${from} → ${to}: ${accepted ? 'only the database allows it' : 'only the domain allows it'}`);
      }
    }
    expect(differences).toEqual([]);
  });

  it('has the same statuses in the database as in the domain', async () => {
    const [stored] = await world.sql<{ text: string }>(of.table === 'orders' ? ORDER_EDGE : CHECK_OF_COLUMN, of.table === 'orders' ? [] : [`marketplace.${of.table}`, of.column]);
    expect([...new Set([...stored!.text.matchAll(/'(\w+)'/g)].map(([, name]) => name))].sort()).toEqual([...of.states].sort());
  });
});

it('a listing comes back from its suspension to where it was, and nowhere else', async () => {
  const [listing] = MACHINES;
  const id = rows.get('listing')!;
  for (const [was, to] of [['APPROVED', 'LIVE'], ['LIVE', 'APPROVED']] as const) {
    await putIn(listing!, id, 'SUSPENDED', was);
    expect(await attempt(listing!, 'superuser', id, to)).toBe(false);
    expect(targetOf({ status: 'SUSPENDED', suspendedFrom: was }, 'reinstate')).toBe(was);
  }
});

it('nothing else has a status of its own: a new table belongs in this file', async () => {
  const found = await world.sql<{ name: string }>(`select c.relname as name from pg_attribute a join pg_class c on c.oid = a.attrelid and c.relkind = 'r'
    where c.relnamespace = 'marketplace'::regnamespace and a.attname in ('status', 'state') and not a.attisdropped order by 1`);
  expect(found.map(({ name }) => name)).toEqual(MACHINES.map(({ table }) => table).sort());
});
