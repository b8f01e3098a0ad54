import { v7 } from 'uuid';
import type { SeatId, UserId } from '../../../src/domain/ids';
import { PostgresSeatStore } from '../../../src/infrastructure/postgres/seat-store';
import { buyLicense, PLATFORM_ADMIN, anAdmin, someLearners } from '../../support/licensed';
import type { Licensed } from '../../support/licensed';
import { aUser } from '../../support/listing-world';
import { aKey, openPurchaseWorld } from '../../support/purchase-world';
import type { PurchaseWorld } from '../../support/purchase-world';
import { messageOf } from '../../support/scripted-billing';

let world: PurchaseWorld;
beforeAll(async () => { world = await openPurchaseWorld(); });
afterAll(() => world.close());

const assign = ({ admin, licenseId }: Licensed, learnerIds: readonly string[]) => world.replica.licenses.assignSeats(admin, { licenseId, learnerIds });
const release = ({ admin }: Licensed, seatIds: readonly string[]) => world.replica.licenses.releaseSeats(admin, seatIds);
const seatsOf = ({ licenseId }: Licensed) => world.sql<{ id: SeatId; state: string; learner_id: UserId | null; assignment_id: string | null; ever_consumed: boolean }>(
  'select * from marketplace.seat where license_id = $1 order by id', [licenseId]);
const held = async (licensed: Licensed) => (await seatsOf(licensed)).filter((seat) => seat.learner_id !== null).length;
const eventsOf = async (aggregateId: string) => (await world.sql<{ type: string; data: object }>(
  'select type, data from marketplace.outbox where aggregate_id = $1 order by aggregate_version', [aggregateId])).map(({ type, data }) => ({ type: type.replace(/^marketplace\.|\.v1$/g, ''), data }));
const claimsOf = async ({ offer }: Licensed) => (await world.sql<{ learner_id: string }>('select learner_id from marketplace.course_claim where course_id = $1 order by 1', [offer.courseId])).map((row) => row.learner_id);

/** Seats given and, where asked for, their courses started. */
async function given(licensed: Licensed, learners: readonly UserId[], started = false): Promise<readonly SeatId[]> {
  const result = await assign(licensed, learners);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  if (started) await start(licensed);
  return result.value.seatIds;
}
async function start(licensed: Licensed): Promise<void> {
  const assigned = (await seatsOf(licensed)).filter((seat) => seat.state === 'ASSIGNED');
  await world.replica.enrollment.take(assigned.map((seat) => messageOf('enrollment.started.v1', {
    enrollmentId: `enr-${seat.id}`, licenseId: licensed.licenseId, seatId: seat.id, learnerId: seat.learner_id ?? '', assignmentId: seat.assignment_id ?? '', startedAt: '2026-02-01T08:00:00Z',
  })));
}

