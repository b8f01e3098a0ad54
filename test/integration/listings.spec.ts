import { v7 } from 'uuid';
import { ANONYMOUS, type AuthenticatedUser } from '../../src/application/actor';
import type { CreateListingInput } from '../../src/application/listing';
import type { Result } from '../../src/application/user-error';
import type { CourseId, CourseVersionId, ListingId, PricingPlanId, TenantId } from '../../src/domain/ids';
import type { Listing, ListingStatus } from '../../src/domain/listing/listing';
import { inside } from '../../src/infrastructure/postgres/transaction';
import { aUser, type CourseVersionNames, type ListingWorld, openListingWorld } from '../support/listing-world';

let world: ListingWorld;
const admin = aUser('platform_admin');

beforeAll(async () => { world = await openListingWorld(); });
afterAll(() => world.close());
beforeEach(() => { Object.assign(world.neighbours, { down: false, asked: 0 }); });

function copy(names: CourseVersionNames, details: Partial<CreateListingInput> = {}): CreateListingInput {
  return { ...names, title: 'Knots for sailors', description: 'Twelve knots that hold.', tags: [' Sailing ', 'sailing'], ...details };
}
function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.errors.map(({ code, message }) => `${code}: ${message}`).join('; '));
  return result.value;
}
function errorsOf(result: Result<unknown>): string[] {
  return result.ok ? [] : result.errors.map(({ code, path }) => [code, ...path].join(' '));
}
async function read(caller: AuthenticatedUser | typeof ANONYMOUS, id: ListingId): Promise<Listing | null> {
  const [listing = null] = await world.unitOfWork.run(caller, (tx) => world.listings.byIds(tx, [id]));
  return listing;
}
async function draft(provider: AuthenticatedUser, told?: Parameters<ListingWorld['courseVersion']>[1]): Promise<ListingId> {
  return valueOf(await world.useCases.createListing(provider, copy(await world.courseVersion(provider.tenantId, told))));
}
async function withPlan(provider: AuthenticatedUser, id: ListingId): Promise<PricingPlanId> {
  return valueOf(await world.useCases.createPricingPlan(provider, { listingId: id, kind: 'ONE_TIME', name: 'For one', prices: [{ amount: '49.00', currency: 'EUR' }] }));
}
/** A listing that has come as far as the status by the way that every listing takes. */
async function listingIn(status: Exclude<ListingStatus, 'ARCHIVED'>, provider: AuthenticatedUser): Promise<ListingId> {
  const { useCases } = world;
  const id = await draft(provider);
  await withPlan(provider, id);
  const steps: readonly (readonly [ListingStatus, () => Promise<Result<ListingId>>])[] = [
    ['SUBMITTED', () => useCases.submitListing(provider, { id })],
    ['APPROVED', () => useCases.approveListing(admin, { id, expectedVersion: 2 })],
    ['LIVE', () => useCases.publishListing(provider, { id })],
    ['SUSPENDED', () => useCases.suspendListing(admin, { id, reason: 'Copyright complaint.' })],
  ];
  const last = steps.findIndex(([reached]) => reached === status);
  for (const [, step] of steps.slice(0, last + 1)) valueOf(await step());
  return id;
}

