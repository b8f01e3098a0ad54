import { v7 } from 'uuid';
import type { AuthenticatedUser } from '../../../src/application/actor';
import { aUser } from '../../support/listing-world';
import { aKey, openPurchaseWorld } from '../../support/purchase-world';
import type { PurchaseWorld } from '../../support/purchase-world';
import { messageOf, paymentIdOf } from '../../support/scripted-billing';
import { waitFor } from '../../support/wait';

let world: PurchaseWorld;
beforeEach(async () => { world = await openPurchaseWorld({ replicas: 2 }); });
afterEach(() => world.close());

const DAY = 24 * 3_600_000;
const ack = { kind: 'ack' };
const buyer: AuthenticatedUser = aUser('org_admin', 'buyer');
const operator: AuthenticatedUser = aUser('platform_admin');
const until = (what: string, probe: () => Promise<unknown>) => waitFor(probe, { withinMs: 10_000, what });
const statusOf = async (id: string) => (await world.sql<{ status: string }>('select status from marketplace.orders where id = $1', [id]))[0]?.status;
const historyOf = async (id: string) => (await world.sql<{ to_status: string }>('select to_status from marketplace.order_transition where order_id = $1 and version > 5 order by version', [id])).map((row) => row.to_status);
const refundsOf = (id: string) => world.sql<{ id: string; kind: string; status: string; amount: number; excess: number }>('select id, kind, status, amount_minor::int as amount, excess_minor::int as excess from marketplace.refund where order_id = $1 order by id', [id]);
const refundedEvents = async (id: string) => (await world.sql<{ data: { amount: { amountMinor: string }; full: boolean; initiatedBy: string } }>(`select data from marketplace.outbox where correlation_id = $1 and type = 'marketplace.order.refunded.v1' order by sequence`, [id])).map(({ data }) => [data.amount.amountMinor, data.full, data.initiatedBy]);
/** What the ledger says went back: each entry's kind and gross, and what of it no line could bear. */
const booked = async (id: string) => (await world.sql<{ kind: string; gross: number; lost: number }>(`select e.kind, e.gross_minor::int as gross,
    coalesce(sum(p.amount_minor) filter (where p.account = 'dispute_losses'), 0)::int as lost
  from marketplace.journal_entry e join marketplace.journal_posting p on p.entry_id = e.id where e.order_id = $1 and e.kind <> 'SALE' group by e.id order by e.id`, [id])).map(({ kind, gross, lost }) => [kind, gross, lost]);
const typesOf = async (id: string) => (await world.sql<{ type: string }>('select type from marketplace.outbox where correlation_id = $1 order by sequence', [id])).map(({ type }) => type.replace(/^marketplace\.|\.v1$/g, ''));

interface Seat { readonly id: string; readonly license_id: string; readonly state: string; readonly learner_id: string | null; readonly assignment_id: string | null; readonly frozen_by: string | null }
const seatsOf = (id: string) => world.sql<Seat & object>('select id, license_id, state, learner_id, assignment_id, frozen_by from marketplace.seat where order_id = $1 order by learner_id nulls last, id', [id]);
const seatStates = async (id: string) => (await seatsOf(id)).map((seat) => seat.state).sort();
const licenseStates = async (id: string) => (await world.sql<{ state: string }>('select state from marketplace.license where order_id = $1', [id])).map((row) => row.state);

/** A fulfilled order of one pack of so many seats for 100.00, with so many learners enrolled. */
async function fulfilled({ seats = 3, learners = 2 }: { readonly seats?: number; readonly learners?: number } = {}): Promise<string> {
  const { planId } = await world.offer({ kind: 'SEAT_PACK', seatsIncluded: seats, prices: { EUR: 10_000 } });
  const learnerIds = Array.from({ length: learners }, () => v7());
  const placed = await world.replica.orders.placeOrder(buyer, { idempotencyKey: aKey(), lines: [{ pricingPlanId: planId, quantity: 1, learnerIds }], currency: 'EUR' });
  if (!placed.ok) throw new Error(JSON.stringify(placed.errors));
  const id = placed.value;
  await until('billing’s answer', async () => (await world.sql('select 1 from marketplace.payment where order_id = $1', [id])).length);
  await world.replica.billing.take([world.playedBilling.succeeded(id, '10000')]);
  for (const seat of await seatsOf(id)) if (seat.learner_id) await world.replica.enrollment.take([words(seat).created]);
  expect(await statusOf(id)).toBe('FULFILLED');
  return id;
}