describe('assigning seats', () => {
  it('given free seats: one each, claimed, told with an assignment of its own', async () => {
    const licensed = await buyLicense(world);
    const learners = someLearners(3);
    const seatIds = await given(licensed, learners);
    const seats = await seatsOf(licensed);
    expect(seatIds.map((id) => seats.find((seat) => seat.id === id))).toMatchObject(learners.map((learner_id) => ({ state: 'ASSIGNED', learner_id })));
    expect(await claimsOf(licensed)).toEqual([...learners].sort());
    const [event] = await eventsOf(seatIds[0]!);
    expect(event).toMatchObject({ type: 'seat.assigned', data: { licenseId: licensed.licenseId, learnerId: learners[0], assignmentId: seats.find((seat) => seat.id === seatIds[0])?.assignment_id } });
  });

  it('given 1,000 learners and 999 free seats: nothing assigned, one missing', async () => {
    const licensed = await buyLicense(world, { seatsIncluded: 1_000 });
    await given(licensed, someLearners(1));
    expect(await assign(licensed, someLearners(1_000))).toMatchObject({ ok: false, errors: [{ code: 'NO_SEATS_AVAILABLE', params: { missing: '1', available: '999' } }] });
    expect([await held(licensed), (await claimsOf(licensed)).length]).toEqual([1, 1]);
    await given(licensed, someLearners(999));
    expect(await held(licensed)).toBe(1_000);
  });

  it('given free seats anywhere: found from wherever one begins, those in another’s hands passed over', async () => {
    const licensed = await buyLicense(world, { seatsIncluded: 12 });
    const seats = new PostgresSeatStore();
    for (let turn = 0; turn < 20; turn++) {
      await world.replica.unitOfWork.run(licensed.admin, async (one) => {
        const first = await seats.takeFree(one, licensed.licenseId, 5, 'shared');
        const rest = await world.replica.unitOfWork.run(licensed.admin, (other) => seats.takeFree(other, licensed.licenseId, 12, 'shared'), { commit: 'seat.assign' });
        expect([first.length, rest.length, new Set([...first, ...rest]).size]).toEqual([5, 7, 12]);
      }, { commit: 'seat.assign' });
    }
  });

  it('given a learner who holds a seat of it: refused, all of it', async () => {
    const licensed = await buyLicense(world);
    const [first, second] = someLearners(2) as [UserId, UserId];
    await given(licensed, [first]);
    expect(await assign(licensed, [second, first])).toMatchObject({ ok: false, errors: [{ code: 'SEAT_ALREADY_ASSIGNED', path: ['learnerIds', '1'] }] });
    expect([await held(licensed), await claimsOf(licensed)]).toEqual([1, [first]]);
  });

  it('given a learner with another licence for the course: ALREADY_LICENSED', async () => {
    const licensed = await buyLicense(world);
    const other = await buyLicense(world, { sameCourseAs: licensed.offer }, licensed.admin);
    const learners = someLearners(1);
    await given(licensed, learners);
    expect(await assign(other, learners)).toMatchObject({ ok: false, errors: [{ code: 'ALREADY_LICENSED', path: ['learnerIds', '0'] }] });
  });

  it('given a site licence: a seat is made on assignment, one that was given back is used again', async () => {
    const licensed = await buyLicense(world, { kind: 'SITE_LICENSE', seatsIncluded: null });
    expect(await seatsOf(licensed)).toEqual([]);
    const [seatId] = await given(licensed, someLearners(2));
    await release(licensed, [seatId!]);
    const again = await given(licensed, someLearners(2));
    expect(again).toContain(seatId);
    expect(await seatsOf(licensed)).toHaveLength(3);
  });

  it('given the order is not fulfilled yet: LICENSE_NOT_ACTIVE', async () => {
    const admin = anAdmin();
    const { planId } = await world.offer({ kind: 'SEAT_PACK', seatsIncluded: 5 });
    const placed = await world.replica.orders.placeOrder(admin, { idempotencyKey: aKey(), lines: [{ pricingPlanId: planId, quantity: 1, learnerIds: someLearners(1) }], currency: 'EUR' });
    if (!placed.ok) throw new Error('refused');
    await world.replica.billing.take([world.playedBilling.succeeded(placed.value)]);
    const [license] = await world.sql<{ id: string }>('select id from marketplace.license where order_id = $1', [placed.value]);
    expect(await world.replica.licenses.assignSeats(admin, { licenseId: license!.id, learnerIds: someLearners(1) })).toMatchObject({ ok: false, errors: [{ code: 'LICENSE_NOT_ACTIVE' }] });
  });

  it('is for administrators of the organisation that holds it', async () => {
    const { licenseId } = await buyLicense(world);
    const by = (caller: Licensed['admin']) => world.replica.licenses.assignSeats(caller, { licenseId, learnerIds: someLearners(1) });
    expect(await by(aUser('buyer'))).toMatchObject({ ok: false, errors: [{ code: 'FORBIDDEN' }] });
    expect(await by(anAdmin())).toMatchObject({ ok: false, errors: [{ code: 'NOT_FOUND' }] });
  });

  it.each([[0, []], [2, 'twice'], [1, ['nobody']]] as const)('given a list that cannot be (%#): INVALID_INPUT', async (_count, list) => {
    const licensed = await buyLicense(world);
    const learner = v7();
    expect(await assign(licensed, list === 'twice' ? [learner, learner] : [...list])).toMatchObject({ ok: false, errors: [{ code: 'INVALID_INPUT' }] });
  });
});

