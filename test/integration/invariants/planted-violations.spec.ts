import { v7 } from 'uuid';
import { findContradictions } from '../../support/invariants';
import type { Allowances } from '../../support/invariants/witnesses';
import { takenBack, witnessesOf, writeSmallHistory, type SmallHistory, type Testimony } from './small-history';

/*
 * The checker itself: each invariant is violated once, and the checker has to say so. What a constraint of the database
 * would refuse is dropped first: the checker is there for the day on which it is missing.
 */
let history: SmallHistory;
beforeAll(async () => { history = await writeSmallHistory(); });
afterAll(() => history.world.close());

interface Planted {
  /** Statements; $kept and $failed are the ids of these orders. */
  readonly sql?: readonly string[];
  readonly distort?: (testimony: Testimony, history: SmallHistory) => void;
  readonly allowances?: (history: SmallHistory) => Allowances;
  readonly says: RegExp;
}

const ANYBODY = `'00000000-0000-7000-8000-000000000001'`;
const paymentOf = (testimony: Testimony, orderId: string) => testimony.payments.find((row) => row.orderId === orderId)!;
const change = (testimony: Testimony, orderId: string, payment: Partial<Testimony['payments'][number]['payment']>) => {
  testimony.payments = testimony.payments.map((row) => (row.orderId === orderId ? { ...row, payment: { ...row.payment, ...payment } } : row));
};
const refundOf = (minor: string) => [{ refundId: v7(), idempotencyKey: v7(), status: 'succeeded', netAmountMinor: minor, reason: 'requested' }];
/** Two events of one aggregate change places, as the stream took them. */
const swap = (testimony: Testimony) => {
  const second = testimony.events.findIndex((event) => event.aggregateversion === '2');
  const first = testimony.events.findIndex((event) => event.subject === testimony.events[second]!.subject);
  const [one, two] = [testimony.events[first]!, testimony.events[second]!];
  [testimony.events[first], testimony.events[second]] = [{ ...one, storedAt: two.storedAt }, { ...two, storedAt: one.storedAt }];
};

const A_DAY = 86_400_000;
/** By when the small history's events were stored. */
const STORED_AT = 0;
const lossOf = (from: number, over: number) => ({ from: new Date(from), over: new Date(over), markedUntil: new Date(over) });
const LONG_BEFORE = [lossOf(STORED_AT - A_DAY, STORED_AT - A_DAY)];
const LONG_AFTER = [lossOf(Date.now() + A_DAY, Date.now() + A_DAY)];

const MONEY: Record<string, Planted> = {
  'more went back than was taken': { distort: (t, { keptOrder }) => change(t, keptOrder, { refunds: refundOf('9001') }), says: /9001 went back of 9000/ },
  'a failed order whose money stayed': { distort: (t, { failedOrder }) => change(t, failedOrder, { refunds: [] }), says: /is FAILED: 10000 taken, 0 back, but 0 should be kept/ },
  'a kept order whose money went back': { distort: (t, { keptOrder }) => change(t, keptOrder, { refunds: refundOf('9000') }), says: /is FULFILLED: 9000 taken, 9000 back, but 9000 should be kept/ },
  'a second payment': { distort: (t, { keptOrder }) => { t.payments.push({ ...paymentOf(t, keptOrder) }); }, says: /has 2 payments/ },
  'a payment that we did not record': { sql: [`update marketplace.payment set paid_minor = 0, refunded_minor = 0 where order_id = $kept`], says: /billing took 9000, we have recorded 0/ },
  'refunds beyond the payment in our records': {
    sql: ['alter table marketplace.payment drop constraint refunds_within_payment', 'update marketplace.payment set refunded_minor = paid_minor + 1 where order_id = $kept'], says: /9001 is given back of 9000/,
  },
  'a journal entry that does not sum to zero': { sql: [`update marketplace.journal_posting set amount_minor = amount_minor + 1 where account = 'platform_revenue'`], says: /does not sum to zero/ },
  'a ledger that does not sum to zero': { sql: [`update marketplace.journal_posting set amount_minor = amount_minor + 1 where account = 'platform_revenue'`], says: /the ledger does not sum to zero but to/ },
  'a sale that was not booked': { sql: [`delete from marketplace.journal_entry where order_id = $kept`], says: /sale .* is booked 0 times/ },
  'another amount in the ledger than was kept': {
    sql: [`update marketplace.journal_posting p set amount_minor = amount_minor + case account when 'buyer_clearing' then 1 when 'provider_payable' then -1 else 0 end
      from marketplace.journal_entry e where e.id = p.entry_id and e.order_id = $kept`], says: /the ledger has 9001 from its buyer, 9000 was kept/,
  },
  'a transfer that no payout stands behind': {
    distort: (t) => { t.transfers.push({ transferId: 'tr_1', transferGroup: v7(), idempotencyKey: v7(), destination: 'acct_1', tenantId: v7(), amountMinor: '1', currency: 'EUR' }); },
    says: /0 payouts are PAID, Stripe has moved 1/,
  },
  'somebody who earns by what was refunded': { sql: [`update marketplace.journal_entry set gross_minor = gross_minor + 1, net_minor = net_minor + 1 where kind = 'REFUND'`], says: /refunded in full, and somebody still earns/ },
};