function words({ id: seatId, license_id: licenseId, learner_id, assignment_id }: Seat) {
  const about = { enrollmentId: `enr-${seatId}`, licenseId, seatId, learnerId: learner_id ?? v7(), assignmentId: assignment_id ?? v7() };
  return { created: messageOf('enrollment.created.v1', about), started: messageOf('enrollment.started.v1', { ...about, startedAt: '2026-01-01T08:00:00Z' }) };
}
async function start(id: string, count = 1): Promise<void> {
  for (const seat of (await seatsOf(id)).slice(0, count)) await world.replica.enrollment.take([words(seat).started]);
}
const request = (orderId: string, more: { readonly lineIds?: string[]; readonly reason?: string } = {}) => world.replica.refunds.requestRefund(buyer, { orderId, ...more });
const settle = async (id: string, amount: string) => world.replicas[1]!.billing.take([world.playedBilling.refunded(id, (await refundsOf(id)).find((refund) => refund.status === 'REQUESTED')!.id, amount)]);
const refundFailed = async (id: string) => world.replica.billing.take([messageOf('billing.payment.refund_failed.v1', { paymentId: paymentIdOf(id), orderId: id, refundKey: (await refundsOf(id)).at(-1)!.id, code: 'account_closed' })]);
const codes = (result: Awaited<ReturnType<typeof request>>) => (result.ok ? ['ok'] : result.errors.map((error) => error.code));

