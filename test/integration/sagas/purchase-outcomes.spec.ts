import { WORKER } from '../../../src/application/actor';
import type { AuthenticatedUser } from '../../../src/application/actor';
import type { EventDataByType } from '../../../src/application/events/event-data.generated';
import { BillingRefused } from '../../../src/application/ports/billing';
import { Unanswered } from '../../../src/application/saga/host';
import type { RefundId, TenantId } from '../../../src/domain/ids';
import type { CurrencyCode } from '../../../src/domain/money';
import { PostgresPaymentStore } from '../../../src/infrastructure/postgres/payment-store';
import { aUser } from '../../support/listing-world';
import { aKey, openPurchaseWorld } from '../../support/purchase-world';
import type { PurchaseWorld } from '../../support/purchase-world';
import { messageOf, paymentIdOf } from '../../support/scripted-billing';
import { waitFor } from '../../support/wait';
import { v7 } from 'uuid';

let world: PurchaseWorld;
beforeEach(async () => { world = await openPurchaseWorld({ replicas: 2 }); });
afterEach(() => world.close());

const HOUR = 3_600_000;
const buyer: AuthenticatedUser = aUser('buyer');
const until = (what: string, probe: () => Promise<unknown>) => waitFor(probe, { withinMs: 10_000, what });
const statusOf = async (id: string) => (await world.sql<{ status: string; failure_reason: string | null }>('select status, failure_reason from marketplace.orders where id = $1', [id]))[0]!;
const untilStatus = (id: string, status: string) => until(`order ${status}`, async () => (await statusOf(id)).status === status);
const refundsOf = (id: string) => world.sql<{ id: string; status: string; kind: string; amount: number }>('select id, status, kind, amount_minor::int as amount from marketplace.refund where order_id = $1 order by requested_at, kind desc, id', [id]);
const sagaOf = async (id: string) => (await world.sql<{ state: string; data: { refundAsked: number }; last_error: string | null; timers: Record<string, string> }>('select state, data, last_error, timers from marketplace.saga where correlation_id = $1', [id]))[0]!;
const typesOf = async (id: string) => (await world.sql<{ type: string }>('select type from marketplace.outbox where correlation_id = $1 order by sequence', [id])).map(({ type }) => type.replace(/^marketplace\.|\.v1$/g, ''));
const ack = { kind: 'ack' };

async function awaitingPayment(): Promise<string> {
  const { planId } = await world.offer();
  const result = await world.replica.orders.placeOrder(buyer, { idempotencyKey: aKey(), lines: [{ pricingPlanId: planId, quantity: 1 }], currency: 'EUR' });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  await until('billing’s answer', async () => (await world.sql('select 1 from marketplace.payment where order_id = $1', [result.value])).length);
  return result.value;
}
async function enrolling(): Promise<string> {
  const id = await awaitingPayment();
  expect(await world.replica.billing.take([world.playedBilling.succeeded(id)])).toEqual([ack]);
  return id;
}
const seatOf = async (id: string) => (await world.sql<{ id: string; license_id: string; learner_id: string; assignment_id: string }>('select * from marketplace.seat where order_id = $1', [id]))[0]!;
async function rejectAll(id: string) {
  const seat = await seatOf(id);
  return world.replica.enrollment.take([messageOf('enrollment.rejected.v1', { licenseId: seat.license_id, seatId: seat.id, learnerId: seat.learner_id, assignmentId: seat.assignment_id, code: 'LEARNER_SUSPENDED' })]);
}