const ACCESS: Record<string, Planted> = {
  'access for an order that failed': { sql: [`update marketplace.license set state = 'ACTIVE' where order_id = $failed`], says: /of a FAILED order has 1 active licences/ },
  'no access for an order that was kept': { sql: [`update marketplace.license set state = 'REVOKED' where order_id = $kept`], says: /of a FULFILLED order has 0 active licences/ },
  'a second licence for a line': {
    sql: ['alter table marketplace.license drop constraint license_per_line', `insert into marketplace.license select (jsonb_populate_record(l, jsonb_build_object('id', gen_random_uuid(), 'state', 'REVOKED'))).* from marketplace.license l where l.order_id = $kept`],
    says: /1 active licences of 2/,
  },
  'access that nobody bought or granted': { sql: [`update marketplace.license set order_id = null where order_id = $kept`], says: /gives access by PURCHASE/ },
  'a seat that is missing': { sql: [`delete from marketplace.seat where order_id = $kept and state = 'AVAILABLE'`], says: /has 2 seats instead of 3/ },
  'more learners than seats': { sql: [`update marketplace.license set seats_total = 1 where order_id = $kept`], says: /more learners than seats/ },
  'a learner with two seats': {
    sql: ['drop index marketplace.seat_learner', `update marketplace.seat set learner_id = ${ANYBODY} where order_id = $kept and learner_id is not null`], says: /has two seats/,
  },
  'a learner where nothing is held any more': { sql: [`update marketplace.license set state = 'REVOKED' where order_id = $kept`], says: /is ENROLLED in a licence that was revoked/ },
  'a seat that stays frozen': { sql: [`update marketplace.seat set frozen_by = (select id from marketplace.refund where status = 'SUCCEEDED' limit 1) where order_id = $kept`], says: /frozen by a refund that has ended/ },
  'an enrollment that nobody knows here': { distort: (t) => { t.enrollments[0] = { ...t.enrollments[0]!, enrollment: { ...t.enrollments[0]!.enrollment, enrollmentId: 'another' } }; }, says: /active enrollments there/ },
  'a claim that stands for nothing': {
    sql: [`insert into marketplace.course_claim (tenant_id, learner_id, course_id, order_id) select tenant_id, ${ANYBODY}, ${ANYBODY}, id from marketplace.orders where id = $failed`], says: /a claim of order .* stands for nothing/,
  },
};