describe('a buyer’s refund', () => {
  it('given nothing was consumed: frozen, returned, then seats and licence revoked, claims free, everything told', async () => {
    const id = await fulfilled();
    expect(codes(await request(id, { reason: 'Not for us.' }))).toEqual(['ok']);
    expect(await statusOf(id)).toBe('REFUND_PENDING');
    expect((await seatsOf(id)).every((seat) => seat.frozen_by !== null)).toBe(true);
    await until('the call', async () => world.playedBilling.refunds.length);
    expect(world.playedBilling.refunds).toMatchObject([{ refundId: (await refundsOf(id))[0]!.id, amountMinor: '10000', reason: 'Not for us.' }]);
    expect(await settle(id, '10000')).toEqual([ack]);
    expect([await statusOf(id), await licenseStates(id), await seatStates(id)]).toEqual(['REFUNDED', ['REVOKED'], ['REVOKED', 'REVOKED', 'REVOKED']]);
    expect(await world.sql('select 1 from marketplace.course_claim where order_id = $1', [id])).toEqual([]);
    expect((await typesOf(id)).slice(-6)).toEqual(['earning.accrued', 'order.status_changed', 'order.status_changed', 'license.revoked', 'order.refunded', 'earning.reversed']);
    expect(await refundedEvents(id)).toEqual([['10000', true, 'BUYER']]);
    expect(await booked(id)).toEqual([['REFUND', -10_000, 0]]);
  });

  it('given it is under way: its seats go to nobody and from nobody; if it fails, as before', async () => {
    const id = await fulfilled();
    await request(id);
    const [held] = await seatsOf(id);
    const assign = async () => world.replica.licenses.assignSeats(buyer, { licenseId: held!.license_id, learnerIds: [v7()] });
    expect(await assign()).toMatchObject({ ok: false, errors: [{ code: 'NO_SEATS_AVAILABLE' }] });
    expect(await world.replica.licenses.releaseSeats(buyer, [held!.id])).toMatchObject({ ok: false, errors: [{ code: 'ILLEGAL_TRANSITION' }] });
    await until('the call', async () => world.playedBilling.refunds.length);
    await refundFailed(id);
    expect(await assign()).toMatchObject({ ok: true });
    expect(await world.replica.licenses.releaseSeats(buyer, [held!.id])).toMatchObject({ ok: true });
  });

  it('given one of three seats was consumed: the rest, rounded down; asked again, nothing', async () => {
    const id = await fulfilled();
    await start(id);
    await request(id);
    expect(await refundsOf(id)).toMatchObject([{ kind: 'POLICY', amount: 6_666 }]);
    await settle(id, '6666');
    expect([await statusOf(id), await licenseStates(id), await seatStates(id)]).toEqual(['PARTIALLY_REFUNDED', ['ACTIVE'], ['CONSUMED', 'REVOKED', 'REVOKED']]);
    expect(await typesOf(id)).toContain('license.seats_revoked');
    expect(codes(await request(id))).toEqual(['REFUND_SEATS_CONSUMED']);
  });

  it('given billing cannot return it: FAILED, thawed, FULFILLED again; a start that came meanwhile counts now', async () => {
    const id = await fulfilled();
    await request(id);
    await start(id);
    expect(await seatStates(id)).toEqual(['AVAILABLE', 'ENROLLED', 'ENROLLED']);
    await refundFailed(id);
    expect([await statusOf(id), await seatStates(id), (await refundsOf(id))[0]?.status]).toEqual(['FULFILLED', ['AVAILABLE', 'CONSUMED', 'ENROLLED'], 'FAILED']);
    expect((await seatsOf(id)).every((seat) => seat.frozen_by === null)).toBe(true);
    await request(id);
    expect((await refundsOf(id))[1]).toMatchObject({ status: 'REQUESTED', amount: 6_666 });
  });

  it('given a start came meanwhile and the refund settles: the seat is revoked all the same', async () => {
    const id = await fulfilled();
    await request(id);
    await start(id);
    await settle(id, '10000');
    expect(await seatStates(id)).toEqual(['REVOKED', 'REVOKED', 'REVOKED']);
  });

  it('given one is open, the time is over, the line or the order is unknown: refused with the code', async () => {
    const id = await fulfilled();
    expect(codes(await request(id, { lineIds: [v7()] }))).toEqual(['NOT_FOUND']);
    expect(codes(await request(id, { lineIds: [] }))).toEqual(['INVALID_INPUT']);
    expect(codes(await request(id, { reason: '' }))).toEqual(['INVALID_INPUT']);
    expect(codes(await request(v7()))).toEqual(['NOT_FOUND']);
    expect(codes(await world.replica.refunds.requestRefund(aUser('buyer'), { orderId: id }))).toEqual(['NOT_FOUND']);
    expect(codes(await world.replica.refunds.requestRefund(operator, { orderId: id }))).toEqual(['FORBIDDEN']);
    await request(id);
    expect(codes(await request(id))).toEqual(['REFUND_NOT_ELIGIBLE']);
    await world.shiftClock(15 * DAY);
    expect(codes(await request(id))).toEqual(['REFUND_DEADLINE_PASSED']);
  });

  it('given billing is silent for a day: STUCK, told once, and moved on by the word', async () => {
    const id = await fulfilled();
    await request(id);
    const sagaOf = async () => (await world.sql<{ state: string; asked: number; waiting: boolean }>(`select state, (data ->> 'asked')::int as asked, call is null as waiting from marketplace.saga where name = 'marketplace.refund' and data ->> 'orderId' = $1`, [id]))[0];
    for (const [asked, hours] of [1, 5, 18].entries()) {
      await until('the next question', async () => { const saga = await sagaOf(); return saga?.asked === asked && saga.waiting; });
      await world.shiftClock(hours * 3_600_000 + 60_000);
    }
    await until('STUCK', async () => (await sagaOf())?.state === 'STUCK');
    expect((await typesOf(id)).filter((type) => type === 'saga.stuck')).toHaveLength(1);
    await settle(id, '10000');
    expect([await statusOf(id), (await sagaOf())?.state]).toEqual(['REFUNDED', 'COMPLETED']);
  });

  /* Without `purchases.lock` in open-refund.ts a start slips between the decision and the freeze: 10000 back with a seat consumed. */
  it('against a seat’s start: either the start was first and is kept from the refund, or it is only recorded', async () => {
    for (let round = 0; round < 6; round++) {
      const id = await fulfilled();
      const [seat] = await seatsOf(id);
      await Promise.all([request(id), world.replicas[1]!.enrollment.take([words(seat!).started])]);
      const [refund] = await refundsOf(id);
      const started = (await seatsOf(id)).filter((one) => one.state === 'CONSUMED').length;
      const recorded = (await world.sql('select 1 from marketplace.refund_seat where refund_id = $1 and started_at is not null', [refund!.id])).length;
      expect([[6_666, 1, 0], [10_000, 0, 1]]).toContainEqual([refund!.amount, started, recorded]);
    }
  });
});

