import { ORDER_EDGES, RENEWAL_EDGES } from '../../src/domain/order/order-status';
import type { OrderStatus } from '../../src/domain/order/order-status';
import { books } from './invariants/books';
import { counts } from './invariants/counts';
import { endings } from './invariants/endings';
import { entitlements } from './invariants/entitlements';
import { publication } from './invariants/publication';
import { tenancy } from './invariants/tenancy';
import { PAYOUT_CONTRADICTIONS } from './payable-providers';
import type { Allowances, Witnesses } from './invariants/witnesses';

interface OrderRow {
  readonly id: string;
  readonly status: string;
  readonly version: number;
  readonly total_minor: string;
  readonly seats_asked: number;
  readonly source: 'CHECKOUT' | 'RENEWAL';
  /** Its purchase is STUCK: what becomes of the money is up to an operator. */
  readonly stuck: boolean;
}

/** Every way in which what is stored, what billing and enrollment witnessed and what was published contradict each other. */
export async function findContradictions(world: Witnesses, { lost = new Set(), losses = [], caps = [] }: Allowances = {}): Promise<string[]> {
  const orders = await world.sql<OrderRow>(`select o.id, o.source, o.status, o.version, o.total_minor::text, coalesce(sum(cardinality(ol.learner_ids)), 0)::int as seats_asked,
      exists (select 1 from marketplace.saga s where s.correlation_id = o.id and s.name = 'marketplace.purchase' and s.state = 'STUCK') as stuck
    from marketplace.orders o join marketplace.order_line ol on ol.order_id = o.id group by o.id`);
  const found: string[] = [];
  for (const order of orders) found.push(...(await moneyOf(world, order)));
  found.push(...(await licences(world)), ...(await statuses(world)), ...(await bookings(world)), ...(await events(world, losses.length > 0)), ...(await claims(world)), ...(await payouts(world)), ...(await reservations(world)), ...(await subscriptions(world)));
  found.push(...(await endings(world)), ...(await entitlements(world)), ...(await counts(world, caps)), ...(await books(world)), ...(await tenancy(world)), ...(await publication(world, lost, losses)));
  return found;
}

const KEPT = ['FULFILLED', 'REFUND_PENDING', 'PARTIALLY_REFUNDED'];
const isKept = (status: string): boolean => KEPT.includes(status);

/** What billing holds in the end is what the order's status says was kept. */
async function moneyOf(world: Witnesses, { id, source, status, total_minor, stuck }: OrderRow): Promise<string[]> {
  const payments = await world.sandbox.payments(id);
  const taken = payments.filter((payment) => payment.status === 'succeeded').reduce((sum, payment) => sum + BigInt(payment.netAmountMinor), 0n);
  const returned = payments.flatMap((payment) => payment.refunds).filter((refund) => refund.status === 'succeeded').reduce((sum, refund) => sum + BigInt(refund.netAmountMinor), 0n);
  const settled = (await world.sql<{ minor: string }>(`select coalesce(sum(amount_minor), 0)::text as minor from marketplace.refund where order_id = $1 and status = 'SUCCEEDED'`, [id]))[0]?.minor ?? '0';
  const kept = isKept(status) ? BigInt(total_minor) - BigInt(settled) : 0n;
  const recorded = await world.sql<{ paid: string; refunded: string }>('select coalesce(sum(paid_minor), 0)::text as paid, coalesce(sum(refunded_minor), 0)::text as refunded from marketplace.payment where order_id = $1', [id]);
  const { paid = '0', refunded = '0' } = recorded[0] ?? {};
  return [
    ...(BigInt(refunded) > BigInt(paid) ? [`order ${id}: ${refunded} is given back of ${paid} in our own records`] : []),
    ...(BigInt(paid) === taken || stuck ? [] : [`order ${id} (${status}): billing took ${taken}, we have recorded ${paid}`]),
    ...(source === 'CHECKOUT' && payments.length > 1 ? [`order ${id} (${status}) has ${payments.length} payments`] : []),
    ...(returned > taken ? [`order ${id}: ${returned} went back of ${taken}`] : []),
    ...(taken - returned === kept || stuck ? [] : [`order ${id} is ${status}: ${taken} taken, ${returned} back, but ${kept} should be kept`]),
  ];
}

