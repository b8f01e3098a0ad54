import { buyLicense, PLATFORM_ADMIN, someLearners } from '../../support/licensed';
import type { Licensed } from '../../support/licensed';
import { openPurchaseWorld } from '../../support/purchase-world';
import type { PurchaseWorld } from '../../support/purchase-world';

/* Nothing looks by itself here: time is moved, and both replicas look at once. */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let world: PurchaseWorld;
beforeEach(async () => { world = await openPurchaseWorld({ replicas: 2 }); });
afterEach(() => world.close());

const bothLook = () => Promise.all(world.replicas.map((replica) => replica.licenseSchedule.work()));
async function after(ms: number): Promise<void> {
  await world.shiftClock(ms);
  await bothLook();
}
const eventsOf = (type: string) => world.sql<{ data: Record<string, unknown> }>('select data from marketplace.outbox where type = $1 order by sequence', [`marketplace.${type}.v1`]).then((rows) => rows.map((row) => row.data));
const licenseOf = async ({ licenseId }: Licensed) => (await world.sql<{ state: string }>('select state from marketplace.license where id = $1', [licenseId]))[0];
async function assigned(count: number, details = {}): Promise<Licensed> {
  const licensed = await buyLicense(world, details);
  expect(await world.replica.licenses.assignSeats(licensed.admin, { licenseId: licensed.licenseId, learnerIds: someLearners(count) })).toMatchObject({ ok: true });
  return licensed;
}

describe('an assignment that nobody answers', () => {
  it('is asked again after 1, 5 and 30 minutes, 2 and 6 hours, each once, and given up after 24', async () => {
    const licensed = await assigned(2);
    for (const ms of [MINUTE, 4 * MINUTE, 25 * MINUTE, 90 * MINUTE, 4 * HOUR]) await after(ms);
    const asked = await eventsOf('enrollment.requested');
    expect(asked).toMatchObject([1, 2, 3, 4, 5].map((attempt) => ({ attempt, licenseId: licensed.licenseId, assignments: { length: 2 } })));
    expect(await eventsOf('seat.rejected')).toEqual([]);
    await after(18 * HOUR);
    expect(await eventsOf('seat.rejected')).toMatchObject([{ code: 'NO_ANSWER' }, { code: 'NO_ANSWER' }]);
    expect(await world.sql(`select 1 from marketplace.seat where state <> 'AVAILABLE' or ask_at is not null`)).toEqual([]);
    expect(await world.sql('select 1 from marketplace.course_claim')).toEqual([]);
    await after(DAY);
    expect(await eventsOf('enrollment.requested')).toHaveLength(5);
  });

  it('is asked once for all that was missed, and no more once it is answered or taken back', async () => {
    const licensed = await assigned(1);
    await after(3 * HOUR);
    expect(await eventsOf('enrollment.requested')).toMatchObject([{ attempt: 1 }]);
    const [seat] = await world.sql<{ id: string }>(`select id from marketplace.seat where state = 'ASSIGNED'`);
    await world.replica.licenses.releaseSeats(licensed.admin, [seat!.id]);
    await after(DAY);
    expect(await eventsOf('enrollment.requested')).toHaveLength(1);
    expect(await eventsOf('seat.rejected')).toEqual([]);
  });
});

describe('a licence with an end', () => {
  it('is announced once, 14 days ahead, and expires by date: claims freed, told, closed', async () => {
    const licensed = await assigned(1, { accessDays: 30 });
    await after(16 * DAY - MINUTE);
    expect(await eventsOf('license.expiring')).toEqual([]);
    await after(2 * MINUTE);
    await after(DAY);
    expect(await eventsOf('license.expiring')).toMatchObject([{ licenseId: licensed.licenseId, state: 'ACTIVE', validUntil: expect.any(String) as string }]);
    await after(13 * DAY);
    expect(await licenseOf(licensed)).toEqual({ state: 'EXPIRED' });
    expect(await eventsOf('license.expired')).toMatchObject([{ licenseId: licensed.licenseId, state: 'EXPIRED' }]);
    expect(await world.sql('select 1 from marketplace.course_claim')).toEqual([]);
    expect(await world.replica.licenses.assignSeats(licensed.admin, { licenseId: licensed.licenseId, learnerIds: someLearners(1) })).toMatchObject({ ok: false, errors: [{ code: 'LICENSE_NOT_ACTIVE', params: { state: 'EXPIRED' } }] });
  });

  it('closes with its end even before anybody has looked', async () => {
    const licensed = await assigned(1, { accessDays: 30 });
    await world.shiftClock(30 * DAY);
    expect(await world.replica.licenses.assignSeats(licensed.admin, { licenseId: licensed.licenseId, learnerIds: someLearners(1) })).toMatchObject({ ok: false, errors: [{ code: 'LICENSE_NOT_ACTIVE' }] });
  });

  it('frees its own claims only: the learner may have got another licence since', async () => {
    const first = await buyLicense(world, { accessDays: 10 });
    const learnerIds = someLearners(1);
    await world.replica.licenses.assignSeats(first.admin, { licenseId: first.licenseId, learnerIds });
    await after(11 * DAY);
    const second = await buyLicense(world, { sameCourseAs: first.offer }, first.admin);
    expect(await world.replica.licenses.assignSeats(first.admin, { licenseId: second.licenseId, learnerIds })).toMatchObject({ ok: true });
    expect(await world.replica.licenses.revokeLicense(PLATFORM_ADMIN, { id: first.licenseId, reason: 'Over' })).toMatchObject({ ok: true });
    expect(await world.sql('select license_id from marketplace.course_claim')).toEqual([{ license_id: second.licenseId }]);
  });

  it('is left to its subscription where it has one', async () => {
    const licensed = await assigned(1, { accessDays: 10 });
    await world.sql(`update marketplace.license set source = 'SUBSCRIPTION' where id = $1`, [licensed.licenseId]);
    await after(11 * DAY);
    expect(await licenseOf(licensed)).toEqual({ state: 'ACTIVE' });
  });
});