describe('an operator’s refund', () => {
  const refund = (orderId: string, amountMinor?: bigint, more: object = {}) => world.replica.refunds.refundOrder(operator, {
    orderId, reason: 'Goodwill', ...(amountMinor === undefined ? {} : { amount: { amountMinor, currency: 'EUR' as never } }), ...more,
  });

  it('given an amount below what is left: money and status only, past deadline and consumption, with who and why', async () => {
    const id = await fulfilled();
    await start(id);
    await world.shiftClock(30 * DAY);
    expect(codes(await refund(id, 9_000n))).toEqual(['ok']);
    await settle(id, '9000');
    expect([await statusOf(id), await seatStates(id)]).toEqual(['PARTIALLY_REFUNDED', ['AVAILABLE', 'CONSUMED', 'ENROLLED']]);
    expect(await world.sql(`select t.actor_id, r.reason from marketplace.saga s join marketplace.saga_transition t on t.saga_id = s.id and t.version = 1 join marketplace.refund r on r.id = s.correlation_id where r.order_id = $1`, [id]))
      .toEqual([{ actor_id: operator.userId, reason: 'Goodwill' }]);
    expect(codes(await refund(id, 1_001n))).toEqual(['INVALID_INPUT']);
    expect(codes(await refund(id))).toEqual(['ok']);
    await settle(id, '1000');
    expect([await statusOf(id), await seatStates(id), await licenseStates(id)]).toEqual(['REFUNDED', ['REVOKED', 'REVOKED', 'REVOKED'], ['REVOKED']]);
    expect(await historyOf(id)).toEqual(['REFUND_PENDING', 'PARTIALLY_REFUNDED', 'REFUND_PENDING', 'REFUNDED']);
    expect(codes(await refund(id))).toEqual(['REFUND_NOT_ELIGIBLE']);
    expect(await booked(id)).toEqual([['REFUND', -9_000, 0], ['REFUND', -1_000, 0]]);
  });

  it('is for platform administrators, in the order’s currency, above zero, with a reason', async () => {
    const id = await fulfilled();
    expect(codes(await world.replica.refunds.refundOrder(buyer, { orderId: id, reason: 'Mine' }))).toEqual(['FORBIDDEN']);
    expect(codes(await refund(id, 0n))).toEqual(['INVALID_INPUT']);
    expect(codes(await refund(id, 1n, { amount: { amountMinor: 1n, currency: 'USD' } }))).toEqual(['INVALID_INPUT']);
    expect(codes(await refund(id, 1n, { reason: ' ' }))).toEqual(['INVALID_INPUT']);
    expect(codes(await refund(v7()))).toEqual(['NOT_FOUND']);
    expect(await refundsOf(id)).toEqual([]);
  });
});

