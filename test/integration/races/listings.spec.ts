import type { Result } from '../../../src/application/user-error';
import { aUser } from '../../support/listing-world';
import { openPurchaseWorld } from '../../support/purchase-world';
import type { PurchaseWorld } from '../../support/purchase-world';

/*
 * Two administrators, each at a replica of their own, decide about one listing in the version that both have before
 * them. Allowed: exactly one decision is stored, every other is told VERSION_CONFLICT (or, where it named no version,
 * that the new status does not allow it); the history has no gap, and one event tells of it. It rests on the lock
 * in `lock` (listing-repository.ts): without it more than one could pass the check of the version.
 */
let world: PurchaseWorld;
beforeAll(async () => { world = await openPurchaseWorld({ replicas: 2 }); });
afterAll(() => world.close());

const [ONE, OTHER] = [aUser('platform_admin'), aUser('platform_admin')];
const codesOf = (result: Result<unknown>): string[] => (result.ok ? [] : result.errors.map(({ code }) => code));
const use = (number: number) => world.replicas[number % 2]!.listings;
const historyOf = (id: string) => world.sql<{ version: number; from: string; to: string }>('select version, from_status as "from", to_status as "to" from marketplace.listing_transition where listing_id = $1 order by version', [id]);
const stateOf = async (id: string) => (await world.sql<{ status: string; version: number }>('select status, version from marketplace.listing where id = $1', [id]))[0]!;

/** A listing that its provider has just submitted: version 2. */
async function submitted(): Promise<string> {
  const provider = aUser('provider');
  const { listingId: id, courseId, courseVersionId } = await world.offer({ status: 'APPROVED' });
  await world.sql('update marketplace.course_version set owner_tenant_id = $2 where course_version_id = $1', [courseVersionId, provider.tenantId]);
  const created = await use(0).createListing(provider, { courseId, courseVersionId, title: `Knots ${id}`, description: 'Twelve knots that hold.' });
  if (!created.ok) throw new Error(JSON.stringify(created.errors));
  await use(0).createPricingPlan(provider, { listingId: created.value, kind: 'ONE_TIME', name: 'For one', prices: [{ amount: '49.00', currency: 'EUR' }] });
  const done = await use(0).submitListing(provider, { id: created.value });
  if (!done.ok) throw new Error(JSON.stringify(done.errors));
  return created.value;
}

it('approve against reject: one wins, the other hears of the conflict', async () => {
  for (let round = 0; round < 6; round++) {
    const id = await submitted();
    const results = await Promise.all(Array.from({ length: 6 }, (_, n) => (n % 2 === round % 2
      ? use(n).approveListing(ONE, { id, expectedVersion: 2 })
      : use(n).rejectListing(OTHER, { id, expectedVersion: 2, reason: 'Nothing is left of the third lesson.' }))));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.flatMap(codesOf)).toEqual(Array.from({ length: 5 }, () => 'VERSION_CONFLICT'));
    const approved = results.findIndex(({ ok }) => ok) % 2 === round % 2;
    expect(await stateOf(id)).toEqual({ status: approved ? 'APPROVED' : 'DRAFT', version: 3 });
    expect((await historyOf(id)).slice(1)).toEqual([{ version: 2, from: 'DRAFT', to: 'SUBMITTED' }, { version: 3, from: 'SUBMITTED', to: approved ? 'APPROVED' : 'DRAFT' }]);
    expect(await world.sql('select 1 from marketplace.outbox where aggregate_id = $1 and type like $2', [id, 'marketplace.listing.approved%'])).toHaveLength(approved ? 1 : 0);
  }
});

it('suspend against suspend, no version named: one wins, the other finds it suspended', async () => {
  for (let round = 0; round < 6; round++) {
    const { listingId: id } = await world.offer();
    const before = await stateOf(id);
    const results = await Promise.all([ONE, OTHER].map((admin, n) => use(n).suspendListing(admin, { id, reason: 'Copyright complaint.' })));
    expect(results.flatMap(codesOf)).toEqual(['ILLEGAL_TRANSITION']);
    expect(await stateOf(id)).toEqual({ status: 'SUSPENDED', version: before.version + 1 });
    expect(await historyOf(id)).toEqual([{ version: before.version + 1, from: 'LIVE', to: 'SUSPENDED' }]);
  }
});

it('approve against suspend and archive: what is stored is one way through the table, version by version', async () => {
  for (let round = 0; round < 6; round++) {
    const id = await submitted();
    const [approved, suspended, archived] = await Promise.all([
      use(0).approveListing(ONE, { id, expectedVersion: 2 }),
      use(1).suspendListing(OTHER, { id, reason: 'Copyright complaint.' }),
      use(1).archiveListing({ ...aUser('provider'), tenantId: (await providerOf(id)) as never }, { id, expectedVersion: 3 }),
    ]);
    const told = [approved, suspended, archived].map((result) => codesOf(result)[0] ?? 'ok').join(' ');
    expect(['ok ILLEGAL_TRANSITION VERSION_CONFLICT', 'ok ok VERSION_CONFLICT', 'ok ILLEGAL_TRANSITION ok']).toContain(told);
    const history = await historyOf(id);
    expect(history.map(({ version }) => version)).toEqual(history.map((_, index) => index + 1));
    for (const [index, { from }] of history.slice(1).entries()) expect(from).toBe(history[index]?.to);
    expect(await stateOf(id)).toEqual({ status: history.at(-1)?.to, version: history.length });
  }
});

const providerOf = async (id: string) => (await world.sql<{ provider_tenant_id: string }>('select provider_tenant_id from marketplace.listing where id = $1', [id]))[0]!.provider_tenant_id;