describe('a licence that an operator grants', () => {
  const grant = (licensed: Licensed, more: object = {}) => world.replica.licenses.grantLicense(PLATFORM_ADMIN, {
    tenantId: licensed.admin.tenantId, listingId: licensed.offer.listingId, pricingPlanId: licensed.offer.planId, reason: 'A pilot', ...more,
  });

  it('has the plan’s terms, its own seats and end, no order, and works like any other', async () => {
    const licensed = await buyLicense(world);
    const granted = await grant(licensed, { seats: 2, validUntil: new Date('2099-01-01T00:00:00Z') });
    if (!granted.ok) throw new Error(JSON.stringify(granted.errors));
    const learnerIds = someLearners(2);
    expect(await world.replica.licenses.assignSeats(licensed.admin, { licenseId: granted.value, learnerIds })).toMatchObject({ ok: true });
    expect(await world.replica.licenses.assignSeats(licensed.admin, { licenseId: licensed.licenseId, learnerIds: [learnerIds[0]!] })).toMatchObject({ ok: false, errors: [{ code: 'ALREADY_LICENSED' }] });
    const [told] = (await eventsOf('license.granted')).filter((data) => data['licenseId'] === granted.value);
    expect(told).toMatchObject({ source: 'GRANT', seatsTotal: 2, validUntil: '2099-01-01T00:00:00.000Z', assignments: [] });
    expect(told).not.toHaveProperty('orderId');
    expect(await world.replica.licenses.revokeLicense(PLATFORM_ADMIN, { id: granted.value, reason: 'The pilot is over' })).toMatchObject({ ok: true });
    expect(await world.sql('select 1 from marketplace.course_claim')).toEqual([]);
  });

  it('is refused for what is not there or cannot be, and to everybody else', async () => {
    const licensed = await buyLicense(world);
    const other = await world.offer();
    const codes = async (more: object) => { const result = await grant(licensed, more); return result.ok ? [] : result.errors.map(({ code, path }) => [code, path.join('.')]); };
    expect(await codes({ listingId: licensed.licenseId })).toEqual([['NOT_FOUND', 'input.listingId']]);
    expect(await codes({ pricingPlanId: other.planId })).toEqual([['NOT_FOUND', 'input.pricingPlanId']]);
    expect(await codes({ seats: 0, reason: ' ', validUntil: new Date(0) })).toEqual([['INVALID_INPUT', 'input.seats'], ['INVALID_INPUT', 'input.validUntil'], ['INVALID_INPUT', 'input.reason']]);
    expect(await codes({ tenantId: 'x' })).toEqual([['INVALID_INPUT', 'input.tenantId']]);
    await world.sql('update marketplace.course_version set play_package_id = null, package_format = null, built_at = null where course_version_id = $1', [licensed.offer.courseVersionId]);
    expect(await codes({})).toEqual([['PLAY_PACKAGE_NOT_BUILT', 'input.listingId']]);
    expect(await world.replica.licenses.grantLicense(licensed.admin, { tenantId: licensed.admin.tenantId, listingId: '', pricingPlanId: '', reason: 'x' })).toMatchObject({ ok: false, errors: [{ code: 'FORBIDDEN' }] });
    expect(await world.replica.licenses.revokeLicense(licensed.admin, { id: licensed.licenseId, reason: 'x' })).toMatchObject({ ok: false, errors: [{ code: 'FORBIDDEN' }] });
  });
});