describe('a purchase on a real database', () => {
  it('rejected by enrollment: licence and seat revoked, money back, claim free, everything told', async () => {
    const id = await enrolling();
    await rejectAll(id);
    await until('the refund call', async () => world.playedBilling.refunds.length);
    const [refund] = await refundsOf(id);
    expect(refund).toMatchObject({ status: 'REQUESTED', kind: 'COMPENSATION', amount: 4900 });
    await world.replicas[1]!.billing.take([world.playedBilling.refunded(id, refund!.id)]);
    expect(await statusOf(id)).toEqual({ status: 'FAILED', failure_reason: 'ENROLLMENT_REJECTED' });
    expect(await refundsOf(id)).toMatchObject([{ status: 'SUCCEEDED' }]);
    expect(await world.sql('select 1 from marketplace.course_claim where order_id = $1', [id])).toEqual([]);
    expect(await seatOf(id)).toMatchObject({ state: 'REVOKED' });
    expect(await typesOf(id)).toEqual([
      'order.placed', 'order.status_changed', 'order.status_changed', 'order.status_changed', 'license.granted', 'order.status_changed',
      'seat.rejected', 'order.status_changed', 'license.revoked', 'order.status_changed', 'order.failed',
    ]);
  });

  it('whose licences cannot be stored: FAILED with LICENSING_FAILED after a refund', async () => {
    const id = await awaitingPayment();
    await world.sql(`create function marketplace.no_licences() returns trigger language plpgsql as $$ begin raise exception 'no licences today'; end $$`);
    await world.sql('create trigger no_licences before insert on marketplace.license for each row execute function marketplace.no_licences()');
    expect(await world.replica.billing.take([world.playedBilling.succeeded(id)])).toEqual([ack]);
    await until('the refund call', async () => world.playedBilling.refunds.length);
    const [refund] = await refundsOf(id);
    await world.replica.billing.take([world.playedBilling.refunded(id, refund!.id)]);
    expect(await statusOf(id)).toEqual({ status: 'FAILED', failure_reason: 'LICENSING_FAILED' });
    expect(await world.sql('select 1 from marketplace.license where order_id = $1', [id])).toEqual([]);
    const [failed] = await world.sql<{ data: object }>(`select data from marketplace.outbox where correlation_id = $1 and type = 'marketplace.order.failed.v1'`, [id]);
    expect(failed?.data).toMatchObject({ reason: 'LICENSING_FAILED', failedStep: 'LICENSING', refunded: true });
    expect(await sagaOf(id)).toMatchObject({ last_error: 'no licences today' });
  });

  it('whose refund nobody answered: sent again under the same id', async () => {
    let lost = 1;
    world.playedBilling.before = (call, key) => {
      if (call === 'refundPayment' && lost-- > 0) {
        world.playedBilling.refunds.push({ paymentId: 'lost', refundId: key, reason: '' }); // it took effect
        throw new Unanswered('timed out');
      }
    };
    const id = await enrolling();
    await rejectAll(id);
    await until('the pause', async () => (await sagaOf(id)).timers['undo']);
    await world.shiftClock(10_000);
    await until('another call', async () => world.playedBilling.refunds.length === 2);
    const [first, second] = world.playedBilling.refunds;
    expect(second?.refundId).toBe(first?.refundId);
    expect(await refundsOf(id)).toHaveLength(1);
  });

  it('whose refund fails: another one, with another id', async () => {
    const id = await enrolling();
    await rejectAll(id);
    await until('the refund call', async () => world.playedBilling.refunds.length);
    const refundKey = (await refundsOf(id))[0]!.id;
    await world.replica.billing.take([messageOf('billing.payment.refund_failed.v1', { paymentId: paymentIdOf(id), orderId: id, refundKey, code: 'account_closed' })]);
    await world.shiftClock(10_000);
    await until('another call', async () => world.playedBilling.refunds.length === 2);
    const refunds = await refundsOf(id);
    expect(refunds.map(({ status }) => status)).toEqual(['FAILED', 'REQUESTED']);
    expect(world.playedBilling.refunds[1]?.refundId).toBe(refunds[1]?.id);
  });

  it('whose refund is silent for a day is STUCK, told once, and moved on by its success', async () => {
    const id = await enrolling();
    await rejectAll(id);
    for (const [asked, hours] of [1, 5, 18].entries()) {
      await until('the next question', async () => { const { data, timers } = await sagaOf(id); return data.refundAsked === asked && timers['ask']; });
      await world.shiftClock(hours * HOUR + 60_000);
    }
    await until('STUCK', async () => (await sagaOf(id)).state === 'STUCK');
    expect((await typesOf(id)).filter((type) => type === 'saga.stuck')).toHaveLength(1);
    await world.replica.billing.take([world.playedBilling.refunded(id, (await refundsOf(id))[0]!.id)]);
    expect(await statusOf(id)).toMatchObject({ status: 'FAILED' });
    expect(await sagaOf(id)).toMatchObject({ state: 'COMPENSATED' });
  });

  it('paid after it was declined and over: refunded once, its end unchanged', async () => {
    const id = await awaitingPayment();
    await world.replica.billing.take([world.playedBilling.declined(id)]);
    expect(await statusOf(id)).toEqual({ status: 'FAILED', failure_reason: 'PAYMENT_DECLINED' });
    await world.replica.billing.take([world.playedBilling.succeeded(id), world.playedBilling.succeeded(id)]);
    await until('the refund call', async () => world.playedBilling.refunds.length);
    await world.replica.billing.take([world.playedBilling.refunded(id, (await refundsOf(id))[0]!.id)]);
    await world.replica.billing.take([world.playedBilling.succeeded(id)]);
    expect(await refundsOf(id)).toMatchObject([{ status: 'SUCCEEDED', amount: 4900 }]);
    expect(await statusOf(id)).toEqual({ status: 'FAILED', failure_reason: 'PAYMENT_DECLINED' });
    expect(await world.sql('select 1 from marketplace.license where order_id = $1', [id])).toEqual([]);
  });

  it('disputed in part before fulfilment: the remainder is refunded, never more than was paid', async () => {
    const id = await enrolling();
    await world.replica.billing.take([world.playedBilling.refunded(id, undefined, '1000')]);
    await until('the refund call', async () => world.playedBilling.refunds.length);
    expect((await refundsOf(id)).map(({ kind, status, amount }) => [kind, status, amount])).toEqual([['UNASKED', 'SUCCEEDED', 1000], ['COMPENSATION', 'REQUESTED', 3900]]);
    await world.replica.billing.take([world.playedBilling.refunded(id, (await refundsOf(id))[1]!.id, '3900')]);
    expect(await statusOf(id)).toEqual({ status: 'FAILED', failure_reason: 'PAYMENT_REVERSED' });
  });

  it.each(['dispute', 'other'] as const)('paid and given back (%s) in one batch, the way back first: nothing is lost', async (reason) => {
    const id = await awaitingPayment();
    const [back, success] = [world.playedBilling.refunded(id, undefined, '4900', reason), world.playedBilling.succeeded(id)];
    expect(await world.replica.billing.take([back, success])).toEqual([ack, ack]);
    expect(await world.replica.billing.take([back])).toEqual([ack]);
    expect(await statusOf(id)).toEqual({ status: 'FAILED', failure_reason: 'PAYMENT_REVERSED' });
    expect((await refundsOf(id)).map(({ kind, status, amount }) => [kind, status, amount])).toEqual([['UNASKED', 'SUCCEEDED', 4900]]);
    expect(world.playedBilling.refunds).toEqual([]);
  });

  it('given back before it is told as paid, twice and at once over two replicas: waits in the saga, then is booked once', async () => {
    const id = await awaitingPayment();
    const back = world.playedBilling.refunded(id, undefined, '1000');
    const again = messageOf('billing.payment.refunded.v1', (back.decoded as { envelope: { data: EventDataByType['billing.payment.refunded.v1'] } }).envelope.data);
    const [one, other] = world.replicas;
    expect(await Promise.all([one!.billing.take([back]), other!.billing.take([again]), other!.billing.take([back])])).toEqual([[ack], [ack], [ack]]);
    expect(await statusOf(id)).toMatchObject({ status: 'AWAITING_PAYMENT' });
    expect(await refundsOf(id)).toEqual([]);
    await other!.billing.take([world.playedBilling.succeeded(id)]);
    expect((await refundsOf(id)).map(({ kind, status, amount }) => [kind, status, amount])).toEqual([['UNASKED', 'SUCCEEDED', 1000], ['COMPENSATION', 'REQUESTED', 3900]]);
    await one!.billing.take([again]);
    expect(await world.sql('select 1 from marketplace.dead_letter')).toEqual([]);
    await one!.billing.take([world.playedBilling.refunded(id, (await refundsOf(id))[1]!.id, '3900')]);
    expect(await statusOf(id)).toEqual({ status: 'FAILED', failure_reason: 'PAYMENT_REVERSED' });
  });

  it('unanswered by billing for ten minutes: PAYMENT_UNAVAILABLE', async () => {
    let calls = 0;
    world.playedBilling.before = (call) => { if (call === 'processPayment') { calls += 1; throw new Unanswered('503'); } };
    const { planId } = await world.offer();
    const result = await world.replica.orders.placeOrder(buyer, { idempotencyKey: aKey(), lines: [{ pricingPlanId: planId, quantity: 1 }], currency: 'EUR' });
    if (!result.ok) throw new Error('refused');
    await until('a second try', async () => calls >= 2);
    await world.shiftClock(10 * 60_000);
    await untilStatus(result.value, 'FAILED');
    expect(await statusOf(result.value)).toMatchObject({ failure_reason: 'PAYMENT_UNAVAILABLE' });
  });

  it('refused by billing: PAYMENT_REJECTED at once', async () => {
    world.playedBilling.before = (call) => { if (call === 'processPayment') throw new BillingRefused('no', 'not here'); };
    const { planId } = await world.offer();
    const result = await world.replica.orders.placeOrder(buyer, { idempotencyKey: aKey(), lines: [{ pricingPlanId: planId, quantity: 1 }], currency: 'EUR' });
    if (!result.ok) throw new Error('refused');
    await untilStatus(result.value, 'FAILED');
    expect(await statusOf(result.value)).toMatchObject({ failure_reason: 'PAYMENT_REJECTED' });
  });

  it('cancelled and paid at the same moment: whichever comes first decides, the money is right either way', async () => {
    const id = await awaitingPayment();
    const [cancel] = await Promise.all([world.replica.orders.cancelOrder(buyer, id), world.replicas[1]!.billing.take([world.playedBilling.succeeded(id)])]);
    if (cancel.ok) {
      await until('the refund call', async () => world.playedBilling.refunds.length);
      await world.replica.billing.take([world.playedBilling.refunded(id, (await refundsOf(id))[0]!.id)]);
      expect(await statusOf(id)).toMatchObject({ status: 'CANCELLED' });
    } else {
      expect(cancel.errors[0]?.code).toBe('ORDER_NOT_CANCELLABLE');
      expect(await statusOf(id)).toMatchObject({ status: 'ENROLLING' });
    }
  });

  it('is nobody’s to cancel but the buyer’s', async () => {
    const id = await awaitingPayment();
    for (const other of [aUser('buyer'), { ...aUser('buyer'), tenantId: buyer.tenantId }]) {
      expect(await world.replica.orders.cancelOrder(other, id)).toMatchObject({ ok: false, errors: [{ code: 'NOT_FOUND' }] });
    }
    expect(await world.replica.orders.cancelOrder(buyer, id)).toMatchObject({ ok: true });
    await untilStatus(id, 'CANCELLED');
  });
});