const STATUS: Record<string, Planted> = {
  'a gap in the versions': { sql: [`delete from marketplace.order_transition where order_id = $kept and version = 2`], says: /version 3 does not follow/ },
  'an edge that is not legal': { sql: [`update marketplace.order_transition set from_status = 'FAILED' where order_id = $kept and version = 3`], says: /FAILED → LICENSING is no legal edge/ },
  'an order that is not where it was led': { sql: [`update marketplace.orders set status = 'REFUND_PENDING' where id = $kept`], says: /is not where its last transition led/ },
  'a saga that has not ended': { sql: [`update marketplace.saga set state = 'WAITING' where correlation_id = $kept`], says: /is still WAITING/ },
  'a STUCK saga that nobody was told of': { sql: [`update marketplace.saga set state = 'STUCK' where correlation_id = $kept`], says: /is STUCK and nobody was told/ },
  'a purchase that ended where its order does not': { sql: [`update marketplace.saga set state = 'COMPENSATED' where correlation_id = $kept`], says: /is FULFILLED, but its purchase COMPENSATED/ },
  'an order without a saga': { sql: [`delete from marketplace.saga where correlation_id = $kept`], says: /its purchase is not there/ },
};

const COUNTS: Record<string, Planted> = {
  'a coupon that counts what nobody holds': { sql: ['update marketplace.coupon set reserved = reserved + 1'], says: /coupon ONCE-EACH counts 1 \+ 1/ },
  'a coupon beyond its bound': { sql: ['alter table marketplace.coupon drop constraint coupon_uses', 'update marketplace.coupon set max_redemptions = 0'], says: /used more often than it may be/ },
  'a coupon that a kept order did not redeem': { sql: [`update marketplace.coupon_redemption set state = 'RELEASED' where order_id = $kept`], says: /its coupon is RELEASED/ },
  'a tenant with another count': { sql: ['update marketplace.coupon_tenant_use set used = used + 1'], says: /tenant .* is counted with 2 uses/ },
  'a buyer with another count': { sql: ['update marketplace.coupon_buyer_use set used = used + 1'], says: /buyer .* is counted with 2 uses/ },
  'an order that does not count in its month': { sql: ['delete from marketplace.purchase_spend where order_id = $kept'], says: /does not count in its month/ },
  'an order that counts with another amount': { sql: ['update marketplace.purchase_spend set amount_minor = 1 where order_id = $kept'], says: /another amount than it costs/ },
  'a tenant beyond its cap': { allowances: ({ tenantId }) => ({ caps: [{ tenantId, currency: 'EUR', perMonthMinor: '18999' }] }), says: /spent 19000 of 18999 EUR/ },
};

const EVENTS: Record<string, Planted> = {
  'an event that waits': { sql: [`update marketplace.outbox set published_at = null where aggregate_id = $kept and aggregate_version = 1`], says: /was never published/ },
  'an event that never arrived': { distort: (t) => { t.events.splice(0, 1); }, says: /never arrived/ },
  'an event that was never committed': { distort: (t) => { t.events.push({ ...t.events[0]!, id: v7(), aggregateversion: '99' }); }, says: /published without having been committed/ },
  'a gap in an aggregate': { sql: [`delete from marketplace.outbox where aggregate_id = $kept and aggregate_version = 2`], says: /have a gap/ },
  'a status that was not told': { sql: [`update marketplace.outbox set type = 'marketplace.order.placed.v1' where aggregate_id = $kept and type = 'marketplace.order.status_changed.v1' and (data ->> 'version') = '2'`], says: /version 2 of order .* was not told once/ },
  'events in the wrong order': { distort: swap, says: /was published after version 2/ },
  'events in the wrong order, the stream having lost nothing they were in': { distort: swap, allowances: () => ({ losses: [...LONG_BEFORE, ...LONG_AFTER] }), says: /was published after version 2/ },
  'a breach of contract': { distort: (t) => { t.violations.push({ faults: ['data must have orderId'] }); }, says: /the sandbox complains/ },
  'a breach of contract, while others are only late': {
    distort: (t) => { t.violations.push({ faults: ['aggregateversion 3 of x follows 4'] }, { faults: ['data must have orderId'] }); },
    allowances: () => ({ losses: LONG_BEFORE }), says: /the sandbox complains: \[\{"faults":\["data must have orderId"\]\}\]/,
  },
};