/** A licence gives access if and only if its order was kept; one per line; no assignment enrolled twice. */
async function licences(world: Witnesses): Promise<string[]> {
  const wrong = await world.sql<{ line: string; status: string; active: number; total: number }>(`select ol.id as line, o.status, count(l.id) filter (where l.state = 'ACTIVE')::int as active, count(l.id)::int as total
    from marketplace.order_line ol join marketplace.orders o on o.id = ol.order_id left join marketplace.license l on l.order_line_id = ol.id
    where o.source = 'CHECKOUT' and l.source is distinct from 'SUBSCRIPTION' group by ol.id, o.status having count(l.id) filter (where l.state = 'ACTIVE') <> (o.status in ('FULFILLED', 'REFUND_PENDING', 'PARTIALLY_REFUNDED'))::int or count(l.id) > 1`);
  const seats = await world.sql<{ id: string; seats_total: number; seats: number }>(`select l.id, l.seats_total, count(s.id)::int as seats from marketplace.license l
    left join marketplace.seat s on s.license_id = l.id where l.seats_total is not null group by l.id having count(s.id) <> l.seats_total`);
  return [
    ...wrong.map((row) => `line ${row.line} of a ${row.status} order has ${row.active} active licences of ${row.total}`),
    ...seats.map((row) => `licence ${row.id} has ${row.seats} seats instead of ${row.seats_total}`),
    ...(await enrollments(world)),
  ];
}

async function enrollments(world: Witnesses): Promise<string[]> {
  const licenses = await world.sql<{ id: string; state: string; enrolled: string[] | null }>(`select l.id, l.state, array_agg(s.enrollment_id) filter (where s.state in ('ENROLLED', 'CONSUMED')) as enrolled
    from marketplace.license l left join marketplace.seat s on s.license_id = l.id group by l.id`);
  const found: string[] = [];
  for (const license of licenses) {
    const active = (await world.sandbox.enrollments(license.id)).filter((enrollment) => enrollment.status === 'active').map((enrollment) => enrollment.enrollmentId);
    const ours = license.state === 'ACTIVE' ? (license.enrolled ?? []) : [];
    if ([...active].sort().join() !== [...ours].sort().join()) found.push(`licence ${license.id} (${license.state}): ${active.length} active enrollments there, ${ours.length} here`);
  }
  return found;
}

/** Versions without gaps, each change beginning where the last one ended, the order where the last one led. */
async function statuses(world: Witnesses): Promise<string[]> {
  const broken = await world.sql<{ order_id: string; version: number }>(`select order_id, version from (
      select t.*, lag(to_status) over w as before, lag(version) over w as before_version from marketplace.order_transition t window w as (partition by order_id order by version)) x
    where coalesce(before_version, 0) + 1 <> version or from_status is distinct from before`);
  const steps = await world.sql<{ order_id: string; source: 'CHECKOUT' | 'RENEWAL'; version: number; from_status: OrderStatus | null; to_status: OrderStatus }>(`select t.order_id, o.source, t.version, t.from_status, t.to_status
    from marketplace.order_transition t join marketplace.orders o on o.id = t.order_id`);
  const edges = { CHECKOUT: ORDER_EDGES, RENEWAL: RENEWAL_EDGES };
  const illegal = steps.filter((step) => (step.from_status === null ? step.version !== 1 || step.to_status !== 'PLACED' : !edges[step.source][step.from_status].includes(step.to_status)));
  const strayed = await world.sql<{ id: string }>(`select o.id from marketplace.orders o
    where not exists (select 1 from marketplace.order_transition t where t.order_id = o.id and t.version = o.version and t.to_status = o.status)
      or exists (select 1 from marketplace.order_transition t where t.order_id = o.id and t.version > o.version)`);
  return [
    ...broken.map((row) => `order ${row.order_id}: version ${row.version} does not follow from the one before`),
    ...illegal.map((row) => `order ${row.order_id}: ${row.from_status} → ${row.to_status} is no legal edge`),
    ...strayed.map((row) => `order ${row.id} is not where its last transition led`),
  ];
}