describe('refunds of a payment', () => {
  const payments = new PostgresPaymentStore();
  const eur = (amountMinor: bigint) => ({ amountMinor, currency: 'EUR' as CurrencyCode });
  const add = (orderId: string, amount: bigint, kind: 'COMPENSATION' | 'UNASKED') => world.replica.unitOfWork.run(WORKER, (tx) => payments.addRefund(tx, {
    id: v7() as RefundId, orderId: orderId as never, tenantId: buyer.tenantId as TenantId, buyerId: buyer.userId, paymentId: paymentIdOf(orderId), kind,
    initiatedBy: kind === 'UNASKED' ? 'BILLING' : 'SYSTEM', status: 'REQUESTED', amount: eur(amount), reason: 'test',
  }), { commit: 'consume.billing' });

  it('are never more than was paid, however many ask at once', async () => {
    const id = await enrolling();
    const results = await Promise.allSettled(Array.from({ length: 12 }, () => add(id, 1_000n, 'UNASKED')));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    expect(await world.sql('select refunded_minor::int as refunded from marketplace.payment where order_id = $1', [id])).toEqual([{ refunded: 4_000 }]);
    await expect(add(id, 901n, 'UNASKED')).rejects.toMatchObject({ constraint: 'refunds_within_payment' });
  });

  it('have one live compensation among them', async () => {
    const id = await enrolling();
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => add(id, 100n, 'COMPENSATION')));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await world.sql(`update marketplace.refund set status = 'FAILED' where order_id = $1`, [id]);
    await add(id, 100n, 'COMPENSATION');
  });
});