const OF_AN_ORDER = ['order_line', 'order_transition', 'payment', 'license', 'seat', 'coupon_redemption', 'purchase_spend', 'course_claim'];
const TENANCY: Record<string, Planted> = {
  ...Object.fromEntries(OF_AN_ORDER.map((table): [string, Planted] => [`another tenant's row in ${table}`, { sql: [`update marketplace.${table} set tenant_id = ${ANYBODY} where order_id = $kept`], says: new RegExp(`a row in ${table} of order`) }])),
  "another tenant's refund": { sql: [`update marketplace.refund set tenant_id = ${ANYBODY}`], says: /a row in refund of order/ },
  "another tenant's saga": { sql: [`update marketplace.saga set tenant_id = ${ANYBODY} where correlation_id = $kept`], says: /a row in saga of order/ },
  "another buyer's row": { sql: [`update marketplace.order_line set buyer_id = ${ANYBODY} where order_id = $kept`], says: /a row in order_line of order/ },
  "another provider's sale": { sql: [`update marketplace.provider_sale set provider_tenant_id = ${ANYBODY}`], says: /is shown to another provider/ },
  'an event that speaks of another tenant': { sql: [`update marketplace.outbox set data = data || '{"tenantId": ${ANYBODY.replaceAll("'", '"')}}' where aggregate_id = $kept and aggregate_version = 1`], says: /speaks of another tenant/ },
  "an event in another tenant's name": { distort: (t) => { t.events[0] = { ...t.events[0]!, tenantid: v7() }; }, says: /was published in the name of/ },
};

async function contradictions({ sql: statements = [], distort, allowances }: Omit<Planted, 'says'> = {}): Promise<string[]> {
  return takenBack(history, async (sql) => {
    for (const statement of statements) await sql(statement.replaceAll('$kept', `'${history.keptOrder}'`).replaceAll('$failed', `'${history.failedOrder}'`));
    const testimony = structuredClone(history.testimony);
    distort?.(testimony, history);
    return findContradictions(witnessesOf(sql, testimony), allowances?.(history) ?? {});
  });
}

describe('the checker', () => {
  it('given a history that is as it should be, finds nothing', async () => {
    expect(await contradictions({ allowances: ({ tenantId }) => ({ caps: [{ tenantId, currency: 'EUR', perMonthMinor: '19000' }] }) })).toEqual([]);
  });

  it.each(Object.entries({ ...MONEY, ...ACCESS, ...STATUS, ...COUNTS, ...EVENTS, ...TENANCY }))('given %s, says so', async (_name, planted) => {
    const found = await contradictions(planted);
    expect(found.filter((line) => planted.says.test(line))).not.toEqual([]);
  });

  it('given events that a stream lost and that were published again, takes their lateness as it is', async () => {
    const late = history.testimony.events.find((event) => event.subject === history.keptOrder && event.aggregateversion === '1');
    const found = await contradictions({
      distort: (t) => {
        t.events = [...t.events.filter((event) => event.id !== late?.id), ...t.events.filter((event) => event.id === late?.id)];
        t.violations.push({ faults: [`aggregateversion 1 of ${history.keptOrder} follows 9`] });
      },
      allowances: () => ({ lost: new Set([late!.id]), losses: LONG_BEFORE }),
    });
    expect(found).toEqual([]);
  });

  it('given events that a stream lost and that came to it again by themselves, takes their lateness as it is', async () => {
    expect(await contradictions({ distort: swap, allowances: () => ({ losses: [lossOf(STORED_AT, Date.now() + A_DAY)] }) })).toEqual([]);
  });
});
