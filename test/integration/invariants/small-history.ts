import { Client } from 'pg';
import { v7 } from 'uuid';
import type { AuthenticatedUser } from '../../../src/application/actor';
import type { Witnesses } from '../../support/invariants/witnesses';
import { aUser } from '../../support/listing-world';
import { aKey, openPurchaseWorld, type PurchaseWorld } from '../../support/purchase-world';
import type { WitnessedEnrollment, WitnessedEvent, WitnessedPayment, WitnessedTransfer } from '../../support/sandbox-client';
import { messageOf } from '../../support/scripted-billing';
import { waitFor } from '../../support/wait';

/** Everything the neighbours witnessed, as a test may distort it. */
export interface Testimony {
  payments: { readonly orderId: string; readonly payment: WitnessedPayment }[];
  enrollments: { readonly licenseId: string; readonly enrollment: WitnessedEnrollment }[];
  events: WitnessedEvent[];
  violations: unknown[];
  transfers: WitnessedTransfer[];
}

/** A few purchases that ended well, each in its own way, and what the neighbours saw of them. */
export interface SmallHistory {
  readonly world: PurchaseWorld;
  readonly keptOrder: string;
  readonly failedOrder: string;
  readonly testimony: Testimony;
  readonly tenantId: string;
}

const buyer: AuthenticatedUser = aUser('org_admin', 'buyer');
const PACK_MINOR = '9000';

/** One kept with a coupon and two learners, one refunded in full, one failed after its money went back, and one grant. */
export async function writeSmallHistory(): Promise<SmallHistory> {
  const world = await openPurchaseWorld();
  const keptOrder = await buyPack(world, 'created', true);
  const refundedOrder = await buyPack(world, 'created');
  await world.replica.refunds.requestRefund(buyer, { orderId: refundedOrder });
  await moneyBack(world, refundedOrder);
  const failedOrder = await buyPack(world, 'rejected');
  await moneyBack(world, failedOrder);
  const { planId, listingId } = await world.offer({ kind: 'SEAT_PACK', seatsIncluded: 2 });
  await world.replica.licenses.grantLicense(aUser('platform_admin'), { tenantId: v7(), listingId, pricingPlanId: planId, reason: 'Goodwill' });
  await world.sql('update marketplace.outbox set published_at = now()');
  return { world, keptOrder, failedOrder, testimony: await testimonyOf(world), tenantId: buyer.tenantId };
}

async function buyPack(world: PurchaseWorld, answer: 'created' | 'rejected', withCoupon = false): Promise<string> {
  const { planId, providerTenantId } = await world.offer({ kind: 'SEAT_PACK', seatsIncluded: 3, prices: { EUR: 10_000 } });
  const coupon = { code: 'ONCE-EACH', percentOff: '10', maxRedemptions: 5, maxRedemptionsPerTenant: 3, maxRedemptionsPerBuyer: 2 };
  if (withCoupon) await world.replica.coupons.createCoupon({ ...aUser('provider'), tenantId: providerTenantId }, coupon);
  const request = { idempotencyKey: aKey(), lines: [{ pricingPlanId: planId, quantity: 1, learnerIds: [v7(), v7()] }], currency: 'EUR', ...(withCoupon ? { couponCode: coupon.code } : {}) };
  const placed = await world.replica.orders.placeOrder(buyer, request);
  if (!placed.ok) throw new Error(JSON.stringify(placed.errors));
  await waitFor(async () => (await world.sql('select 1 from marketplace.payment where order_id = $1', [placed.value])).length, { withinMs: 10_000, what: 'billing’s answer' });
  await world.replica.billing.take([world.playedBilling.succeeded(placed.value, withCoupon ? PACK_MINOR : '10000')]);
  const seats = await world.sql<{ id: string; license_id: string; learner_id: string; assignment_id: string }>('select * from marketplace.seat where order_id = $1 and learner_id is not null', [placed.value]);
  await world.replica.enrollment.take(seats.map((seat) => {
    const about = { licenseId: seat.license_id, seatId: seat.id, learnerId: seat.learner_id, assignmentId: seat.assignment_id };
    return answer === 'created' ? messageOf('enrollment.created.v1', { ...about, enrollmentId: `enrollment-${seat.id}` }) : messageOf('enrollment.rejected.v1', { ...about, code: 'NO' });
  }));
  return placed.value;
}