describe('money that billing gives back unasked', () => {
  const unasked = (id: string, amount: string, reason: 'dispute' | 'other' = 'dispute') => world.replica.billing.take([world.playedBilling.refunded(id, undefined, amount, reason)]);

  it('given goodwill in part: ledger and status only', async () => {
    const id = await fulfilled();
    expect(await unasked(id, '1000', 'other')).toEqual([ack]);
    expect([await statusOf(id), await seatStates(id)]).toEqual(['PARTIALLY_REFUNDED', ['AVAILABLE', 'ENROLLED', 'ENROLLED']]);
    expect(await booked(id)).toEqual([['REFUND', -1_000, 0]]);
    expect(await refundedEvents(id)).toEqual([['1000', false, 'BILLING']]);
  });

  it('given a dispute: seats and licences revoked, the open refund FAILED in the same transaction', async () => {
    const id = await fulfilled();
    await request(id);
    expect(await unasked(id, '10000')).toEqual([ack]);
    expect((await refundsOf(id)).map(({ kind, status }) => [kind, status])).toEqual([['POLICY', 'FAILED'], ['UNASKED', 'SUCCEEDED']]);
    expect([await historyOf(id), await licenseStates(id), await seatStates(id)]).toEqual([['REFUND_PENDING', 'REFUNDED'], ['REVOKED'], ['REVOKED', 'REVOKED', 'REVOKED']]);
    expect(await booked(id)).toEqual([['DISPUTE', -10_000, 0]]);
  });

  it('given more than was paid, and once more when all is back: booked, the rest as excess', async () => {
    const id = await fulfilled();
    expect(await unasked(id, '10100')).toEqual([ack]);
    expect(await unasked(id, '500')).toEqual([ack]);
    expect((await refundsOf(id)).map(({ amount, excess }) => [amount, excess])).toEqual([[10_000, 100], [0, 500]]);
    expect([await statusOf(id), await booked(id)]).toEqual(['REFUNDED', [['DISPUTE', -10_000, 0], ['DISPUTE', 0, 100], ['DISPUTE', 0, 500]]]);
  });

  it('given goodwill beside an open refund that fits no more: the refund FAILS', async () => {
    const id = await fulfilled();
    await request(id);
    await unasked(id, '1000', 'other');
    expect([await statusOf(id), await seatStates(id)]).toEqual(['PARTIALLY_REFUNDED', ['AVAILABLE', 'ENROLLED', 'ENROLLED']]);
  });

  it('given goodwill beside an open refund that still fits: it stays open', async () => {
    const id = await fulfilled();
    await start(id);
    await request(id);
    await unasked(id, '1000', 'other');
    expect(await statusOf(id)).toBe('REFUND_PENDING');
    await settle(id, '6666');
    expect([await statusOf(id), await historyOf(id)]).toEqual(['PARTIALLY_REFUNDED', ['REFUND_PENDING', 'PARTIALLY_REFUNDED']]);
  });

  it('given the refund that a dispute overtook goes through all the same: booked too', async () => {
    const id = await fulfilled();
    await start(id);
    await request(id);
    const [open] = await refundsOf(id);
    await unasked(id, '3334');
    await world.replica.billing.take([world.playedBilling.refunded(id, open!.id, '6666')]);
    expect((await refundsOf(id)).map(({ kind, status }) => [kind, status])).toEqual([['POLICY', 'SUCCEEDED'], ['UNASKED', 'SUCCEEDED']]);
    expect([await historyOf(id), await seatStates(id)]).toEqual([['REFUND_PENDING', 'PARTIALLY_REFUNDED', 'REFUNDED'], ['REVOKED', 'REVOKED', 'REVOKED']]);
  });

  /* Without `refund.overtaken` in unasked-refunds.ts the dispute that comes second is not booked: together they are more than was paid. */
  it('against a refund request: the dispute is booked; the request fails, or was never taken on', async () => {
    for (let round = 0; round < 6; round++) {
      const id = await fulfilled();
      const [asked] = await Promise.all([request(id), world.replicas[1]!.billing.take([world.playedBilling.refunded(id, undefined, '10000')])]);
      const refunds = (await refundsOf(id)).map(({ kind, status }) => `${kind} ${status}`).sort();
      expect(refunds).toEqual(asked.ok ? ['POLICY FAILED', 'UNASKED SUCCEEDED'] : ['UNASKED SUCCEEDED']);
      expect(await statusOf(id)).toBe('REFUNDED');
    }
  });
});