/** What is owed, paid out and in statements agrees, and Stripe has moved each payout that is PAID exactly once, and no other. */
async function payouts(world: Witnesses): Promise<string[]> {
  const apart = await world.sql<{ what: string }>(PAYOUT_CONTRADICTIONS);
  const paid = await world.sql<{ told: string }>(`select id || ' ' || amount_minor || ' ' || currency as told from marketplace.payout where status = 'PAID'`);
  const moved = (await world.sandbox.transfers()).map(({ transferGroup, amountMinor, currency }) => `${transferGroup} ${amountMinor} ${currency}`);
  const [ours, theirs] = [paid.map(({ told }) => told).sort(), moved.sort()];
  return [...apart.map(({ what }) => what), ...(ours.join() === theirs.join() ? [] : [`${ours.length} payouts are PAID, Stripe has moved ${theirs.length}: ${theirs.join('; ')}`])];
}

/** A line's sale is booked once if its order was fulfilled and something was earned, and never else; every entry sums to zero. */
async function bookings(world: Witnesses): Promise<string[]> {
  const wrong = await world.sql<{ id: string; status: string; booked: number }>(`select s.id, o.status, count(e.id)::int as booked
    from marketplace.order_line ol join marketplace.orders o on o.id = ol.order_id left join marketplace.provider_sale s on s.id = ol.id
      left join marketplace.journal_entry e on e.order_line_id = ol.id and e.kind = 'SALE'
    group by ol.id, s.id, o.id having s.id is null or s.order_status <> o.status or count(e.id) <> (o.fulfilled_at is not null and s.gross_minor > 0)::int`);
  const tipped = await world.sql<{ entry_id: string }>('select entry_id from marketplace.journal_posting group by entry_id, currency having sum(amount_minor) <> 0');
  return [
    ...wrong.map((row) => `sale ${row.id} of a ${row.status} order is booked ${row.booked} times, or does not follow it`),
    ...tipped.map((row) => `journal entry ${row.entry_id} does not sum to zero`),
  ];
}

/** What was committed was published, in order for each aggregate; and nothing that was not committed. */
async function events(world: Witnesses, streamWasLost: boolean): Promise<string[]> {
  const outbox = await world.sql<{ id: string; aggregate_id: string; aggregate_version: string; published: boolean }>(
    'select id, aggregate_id, aggregate_version::text, published_at is not null as published from marketplace.outbox order by aggregate_id, aggregate_version');
  const seen = new Set((await world.sandbox.events()).map((event) => event.id));
  const { count, violations } = await world.sandbox.violations();
  const stored = new Set(outbox.map((event) => event.id));
  // what was lost and published again is late for the sandbox; the order of the others is judged by `publication`
  const grave = !streamWasLost ? violations : violations.filter((violation) => !isOnlyLate(violation));
  return [
    ...outbox.filter((event) => !event.published).map((event) => `event ${event.id} was never published`),
    ...outbox.filter((event) => !seen.has(event.id)).map((event) => `event ${event.id} never arrived`),
    ...[...seen].filter((id) => !stored.has(id)).map((id) => `event ${id} was published without having been committed`),
    ...(count > violations.length || grave.length > 0 ? [`the sandbox complains: ${JSON.stringify(grave.slice(0, 3))}`] : []),
  ];
}

function isOnlyLate(violation: unknown): boolean {
  const { faults } = violation as { readonly faults: readonly string[] };
  return faults.every((fault) => /^aggregateversion \d+ of \S+ follows \d+$/.test(fault));
}

/** A claim stands if and only if a learner holds a live seat or an order under way asks for one. */
async function claims(world: Witnesses): Promise<string[]> {
  const stray = await world.sql<{ order_id: string; status: string }>(`select c.order_id, o.status from marketplace.course_claim c join marketplace.orders o on o.id = c.order_id
    where o.status in ('FAILED', 'CANCELLED', 'REFUNDED') or (o.status = 'FULFILLED' and not exists (
      select 1 from marketplace.seat s join marketplace.license l on l.id = s.license_id
      where l.order_id = o.id and s.learner_id = c.learner_id and l.course_id = c.course_id and s.state in ('ASSIGNED', 'ENROLLED', 'CONSUMED')))`);
  return stray.map((row) => `a claim of order ${row.order_id} (${row.status}) stands for nothing`);
}