describe('a listing on its way', () => {
  it('goes from a draft to sale, is stopped and comes back; history and events tell all of it', async () => {
    const provider = aUser('provider');
    const id = await listingIn('SUSPENDED', provider);
    valueOf(await world.useCases.reinstateListing(admin, { id }));
    expect(await read(ANONYMOUS, id)).toMatchObject({ status: 'LIVE', version: 6, tags: ['sailing'], statusReason: null });

    const history = await world.unitOfWork.run(provider, (tx) => world.listings.transitions(tx, [id]));
    expect(history.map(({ from, to, reason }) => [from, to, reason])).toEqual([
      [null, 'DRAFT', null], ['DRAFT', 'SUBMITTED', null], ['SUBMITTED', 'APPROVED', null], ['APPROVED', 'LIVE', null],
      ['LIVE', 'SUSPENDED', 'Copyright complaint.'], ['SUSPENDED', 'LIVE', null],
    ]);
    const events = await world.eventsOf(id);
    expect(events.map(({ type, data }) => [type.replace(/^marketplace\.listing\.|\.v1$/g, ''), data['status'], data['purchasable']])).toEqual([
      ['updated', 'DRAFT', false], // its plan
      ['submitted', 'SUBMITTED', false], ['approved', 'APPROVED', false],
      ['live', 'LIVE', true], ['approved', 'LIVE', true],
      ['suspended', 'SUSPENDED', false],
      ['reinstated', 'LIVE', true], ['approved', 'LIVE', true],
    ]);
    expect(events.at(5)?.data).toMatchObject({ reason: 'Copyright complaint.', prices: [{ kind: 'ONE_TIME', amountMinor: '4900', currency: 'EUR' }] });
    expect(events.at(6)?.data).not.toHaveProperty('reason');
  });

  it('goes back to its provider by withdrawal and by rejection', async () => {
    const provider = aUser('provider');
    const id = await listingIn('SUBMITTED', provider);
    valueOf(await world.useCases.withdrawListing(provider, { id, expectedVersion: 2 }));
    valueOf(await world.useCases.submitListing(provider, { id }));
    valueOf(await world.useCases.rejectListing(admin, { id, expectedVersion: 4, reason: 'Too short.' }));
    expect(await read(provider, id)).toMatchObject({ status: 'DRAFT', statusReason: 'Too short.', version: 5 });
  });

  it('is edited in place; search hears of it while it can be found', async () => {
    const provider = aUser('provider');
    const id = await listingIn('LIVE', provider);
    const heroImage = { url: 'https://cdn.example/knots.png', alt: 'A bowline' };
    valueOf(await world.useCases.updateListing(provider, { id, title: 'Better knots', tagline: 'Holds.', heroImage, screenshots: [heroImage] }));
    valueOf(await world.useCases.updateListing(provider, { id, tagline: null, expectedVersion: 5 }));
    expect(await read(ANONYMOUS, id)).toMatchObject({
      title: 'Better knots', tagline: null, description: 'Twelve knots that hold.', version: 6, status: 'LIVE',
      heroImage: { ...heroImage, width: null, height: null }, screenshots: [{ ...heroImage, width: null, height: null }],
    });
    expect((await world.eventsOf(id)).slice(-4).map(({ type }) => type.split('.')[2])).toEqual(['updated', 'approved', 'updated', 'approved']);
  });

  it('names all that is wrong with an input, each where it stands, and changes nothing', async () => {
    const provider = aUser('provider');
    const id = await draft(provider);
    const bad = { title: null, tags: ['ok', ''], heroImage: { url: 'ftp://x', alt: '' } };
    expect(errorsOf(await world.useCases.updateListing(provider, { id, ...bad })))
      .toEqual(['INVALID_INPUT input title', 'INVALID_INPUT input heroImage url', 'INVALID_INPUT input tags 1']);
    expect(await read(provider, id)).toMatchObject({ version: 1 });
  });

  it('says what is possible where a command is not', async () => {
    const provider = aUser('provider');
    const id = await draft(provider);
    expect(await world.useCases.publishListing(provider, { id }))
      .toMatchObject({ ok: false, errors: [{ code: 'ILLEGAL_TRANSITION', params: { possible: 'update,submit,retarget,feature,archive' } }] });
  });
});

