import { randomUUID } from 'node:crypto';
import { outcomeOf } from '../support/outcome';
import { openShop, person, place } from '../support/shop';
import type { Person, Shop } from '../support/shop';
import { waitFor } from '../support/wait';
import { startWorld } from '../support/world';
import type { World } from '../support/world';
import {
  AssignSeatsDocument, CreatePricingPlanDocument, GrantLicenseDocument, LicenseByIdDocument, ReleaseSeatsDocument, RevokeLicenseDocument, SeatsChangedDocument,
} from './operations/generated';
import type { LicensePartsFragment } from './operations/generated';

const DAY = 86_400_000;
let world: World;
let shop: Shop;
beforeAll(async () => {
  world = await startWorld({ replicas: 2, env: { LICENSE_POLL_MS: '100' } });
  shop = await openShop({ url: world.supergraphUrl, sandbox: world.sandbox });
});
afterAll(() => world.stop());

const learners = (count: number) => Array.from({ length: count }, () => randomUUID());
const admin = (ids?: { readonly tid: string }) => person({ url: world.supergraphUrl, sandbox: world.sandbox }, ['buyer', 'org_admin'], ids);
const licenseSeenBy = async (who: Person, id: string) => (await who.http.data(LicenseByIdDocument, { id })).license;
const codesOf = ({ userErrors }: { readonly userErrors: readonly { readonly code: string }[] }) => userErrors.map(({ code }) => code);
const assign = async (who: Person, licenseId: string, learnerIds: readonly string[]) => (await who.http.data(AssignSeatsDocument, { licenseId, learnerIds })).assignSeats;
const release = async (who: Person, seatIds: readonly string[]) => (await who.http.data(ReleaseSeatsDocument, { seatIds })).releaseSeats;

/** Five seats, nobody on them yet; one seat that was started may be given to somebody else. */
async function packOf(who: Person): Promise<string> {
  const made = await shop.provider.http.data(CreatePricingPlanDocument, { input: {
    listingId: shop.listingId, kind: 'SEAT_PACK', name: 'Team', seatsIncluded: 5, seatReassignmentLimit: 1, prices: [{ amount: '10.00', currency: 'EUR' }] } });
  const orderId = await place(who, made.createPricingPlan.plan?.id ?? '', { lines: [{ pricingPlanId: made.createPricingPlan.plan?.id ?? '', learnerIds: [] }] });
  const { order } = await outcomeOf(world, who, orderId);
  return order.licenses[0]?.id ?? '';
}

/** Watches a licence; `until` waits for a look that fits. */
function watch(who: Person, licenseId: string) {
  const client = who.ws();
  const seen: LicensePartsFragment[] = [];
  const refusals: unknown[] = [];
  let ended = false;
  const done = (async () => {
    for await (const { data, errors } of client.subscribe(SeatsChangedDocument, { licenseId })) {
      if (data) seen.push(data.seatsChanged);
      for (const error of errors ?? []) refusals.push(error.extensions['code']);
    }
    ended = true;
  })();
  done.catch(() => undefined);
  return {
    seen, refusals, done,
    ended: () => ended,
    until: (what: string, fits: (license: LicensePartsFragment) => boolean) => waitFor(() => seen.some(fits), { withinMs: 15_000, what }),
    dispose: () => client.dispose(),
  };
}

it('given seats assigned, started and released: a watcher sees each, counts and neighbours agree', async () => {
  const who = await admin();
  const licenseId = await packOf(who);
  const watcher = watch(who, licenseId);
  await watcher.until('the licence as it is', ({ seatUsage }) => seatUsage.available === 5);

  const assigned = await assign(who, licenseId, learners(3));
  expect(assigned).toMatchObject({ userErrors: [], license: { id: licenseId }, seats: [{ learner: { id: expect.any(String) as string } }, {}, {}] });
  await watcher.until('three enrolled', ({ seatUsage }) => seatUsage.enrolled === 3);
  const [first, second] = assigned.seats;
  await world.sandbox.startEnrollment(first?.id ?? '');
  await world.sandbox.startEnrollment(second?.id ?? '');
  await watcher.until('two started', ({ seatUsage }) => seatUsage.consumed === 2);
  expect((await licenseSeenBy(who, licenseId))?.seats.edges.find((edge) => edge.node.id === first?.id)?.node).toMatchObject({ state: 'CONSUMED', consumedAt: expect.any(String) as string, enrollment: { id: expect.any(String) as string } });

  expect(codesOf(await release(who, [first?.id ?? '', second?.id ?? '']))).toEqual(['SEAT_REASSIGNMENT_LIMIT']);
  expect(await release(who, [first?.id ?? ''])).toMatchObject({ userErrors: [], seats: [{ state: 'AVAILABLE', learner: null, consumedAt: null }] });
  await watcher.until('one free again', ({ seatUsage }) => seatUsage.available === 3 && seatUsage.reassignmentsLeft === 0);
  await waitFor(async () => (await world.sandbox.enrollments(licenseId)).filter((enrollment) => enrollment.status === 'withdrawn').length === 1, { withinMs: 10_000, what: 'the withdrawal' });
  await watcher.dispose();
});