describe('releasing seats', () => {
  it('given an enrolled one: free again, unclaimed, told; a late word about it changes nothing', async () => {
    const licensed = await buyLicense(world);
    const learners = someLearners(1);
    const [seatId] = await given(licensed, learners);
    const before = (await seatsOf(licensed)).find((seat) => seat.id === seatId)!;
    expect(await release(licensed, [seatId!])).toEqual({ ok: true, value: [seatId] });
    await world.replica.enrollment.take([messageOf('enrollment.created.v1', { enrollmentId: 'late', licenseId: licensed.licenseId, seatId: before.id, learnerId: before.learner_id!, assignmentId: before.assignment_id! })]);
    expect((await seatsOf(licensed)).find((seat) => seat.id === seatId)).toMatchObject({ state: 'AVAILABLE', learner_id: null });
    expect(await claimsOf(licensed)).toEqual([]);
    expect((await eventsOf(seatId!)).map(({ type }) => type)).toEqual(['seat.assigned', 'seat.released', 'seat.released']);
    await given(licensed, learners);
  });

  it('given started ones: counted against the limit, and "ever consumed" stays', async () => {
    const licensed = await buyLicense(world, { seatReassignmentLimit: 1 });
    const seatIds = await given(licensed, someLearners(2), true);
    expect(await release(licensed, seatIds)).toMatchObject({ ok: false, errors: [{ code: 'SEAT_REASSIGNMENT_LIMIT', params: { left: '1', started: '2', limit: '1' } }] });
    expect(await release(licensed, [seatIds[0]!])).toMatchObject({ ok: true });
    expect(await release(licensed, [seatIds[1]!])).toMatchObject({ ok: false, errors: [{ code: 'SEAT_REASSIGNMENT_LIMIT', params: { left: '0' } }] });
    expect((await seatsOf(licensed)).find((seat) => seat.id === seatIds[0])).toMatchObject({ state: 'AVAILABLE', ever_consumed: true });
    await expect(world.sql('update marketplace.license set reassignments = 2 where id = $1', [licensed.licenseId])).rejects.toMatchObject({ constraint: 'license_reassignments_within_limit' });
  });

  it('given a free one among them: nothing is released', async () => {
    const licensed = await buyLicense(world);
    const [seatId] = await given(licensed, someLearners(1));
    const free = (await seatsOf(licensed)).find((seat) => seat.state === 'AVAILABLE')!;
    expect(await release(licensed, [seatId!, free.id])).toMatchObject({ ok: false, errors: [{ code: 'ILLEGAL_TRANSITION', path: ['seatIds', '1'], params: { state: 'AVAILABLE' } }] });
    expect(await held(licensed)).toBe(1);
  });

  it('given another organisation’s: NOT_FOUND', async () => {
    const [seatId] = await given(await buyLicense(world), someLearners(1));
    expect(await world.replica.licenses.releaseSeats(anAdmin(), [seatId!])).toMatchObject({ ok: false, errors: [{ code: 'NOT_FOUND', path: ['seatIds', '0'] }] });
  });
});

describe('revoking a licence', () => {
  it('takes all of its seats, frees the claims and tells', async () => {
    const licensed = await buyLicense(world);
    await given(licensed, someLearners(2));
    expect(await world.replica.licenses.revokeLicense(PLATFORM_ADMIN, { id: licensed.licenseId, reason: 'Fraud' })).toMatchObject({ ok: true });
    expect(new Set((await seatsOf(licensed)).map((seat) => seat.state))).toEqual(new Set(['REVOKED']));
    expect(await claimsOf(licensed)).toEqual([]);
    expect((await eventsOf(licensed.licenseId)).at(-1)).toMatchObject({ type: 'license.revoked', data: { state: 'REVOKED', reason: 'Fraud', revokedSeats: { length: 5 } } });
    expect(await world.replica.licenses.revokeLicense(PLATFORM_ADMIN, { id: licensed.licenseId, reason: 'Again' })).toMatchObject({ ok: false, errors: [{ code: 'ILLEGAL_TRANSITION' }] });
    expect(await assign(licensed, someLearners(1))).toMatchObject({ ok: false, errors: [{ code: 'LICENSE_NOT_ACTIVE', params: { state: 'REVOKED' } }] });
  });
});