describe('what keeps a listing back', () => {
  it('needs a published version and an active plan to be submitted', async () => {
    const provider = aUser('provider');
    const names = await world.courseVersion(provider.tenantId, { published: false });
    world.neighbours.versions.set(names.courseVersionId, { ...names, ownerTenantId: provider.tenantId, title: 'Knots', published: false });
    const id = valueOf(await world.useCases.createListing(provider, copy(names)));
    expect(errorsOf(await world.useCases.submitListing(provider, { id }))).toEqual(['COURSE_VERSION_NOT_PUBLISHED', 'NO_ACTIVE_PLAN']);

    // When catalog has published it, and its event is still on its way
    world.neighbours.versions.set(names.courseVersionId, { ...names, ownerTenantId: provider.tenantId, title: 'Knots', published: true });
    await withPlan(provider, id);
    expect(errorsOf(await world.useCases.submitListing(provider, { id }))).toEqual([]);
  });

  it('needs a provider whose identity is verified now', async () => {
    const provider = aUser('provider');
    const id = await listingIn('SUBMITTED', provider);
    world.neighbours.kyc.set(provider.tenantId, 'pending');
    expect(errorsOf(await world.useCases.approveListing(admin, { id, expectedVersion: 2 }))).toEqual(['KYC_NOT_VERIFIED']);
    world.neighbours.down = true;
    expect(errorsOf(await world.useCases.approveListing(admin, { id, expectedVersion: 2 }))).toEqual(['TEMPORARILY_UNAVAILABLE']);
    Object.assign(world.neighbours, { down: false });
    world.neighbours.kyc.set(provider.tenantId, 'verified');
    expect(errorsOf(await world.useCases.approveListing(admin, { id, expectedVersion: 2 }))).toEqual([]);
  });

  it('asks nobody about a listing that cannot be approved anyway', async () => {
    const id = await draft(aUser('provider'));
    world.neighbours.asked = 0;
    expect(errorsOf(await world.useCases.approveListing(admin, { id, expectedVersion: 1 }))).toEqual(['ILLEGAL_TRANSITION']);
    expect(errorsOf(await world.useCases.approveListing(admin, { id, expectedVersion: 7 }))).toEqual(['VERSION_CONFLICT expectedVersion']);
    expect(world.neighbours.asked).toBe(0);
  });

  it('needs its play package to go live', async () => {
    const provider = aUser('provider');
    const id = await draft(provider, { built: false });
    await withPlan(provider, id);
    valueOf(await world.useCases.submitListing(provider, { id }));
    valueOf(await world.useCases.approveListing(admin, { id, expectedVersion: 2 }));
    expect(errorsOf(await world.useCases.publishListing(provider, { id }))).toEqual(['PLAY_PACKAGE_NOT_BUILT']);
  });
});

describe('a course version to be listed', () => {
  it('is asked of catalog when its event has not arrived, once', async () => {
    const provider = aUser('provider');
    const names = { courseId: v7(), courseVersionId: v7() } as CourseVersionNames;
    world.neighbours.versions.set(names.courseVersionId, { ...names, ownerTenantId: provider.tenantId, title: 'Knots', published: true });
    valueOf(await world.useCases.createListing(provider, copy(names)));
    valueOf(await world.useCases.createListing(provider, copy(names)));
    expect(world.neighbours.asked).toBe(1);
  });

  it('does not exist for those whose it is not', async () => {
    const provider = aUser('provider');
    const foreign = await world.courseVersion(aUser('provider').tenantId);
    const own = await world.courseVersion(provider.tenantId);
    for (const names of [foreign, { ...own, courseId: foreign.courseId }, { courseId: v7(), courseVersionId: v7() }, { courseId: 'x', courseVersionId: 'y' }]) {
      expect(errorsOf(await world.useCases.createListing(provider, copy(names as CourseVersionNames, { title: '' }))))
        .toEqual(['NOT_FOUND input courseVersionId', 'INVALID_INPUT input title']);
    }
  });

  it('can be asked for again when catalog does not answer', async () => {
    world.neighbours.down = true;
    const names = { courseId: v7(), courseVersionId: v7() } as CourseVersionNames;
    expect(errorsOf(await world.useCases.createListing(aUser('provider'), copy(names)))).toEqual(['TEMPORARILY_UNAVAILABLE']);
  });
});