async function moneyBack(world: PurchaseWorld, orderId: string): Promise<void> {
  const [refund] = await waitFor(async () => {
    const rows = await world.sql<{ id: string; amount: string }>(`select id, amount_minor::text as amount from marketplace.refund where order_id = $1 and status = 'REQUESTED'`, [orderId]);
    return rows.length > 0 && rows;
  }, { withinMs: 10_000, what: 'the refund' });
  await world.replica.billing.take([world.playedBilling.refunded(orderId, refund!.id, refund!.amount)]);
}

/** What honest neighbours would say. */
async function testimonyOf(world: PurchaseWorld): Promise<Testimony> {
  const payments = await world.sql<{ payment_id: string; order_id: string; paid: string; back: string }>(`select p.payment_id, p.order_id, p.paid_minor::text as paid,
    (select coalesce(sum(r.amount_minor), 0)::text from marketplace.refund r where r.payment_id = p.payment_id and r.status = 'SUCCEEDED') as back from marketplace.payment p`);
  const seats = await world.sql<{ id: string; license_id: string; enrollment_id: string; assignment_id: string; learner_id: string }>(`select * from marketplace.seat where state in ('ENROLLED', 'CONSUMED')`);
  const events = await world.sql<{ id: string; type: string; aggregate_id: string; version: string; tenant_id: string; correlation_id: string; data: Record<string, unknown> }>(
    'select id, type, aggregate_id, aggregate_version::text as version, tenant_id, correlation_id, data from marketplace.outbox order by sequence');
  return {
    payments: payments.map((row) => ({ orderId: row.order_id, payment: {
      paymentId: row.payment_id, idempotencyKey: row.payment_id, status: 'succeeded', netAmountMinor: row.paid, currency: 'EUR',
      refunds: row.back === '0' ? [] : [{ refundId: v7(), idempotencyKey: v7(), status: 'succeeded', netAmountMinor: row.back, reason: 'requested' }],
    } })),
    enrollments: seats.map((row) => ({ licenseId: row.license_id, enrollment: { enrollmentId: row.enrollment_id, assignmentId: row.assignment_id, seatId: row.id, learnerId: row.learner_id, status: 'active' } })),
    events: events.map((row, index) => ({ id: row.id, type: row.type, subject: row.aggregate_id, time: '', aggregateversion: row.version, correlationid: row.correlation_id, causationid: '', tenantid: row.tenant_id, data: row.data, deliveries: 1, storedAt: index })),
    violations: [],
    transfers: [],
  };
}

export function witnessesOf(sql: Witnesses['sql'], testimony: Testimony): Witnesses {
  return {
    sql,
    sandbox: {
      payments: async (orderId) => testimony.payments.filter((row) => row.orderId === orderId).map((row) => row.payment),
      enrollments: async (licenseId) => testimony.enrollments.filter((row) => row.licenseId === licenseId).map((row) => row.enrollment),
      events: async () => testimony.events,
      transfers: async () => testimony.transfers,
      violations: async () => ({ count: testimony.violations.length, violations: testimony.violations }),
    },
  };
}

/** Runs `work` on a connection past every trigger and foreign key, and takes all of it back. */
export async function takenBack<T>({ world }: SmallHistory, work: (sql: Witnesses['sql']) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: world.databaseUrl });
  await client.connect();
  try {
    await client.query('begin; set local session_replication_role = replica');
    return await work(async (text, params = []) => (await client.query(text, [...params])).rows);
  } finally {
    await client.query('rollback');
    await client.end();
  }
}