/** Each period has one order, and each but the open one was kept; licences are as their subscriptions say, and valid until what is paid. */
export async function subscriptions(world: Pick<Witnesses, 'sql'>): Promise<string[]> {
  const periods = await world.sql<{ id: string; period: number; status: string }>(`select s.id, sp.period, o.status
    from marketplace.subscription s join marketplace.subscription_period sp on sp.subscription_id = s.id join marketplace.orders o on o.id = sp.order_id
    where case when sp.period <= s.period then o.fulfilled_at is null when o.id = s.renewal_order_id then o.status not in ('PLACED', 'AWAITING_PAYMENT')
      else not (s.ended_at is not null and o.status in ('FAILED', 'AWAITING_PAYMENT')) end`);
  const counts = await world.sql<{ id: string }>(`select s.id from marketplace.subscription s join marketplace.subscription_period sp on sp.subscription_id = s.id
    group by s.id having count(*) not between s.period + 1 and s.period + 2`);
  const licenses = await world.sql<{ id: string; state: string; license: string }>(`select s.id, s.state, l.state as license from marketplace.subscription s join marketplace.license l on l.id = s.license_id
    where not case s.state when 'TRIALING' then l.state = 'ACTIVE' when 'ACTIVE' then l.state = 'ACTIVE' when 'PAST_DUE' then l.state in ('GRACE', 'SUSPENDED')
        when 'EXPIRED' then l.state = 'EXPIRED' else l.state in ('EXPIRED', 'REVOKED', 'ACTIVE', 'GRACE', 'SUSPENDED') end
      or (s.state in ('TRIALING', 'ACTIVE', 'PAST_DUE') and s.period > 0 and l.valid_until <> s.current_period_end)`);
  const twice = await world.sql<{ order_id: string }>(`select p.order_id from marketplace.payment p join marketplace.orders o on o.id = p.order_id
    where o.source = 'RENEWAL' and p.paid_minor > p.refunded_minor group by p.order_id having count(*) > 1`);
  return [
    ...periods.map((row) => `period ${row.period} of subscription ${row.id} has an order that is ${row.status}`),
    ...counts.map((row) => `subscription ${row.id} has too many or too few periods`),
    ...licenses.map((row) => `subscription ${row.id} is ${row.state}, its licence ${row.license}`),
    ...twice.map((row) => `renewal order ${row.order_id} was charged twice`),
  ];
}

/** Coupons count exactly what orders hold of them; what an order was taken back with counts nowhere. */
async function reservations(world: Witnesses): Promise<string[]> {
  const coupons = await world.sql<{ code: string; reserved: number; redeemed: number; held: number; used: number }>(`select c.code, c.reserved, c.redeemed,
      count(r.order_id) filter (where r.state = 'RESERVED')::int as held, count(r.order_id) filter (where r.state = 'REDEEMED')::int as used
    from marketplace.coupon c left join marketplace.coupon_redemption r on r.coupon_id = c.id group by c.id
    having c.reserved <> count(r.order_id) filter (where r.state = 'RESERVED') or c.redeemed <> count(r.order_id) filter (where r.state = 'REDEEMED')`);
  const states = await world.sql<{ id: string; status: string; state: string | null; spent: boolean }>(`select o.id, o.status, r.state, s.order_id is not null as spent
    from marketplace.orders o left join marketplace.coupon_redemption r on r.order_id = o.id left join marketplace.purchase_spend s on s.order_id = o.id
    where (o.coupon_code is not null and r.state is distinct from case when o.status in ('FAILED', 'CANCELLED') then 'RELEASED' when o.status = 'FULFILLED' then 'REDEEMED' else r.state end)
      or (s.order_id is not null) <> (o.total_minor > 0 and o.source = 'CHECKOUT' and o.status not in ('FAILED', 'CANCELLED'))`);
  return [
    ...coupons.map((row) => `coupon ${row.code} counts ${row.reserved} + ${row.redeemed}, but orders hold ${row.held} and used ${row.used}`),
    ...states.map((row) => `order ${row.id} (${row.status}): its coupon is ${row.state ?? 'not there'}, and it ${row.spent ? 'counts' : 'does not count'} in its month`),
  ];
}