describe('who may', () => {
  it('is decided by the role first', async () => {
    const provider = aUser('provider');
    const { useCases } = world;
    const id = await listingIn('SUBMITTED', provider);
    const buyer = aUser('buyer', 'org_admin');
    for (const result of [
      useCases.createListing(buyer, copy({ courseId: 'x', courseVersionId: 'y' } as never)), useCases.updateListing(buyer, { id }), useCases.submitListing(ANONYMOUS, { id }),
      useCases.withdrawListing(admin, { id }), useCases.publishListing(admin, { id }), useCases.approveListing(provider, { id, expectedVersion: 2 }),
      useCases.rejectListing(provider, { id, expectedVersion: 2, reason: 'x' }), useCases.suspendListing(provider, { id, reason: 'x' }),
      useCases.reinstateListing(provider, { id }), useCases.createPricingPlan(buyer, { listingId: id, kind: 'ONE_TIME', name: '', prices: [] }),
    ]) expect(errorsOf(await result)).toEqual(['FORBIDDEN']);
  });

  it('finds no draft of another provider, and may not touch what it sees on sale', async () => {
    const [owner, other] = [aUser('provider'), aUser('provider')];
    const [hidden, live] = [await draft(owner), await listingIn('LIVE', owner)];
    expect(await read(other, hidden)).toBeNull();
    expect(errorsOf(await world.useCases.submitListing(other, { id: hidden }))).toEqual(['NOT_FOUND id']);
    expect(errorsOf(await world.useCases.updateListing(other, { id: live, title: 'Mine' }))).toEqual(['FORBIDDEN input id']);
    expect(errorsOf(await world.useCases.updateListing(aUser('provider', 'platform_admin'), { id: hidden, title: 'Mine' }))).toEqual(['FORBIDDEN input id']);
    expect(await world.unitOfWork.run(other, (tx) => world.listings.transitions(tx, [live]))).toEqual([]);
  });

  it.each(['nonsense', v7()])('finds nothing by the id %s', async (id) => {
    expect(errorsOf(await world.useCases.suspendListing(admin, { id, reason: 'x' }))).toEqual(['NOT_FOUND id']);
  });
});

describe('two at the same time', () => {
  it('of many edits of one version exactly one is stored; the others hear of the conflict', async () => {
    const provider = aUser('provider');
    const id = await draft(provider);
    const results = await Promise.all(Array.from({ length: 8 }, (_, i) => world.useCases.updateListing(provider, { id, expectedVersion: 1, title: `Title ${i}` })));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.flatMap(errorsOf)).toEqual(Array.from({ length: 7 }, () => 'VERSION_CONFLICT input expectedVersion'));
    expect(await read(provider, id)).toMatchObject({ version: 2 });
  });

  it('edits without a version all count, one after the other', async () => {
    const provider = aUser('provider');
    const id = await draft(provider);
    const results = await Promise.all(Array.from({ length: 8 }, (_, i) => world.useCases.updateListing(provider, { id, title: `Title ${i}` })));
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(await read(provider, id)).toMatchObject({ version: 9 });
    expect(await world.eventsOf(id)).toHaveLength(8);
  });
});