it('given what cannot be: refused with its code, nothing changed', async () => {
  const who = await admin();
  const licenseId = await packOf(who);
  const [learner] = learners(1) as [string];
  expect(codesOf(await assign(who, licenseId, learners(6)))).toEqual(['NO_SEATS_AVAILABLE']);
  await assign(who, licenseId, [learner]);
  expect(codesOf(await assign(who, licenseId, [learner]))).toEqual(['SEAT_ALREADY_ASSIGNED']);
  expect(codesOf(await assign(who, await packOf(who), [learner]))).toEqual(['ALREADY_LICENSED']);
  const stranger = await admin();
  expect(codesOf(await assign(stranger, licenseId, learners(1)))).toEqual(['NOT_FOUND']);
  expect(codesOf(await assign(await person({ url: world.supergraphUrl, sandbox: world.sandbox }, ['buyer'], { tid: who.tid }), licenseId, learners(1)))).toEqual(['FORBIDDEN']);
  expect((await licenseSeenBy(who, licenseId))?.seatUsage).toMatchObject({ available: 4 });
  const spy = watch(stranger, licenseId);
  await spy.done;
  expect(spy).toMatchObject({ seen: [], refusals: ['NOT_FOUND'] });
  await spy.dispose();
});

it('given a grant: assigned, then revoked for its reason; the watcher’s stream ends with it', async () => {
  const who = await admin();
  const input = { tenantId: who.tid, listingId: shop.listingId, pricingPlanId: shop.plans.pack, seats: 2, reason: 'A pilot' };
  const { grantLicense } = await shop.admin.http.data(GrantLicenseDocument, { input });
  expect(grantLicense).toMatchObject({ userErrors: [], license: { state: 'ACTIVE', source: 'GRANT', stateReason: 'A pilot', seatUsage: { total: 2, available: 2 } } });
  const licenseId = grantLicense.license?.id ?? '';
  const watcher = watch(who, licenseId);
  await assign(who, licenseId, learners(2));
  await watcher.until('two enrolled', ({ seatUsage }) => seatUsage.enrolled === 2);
  const { revokeLicense } = await shop.admin.http.data(RevokeLicenseDocument, { id: licenseId, reason: 'The pilot is over' });
  expect(revokeLicense).toMatchObject({ userErrors: [], license: { state: 'REVOKED', stateReason: 'The pilot is over' } });
  await waitFor(watcher.ended, { withinMs: 15_000, what: 'the stream to end' });
  expect(watcher.seen.at(-1)).toMatchObject({ state: 'REVOKED' });
  await waitFor(async () => (await world.sandbox.enrollments(licenseId)).every((enrollment) => enrollment.status === 'withdrawn'), { withinMs: 10_000, what: 'the withdrawals' });
  expect(codesOf(await assign(who, licenseId, learners(1)))).toEqual(['LICENSE_NOT_ACTIVE']);
  await watcher.dispose();
});

it('given its end has come: EXPIRED, told, and closed', async () => {
  const who = await admin();
  const validUntil = new Date(Date.now() + 10 * DAY).toISOString();
  const { grantLicense } = await shop.admin.http.data(GrantLicenseDocument, { input: { tenantId: who.tid, listingId: shop.listingId, pricingPlanId: shop.plans.pack, validUntil, reason: 'Ten days' } });
  const licenseId = grantLicense.license?.id ?? '';
  const told = (type: string) => waitFor(async () => (await world.sandbox.events({ type: `marketplace.license.${type}.v1`, subject: licenseId })).length === 1, { withinMs: 15_000, what: `license.${type}` });
  await told('expiring');
  await world.shiftClock(11 * DAY);
  await told('expired');
  expect(await licenseSeenBy(who, licenseId)).toMatchObject({ state: 'EXPIRED', validUntil });
  expect(codesOf(await assign(who, licenseId, learners(1)))).toEqual(['LICENSE_NOT_ACTIVE']);
});

it('given enrollment is silent: asked again after a minute, then enrolled', async () => {
  const who = await admin();
  const licenseId = await packOf(who);
  await world.sandbox.behaviour(who.tid, { enrollment: 'never' });
  const { seats: [seat] } = await assign(who, licenseId, learners(1));
  await waitFor(async () => (await world.sandbox.events({ type: 'marketplace.seat.assigned.v1', subject: seat?.id ?? '' })).length === 1, { withinMs: 15_000, what: 'enrollment-service has heard of it, and keeps silent' });
  await world.sandbox.behaviour(who.tid, { enrollment: 'create' });
  await world.shiftClock(60_000);
  await waitFor(async () => (await licenseSeenBy(who, licenseId))?.seatUsage.enrolled === 1, { withinMs: 15_000, what: 'the enrollment' });
  expect(await world.sandbox.events({ type: 'marketplace.enrollment.requested.v1', subject: licenseId })).toMatchObject([{ data: { attempt: 1 } }]);
});

it('never published an event that the sandbox could not read', async () => {
  expect(await world.sandbox.violations()).toEqual({ count: 0, violations: [] });
});