describe('a pricing plan', () => {
  it('is stored with its first revision', async () => {
    const provider = aUser('provider');
    const id = await draft(provider);
    const planId = valueOf(await world.useCases.createPricingPlan(provider, {
      listingId: id, kind: 'SEAT_PACK', name: 'Team', seatsIncluded: 10, accessDays: 365, prices: [{ amount: '250', currency: 'USD' }, { amount: '240.50', currency: 'EUR' }],
    }));
    const terms = { name: 'Team', kind: 'SEAT_PACK', seatsIncluded: 10, accessDays: 365, refundPolicy: { windowDays: 14, partial: true } };
    const prices = [{ amountMinor: 24_050n, currency: 'EUR' }, { amountMinor: 25_000n, currency: 'USD' }];
    await world.unitOfWork.run(provider, async (tx) => {
      expect(await world.plans.byIds(tx, [planId])).toMatchObject([{ id: planId, listingId: id, revision: 1, active: true, terms, prices }]);
      expect(await world.plans.revisions(tx, [planId])).toMatchObject([{ planId, revision: 1, terms, prices, validUntil: null }]);
    });
    expect(await world.unitOfWork.run(ANONYMOUS, (tx) => world.plans.byIds(tx, [planId]))).toEqual([]);
    expect(await read(provider, id)).toMatchObject({ version: 1 });
  });

  it('can be added while the listing is on sale, not while it is under review', async () => {
    const provider = aUser('provider');
    const [live, submitted] = [await listingIn('LIVE', provider), await listingIn('SUBMITTED', provider)];
    await withPlan(provider, live);
    const events = await world.eventsOf(live);
    expect(events.slice(-2)).toMatchObject([
      { type: 'marketplace.listing.updated.v1', data: { prices: [{}, {}] } }, { type: 'marketplace.listing.approved.v1', data: { purchasable: true, prices: [{}, {}] } },
    ]);
    expect(errorsOf(await world.useCases.createPricingPlan(provider, { listingId: submitted, kind: 'ONE_TIME', name: '', prices: [{ amount: '1', currency: 'EUR' }] })))
      .toEqual(['ILLEGAL_TRANSITION input listingId', 'INVALID_INPUT input name']);
  });

  it('is one of twenty at most', async () => {
    const provider = aUser('provider');
    const id = await draft(provider);
    for (let i = 0; i < 20; i++) await withPlan(provider, id);
    expect(errorsOf(await world.useCases.createPricingPlan(provider, { listingId: id, kind: 'SITE_LICENSE', name: 'All', prices: [{ amount: '1', currency: 'EUR' }] })))
      .toEqual(['INVALID_INPUT input listingId']);
  });
});

describe('a pricing plan that changes', () => {
  const prices = (...euros: string[]) => euros.map((amount) => ({ amount, currency: 'EUR' }));
  const revisionsOf = (provider: AuthenticatedUser, planId: PricingPlanId) => world.unitOfWork.run(provider, (tx) => world.plans.revisions(tx, [planId]));

  it('has a further revision; the one before ends where it begins', async () => {
    const provider = aUser('provider');
    const id = await listingIn('LIVE', provider);
    const planId = await withPlan(provider, id);
    valueOf(await world.useCases.revisePricingPlan(provider, { id: planId, name: 'For one, cheaper', prices: prices('39.00') }));
    const [first, second] = await revisionsOf(provider, planId);
    expect(first).toMatchObject({ revision: 1, terms: { name: 'For one' }, prices: [{ amountMinor: 4900n }], validUntil: second?.validFrom });
    expect(second).toMatchObject({ revision: 2, terms: { name: 'For one, cheaper' }, prices: [{ amountMinor: 3900n }], validUntil: null });
    expect(await world.eventsOf(planId)).toMatchObject([{ type: 'marketplace.pricing_plan.revised.v1', data: { planId, listingId: id, revision: 2, prices: [{ planId, amountMinor: '3900', currency: 'EUR' }] } }]);
    expect((await world.eventsOf(id)).slice(-2)).toMatchObject([
      { type: 'marketplace.listing.updated.v1', data: { prices: [{ amountMinor: '4900' }, { amountMinor: '3900' }] } }, { type: 'marketplace.listing.approved.v1' },
    ]);
  });

  it('is taken off sale once, and nothing is left to buy when it was the last', async () => {
    const provider = aUser('provider');
    const id = await draft(provider);
    const planId = await withPlan(provider, id);
    for (let i = 0; i < 2; i++) valueOf(await world.useCases.retirePricingPlan(provider, planId));
    expect(await revisionsOf(provider, planId)).toMatchObject([{ revision: 1, validUntil: expect.any(Date) as Date }]);
    expect(await world.eventsOf(id)).toHaveLength(2);
    expect((await world.eventsOf(id)).at(-1)).toMatchObject({ data: { prices: [] } });
    expect(errorsOf(await world.useCases.submitListing(provider, { id }))).toEqual(['NO_ACTIVE_PLAN']);
    expect(errorsOf(await world.useCases.revisePricingPlan(provider, { id: planId, name: 'Again' }))).toEqual(['PLAN_NOT_ACTIVE input id']);
  });

  it('is its provider’s alone, fixed under review, and held to the rules', async () => {
    const [provider, other] = [aUser('provider'), aUser('provider')];
    const [live, submitted] = [await listingIn('LIVE', provider), await listingIn('SUBMITTED', provider)];
    const planId = await withPlan(provider, live);
    const [fixed] = await world.unitOfWork.run(provider, (tx) => world.plans.ofListings(tx, [submitted]));
    const { useCases } = world;
    expect(errorsOf(await useCases.revisePricingPlan(other, { id: planId }))).toEqual(['FORBIDDEN input id']);
    expect(errorsOf(await useCases.retirePricingPlan(other, fixed?.id ?? ''))).toEqual(['NOT_FOUND id']);
    expect(errorsOf(await useCases.retirePricingPlan(provider, 'nonsense'))).toEqual(['NOT_FOUND id']);
    expect(errorsOf(await useCases.retirePricingPlan(provider, fixed?.id ?? ''))).toEqual(['ILLEGAL_TRANSITION id']);
    expect(errorsOf(await useCases.revisePricingPlan(admin, { id: planId }))).toEqual(['FORBIDDEN']);
    expect(errorsOf(await useCases.revisePricingPlan(provider, { id: planId, name: null, prices: null }))).toEqual(['INVALID_INPUT input name', 'INVALID_INPUT input prices']);
  });

  it('revised by eight at once has eight revisions more, each whole', async () => {
    const provider = aUser('provider');
    const planId = await withPlan(provider, await draft(provider));
    await Promise.all(Array.from({ length: 8 }, (_, i) => world.useCases.revisePricingPlan(provider, { id: planId, prices: prices(`${i + 1}.00`) })));
    const revisions = await revisionsOf(provider, planId);
    expect(revisions.map(({ revision }) => revision)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(revisions.every((revision) => revision.prices.length === 1)).toBe(true);
  });

  it('cannot be written over in the database, even by its provider', async () => {
    const provider = aUser('provider');
    const planId = await withPlan(provider, await draft(provider));
    for (const statement of [`update marketplace.pricing_plan_revision set terms = '{}'`, 'update marketplace.pricing_plan_price set amount_minor = 1', 'delete from marketplace.pricing_plan_price']) {
      await expect(world.unitOfWork.run(provider, (tx) => inside(tx).query(statement), { commit: 'pricing-plan.revise' })).rejects.toThrow(/permission denied/);
    }
    expect(await revisionsOf(provider, planId)).toHaveLength(1);
  });
});

describe('a listing that sells another version', () => {
  async function further(courseId: CourseId, owner: TenantId, told: { readonly published?: boolean; readonly built?: boolean } = {}): Promise<CourseVersionId> {
    const { published = true, built = true } = told;
    const courseVersionId = v7() as CourseVersionId;
    await world.sql(`insert into marketplace.course_version (course_version_id, course_id, owner_tenant_id, title, published_at, play_package_id, package_format, built_at)
      values ($1, $2, $3, 'Knots', $4, $5, 'CMI5', now())`, [courseVersionId, courseId, owner, published ? new Date() : null, built ? 'package-2' : null]);
    return courseVersionId;
  }

  it('tells of it, and is sold all the while', async () => {
    const provider = aUser('provider');
    const id = await listingIn('LIVE', provider);
    const courseVersionId = await further((await read(provider, id))!.courseId, provider.tenantId);
    valueOf(await world.useCases.retargetListing(provider, { id, courseVersionId, expectedVersion: 4 }));
    expect(await read(ANONYMOUS, id)).toMatchObject({ courseVersionId, status: 'LIVE', version: 5 });
    expect((await world.eventsOf(id)).slice(-2)).toMatchObject([
      { type: 'marketplace.listing.retargeted.v1', data: { courseVersionId, purchasable: true } }, { type: 'marketplace.listing.approved.v1', data: { courseVersionId, purchasable: true } },
    ]);
  });

  it('takes one of the same course and owner, that is published and, once reviewed, built', async () => {
    const provider = aUser('provider');
    const [id, drafted] = [await listingIn('LIVE', provider), await draft(provider)];
    const { courseId, courseVersionId } = (await read(provider, id))!;
    const retarget = async (version: string) => errorsOf(await world.useCases.retargetListing(provider, { id, courseVersionId: version }));
    const other = await world.courseVersion(provider.tenantId);
    expect(await retarget(other.courseVersionId)).toEqual(['NOT_FOUND courseVersionId']);
    expect(await retarget(await further(courseId, aUser('provider').tenantId))).toEqual(['NOT_FOUND courseVersionId']);
    expect(await retarget('nonsense')).toEqual(['NOT_FOUND courseVersionId']);
    expect(await retarget(await further(courseId, provider.tenantId, { published: false }))).toEqual(['COURSE_VERSION_NOT_PUBLISHED courseVersionId']);
    expect(await retarget(await further(courseId, provider.tenantId, { built: false }))).toEqual(['PLAY_PACKAGE_NOT_BUILT courseVersionId']);
    expect(await retarget(courseVersionId)).toEqual(['INVALID_INPUT courseVersionId']);
    const unbuilt = await further((await read(provider, drafted))!.courseId, provider.tenantId, { built: false });
    expect(errorsOf(await world.useCases.retargetListing(provider, { id: drafted, courseVersionId: unbuilt }))).toEqual([]);
    expect(errorsOf(await world.useCases.retargetListing(aUser('provider'), { id, courseVersionId }))).toEqual(['FORBIDDEN id']);
    expect(errorsOf(await world.useCases.retargetListing(aUser('provider'), { id: drafted, courseVersionId }))).toEqual(['NOT_FOUND id']);
    expect(errorsOf(await world.useCases.retargetListing(admin, { id, courseVersionId }))).toEqual(['FORBIDDEN']);
  });
});

describe('a listing that is put forward, and one that ends', () => {
  it('is featured by the platform alone', async () => {
    const provider = aUser('provider');
    const id = await listingIn('LIVE', provider);
    expect(errorsOf(await world.useCases.featureListing(provider, { id, featured: true }))).toEqual(['FORBIDDEN']);
    valueOf(await world.useCases.featureListing(admin, { id, featured: true }));
    expect(await read(ANONYMOUS, id)).toMatchObject({ featured: true, status: 'LIVE', version: 5 });
    expect((await world.eventsOf(id)).at(-1)).toMatchObject({ type: 'marketplace.listing.updated.v1' });
  });

  it('is archived from anywhere; search is told that it is gone', async () => {
    const provider = aUser('provider');
    for (const status of ['DRAFT', 'SUBMITTED', 'APPROVED', 'LIVE', 'SUSPENDED'] as const) {
      const id = status === 'DRAFT' ? await draft(provider) : await listingIn(status, provider);
      valueOf(await world.useCases.archiveListing(provider, { id }));
      expect(await read(provider, id)).toMatchObject({ status: 'ARCHIVED', suspendedFrom: null });
      expect(await read(ANONYMOUS, id)).toBeNull();
      expect((await world.eventsOf(id)).slice(-2).map(({ type, data }) => [type.split('.')[2], data['status'], data['purchasable']])).toEqual([['archived', 'ARCHIVED', false], ['suspended', 'ARCHIVED', false]]);
      expect(errorsOf(await world.useCases.archiveListing(provider, { id }))).toEqual(['ILLEGAL_TRANSITION']);
    }
  });
});
