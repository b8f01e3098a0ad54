import { randomUUID } from 'node:crypto';
import {
  ApproveListingDocument, CreateListingDocument, CreatePricingPlanDocument, ListingByIdDocument, ListingFactsDocument, OrderByIdDocument, PublishListingDocument, QuoteOfDocument,
  ReinstateListingDocument, RejectListingDocument, SubmitListingDocument, SuspendListingDocument, UpdateListingDocument, WithdrawListingDocument,
} from './operations/generated';
import type { CreateListingInput, ListingPartsFragment, ProblemFragment, UpdateListingInput } from './operations/generated';
import { outcomeOf } from '../support/outcome';
import { person, place, PLANS } from '../support/shop';
import type { Entrance, Person } from '../support/shop';
import { waitFor } from '../support/wait';
import { startWorld } from '../support/world';
import type { World } from '../support/world';

/*
 * The life of a listing, every transition and every refusal, as its provider, the platform's administrators, strangers
 * and buyers see it through the supergraph, and as its events tell it to the other services.
 */
let world: World;
let entrance: Entrance;
let provider: Person;
let admin: Person;
beforeAll(async () => {
  world = await startWorld();
  entrance = { url: world.supergraphUrl, sandbox: world.sandbox };
  provider = await person(entrance, ['provider']);
  admin = await person(entrance, ['platform_admin']);
});
afterAll(() => world.stop());

interface Answer {
  readonly listing: ListingPartsFragment | null;
  readonly userErrors: readonly ProblemFragment[];
}
const COPY = { title: 'Knots for sailors', description: 'Twelve knots that hold.' };
const CHANGED = { title: 'Knots for everyone' };

const create = async (by: Person, input: CreateListingInput): Promise<Answer> => (await by.http.data(CreateListingDocument, { input })).createListing;
const update = async (by: Person, id: string, expectedVersion?: number): Promise<Answer> => (await by.http.data(UpdateListingDocument, { input: { id, ...CHANGED, ...(expectedVersion === undefined ? {} : { expectedVersion }) } })).updateListing;
const submit = async (by: Person, id: string, expectedVersion?: number): Promise<Answer> => (await by.http.data(SubmitListingDocument, { id, expectedVersion })).submitListing;
const withdraw = async (by: Person, id: string, expectedVersion?: number): Promise<Answer> => (await by.http.data(WithdrawListingDocument, { id, expectedVersion })).withdrawListing;
const publish = async (by: Person, id: string, expectedVersion?: number): Promise<Answer> => (await by.http.data(PublishListingDocument, { id, expectedVersion })).publishListing;
const approve = async (by: Person, id: string, expectedVersion: number): Promise<Answer> => (await by.http.data(ApproveListingDocument, { id, expectedVersion })).approveListing;
const reject = async (by: Person, id: string, expectedVersion: number, reason = 'The hero image is blurred.'): Promise<Answer> => (await by.http.data(RejectListingDocument, { id, expectedVersion, reason })).rejectListing;
const suspend = async (by: Person, id: string, reason = 'A complaint about rights.'): Promise<Answer> => (await by.http.data(SuspendListingDocument, { id, reason })).suspendListing;
const reinstate = async (by: Person, id: string): Promise<Answer> => (await by.http.data(ReinstateListingDocument, { id })).reinstateListing;
const read = async (by: Person, id: string) => (await by.http.data(ListingByIdDocument, { id })).listing;
const codes = ({ userErrors }: { readonly userErrors: readonly ProblemFragment[] }) => userErrors.map((error) => error.code);

async function addPlan(listingId: string, by = provider) {
  return (await by.http.data(CreatePricingPlanDocument, { input: { listingId, ...PLANS.single } })).createPricingPlan;
}

function done({ listing, userErrors }: Answer): ListingPartsFragment {
  expect(userErrors).toEqual([]);
  if (!listing) throw new Error('neither a listing nor a reason');
  return listing;
}

interface Draft { readonly plan?: boolean; readonly publish?: boolean; readonly build?: boolean; readonly tid?: string }

/** A draft of the provider's own, with a plan unless told otherwise. */
async function draft({ plan = true, publish: published = true, build = true, tid }: Draft = {}, by = provider): Promise<ListingPartsFragment & { readonly courseId: string }> {
  const course = await world.sandbox.course({ title: COPY.title, tid: tid ?? by.tid, publish: published, build });
  const listing = done(await create(by, { courseId: course.courseId, courseVersionId: course.courseVersionId, ...COPY }));
  if (plan) expect((await addPlan(listing.id, by)).userErrors).toEqual([]);
  return { ...listing, courseId: course.courseId };
}

async function approved(): Promise<string> {
  const { id } = await draft();
  const { version } = done(await submit(provider, id));
  done(await approve(admin, id, version));
  return id;
}

async function live(): Promise<string> {
  const id = await approved();
  await waitFor(async () => (await publish(provider, id)).listing?.status === 'LIVE', { withinMs: 10_000, what: 'the listing to go live' });
  return id;
}

/** Types of the listing's events without prefix and version, oldest first, once there are as many. */
async function events(id: string, count: number) {
  const seen = await waitFor(async () => {
    const found = await world.sandbox.events({ subject: id });
    return found.length >= count ? found : undefined;
  }, { withinMs: 10_000, what: `${count} events of the listing` });
  return seen.map((event) => ({ ...event, type: event.type.replace(/^marketplace\.listing\.(.+)\.v1$/, '$1') }));
}

describe('the whole way', () => {
  it('given nothing stands against it: draft, submitted, approved, live, suspended, reinstated, each in its history and its events', async () => {
    const { id, courseId, courseVersionId } = await draft();
    const submitted = done(await submit(provider, id, 1));
    expect(submitted).toMatchObject({ status: 'SUBMITTED', version: 2 });
    expect(done(await approve(admin, id, 2))).toMatchObject({ status: 'APPROVED', version: 3 });
    const published = await waitFor(async () => (await publish(provider, id, 3)).listing, { withinMs: 10_000, what: 'the listing to go live' });
    expect(published).toMatchObject({ status: 'LIVE', version: 4, purchasable: true, packageFormat: 'SCORM_2004' });
    expect(done(await suspend(admin, id))).toMatchObject({ status: 'SUSPENDED', statusReason: 'A complaint about rights.', purchasable: false });
    expect(done(await reinstate(admin, id))).toMatchObject({ status: 'LIVE', statusReason: null, version: 6 });

    expect((await read(provider, id))?.history).toMatchObject([
      { from: null, to: 'DRAFT', reason: null, actor: { id: provider.sub } },
      { from: 'DRAFT', to: 'SUBMITTED', actor: { id: provider.sub } },
      { from: 'SUBMITTED', to: 'APPROVED', actor: { id: admin.sub } },
      { from: 'APPROVED', to: 'LIVE', actor: { id: provider.sub } },
      { from: 'LIVE', to: 'SUSPENDED', reason: 'A complaint about rights.', actor: { id: admin.sub } },
      { from: 'SUSPENDED', to: 'LIVE', reason: null, actor: { id: admin.sub } },
    ]);
    const seen = await events(id, 8);
    expect(seen.map((event) => event.type)).toEqual(['updated', 'submitted', 'approved', 'live', 'approved', 'suspended', 'reinstated', 'approved']);
    expect(seen.map((event) => event.aggregateversion)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
    const facts = { listingId: id, providerTenantId: provider.tid, courseId, courseVersionId, title: COPY.title, tags: [] };
    const prices = [expect.objectContaining({ kind: 'ONE_TIME', amountMinor: '4900', currency: 'EUR' }), expect.objectContaining({ amountMinor: '5500', currency: 'USD' })];
    expect(seen[3]?.data).toMatchObject({ ...facts, status: 'LIVE', purchasable: true, prices });
    expect(seen[5]?.data).toMatchObject({ ...facts, status: 'SUSPENDED', purchasable: false, reason: 'A complaint about rights.' });
    expect(seen[7]?.data).toMatchObject({ ...facts, status: 'LIVE', purchasable: true });
  });

  it('given it is sent back or taken back: a draft again, with the reason where there is one, and it can be submitted anew', async () => {
    const { id } = await draft();
    const rejected = done(await reject(admin, id, done(await submit(provider, id)).version));
    expect(rejected).toMatchObject({ status: 'DRAFT', statusReason: 'The hero image is blurred.' });
    expect(done(await update(provider, id, rejected.version))).toMatchObject({ status: 'DRAFT', title: CHANGED.title, version: rejected.version + 1 });
    done(await submit(provider, id));
    expect(done(await withdraw(provider, id))).toMatchObject({ status: 'DRAFT', statusReason: null });
    expect((await events(id, 6)).map((event) => event.type)).toEqual(['updated', 'submitted', 'rejected', 'updated', 'submitted', 'withdrawn']);
  });

  it('given it was suspended before it went live: reinstated to APPROVED', async () => {
    const id = await approved();
    done(await suspend(admin, id));
    expect(done(await reinstate(admin, id))).toMatchObject({ status: 'APPROVED' });
  });

  it('given a live listing is edited: stays live, a new version, told to search', async () => {
    const id = await live();
    expect(done(await update(provider, id))).toMatchObject({ status: 'LIVE', title: CHANGED.title });
    const seen = await events(id, 7);
    expect(seen.slice(-2).map(({ type, data }) => [type, data['title']])).toEqual([['updated', CHANGED.title], ['approved', CHANGED.title]]);
  });
});

describe('an edit', () => {
  const copy = { tagline: 'Hold fast', description: 'Thirteen knots.', tags: ['Sailing', 'rope'], heroImage: { url: 'https://img.example/k.png', alt: 'A knot' }, screenshots: [{ url: 'https://img.example/s.png', alt: '' }] };
  const edit = async (input: Omit<UpdateListingInput, 'id'>, id: string) => (await provider.http.data(UpdateListingDocument, { input: { id, ...input } })).updateListing;
  const facts = async (id: string) => (await provider.http.data(ListingFactsDocument, { id, currency: 'EUR' })).listing;

  it('given some fields: changes those alone; given null: clears what may be empty', async () => {
    const { id } = await draft();
    done(await edit(copy, id));
    expect(await facts(id)).toMatchObject({ title: COPY.title, tagline: 'Hold fast', description: 'Thirteen knots.', tags: ['sailing', 'rope'], heroImage: { alt: 'A knot', width: null }, screenshots: [{ url: 'https://img.example/s.png' }] });
    done(await edit({ tagline: null, heroImage: null, screenshots: [] }, id));
    expect(await facts(id)).toMatchObject({ title: COPY.title, tagline: null, description: 'Thirteen knots.', heroImage: null, screenshots: [], version: 3 });
  });

  it('given something that does not fit: every reason at once, nothing changed', async () => {
    const { id } = await draft();
    const { listing, userErrors } = await edit({ title: 'two\nlines', tags: Array.from({ length: 21 }, (_, i) => `t${i}`) }, id);
    expect([listing, ...userErrors.map(({ code, path }) => `${code} ${path.join('.')}`)]).toEqual([null, 'INVALID_INPUT input.title', 'INVALID_INPUT input.tags']);
    expect((await facts(id))?.version).toBe(1);
  });
});

describe('a listing that cannot be made', () => {
  it('given a version that nobody has, another provider’s, or another course’s: NOT_FOUND', async () => {
    const foreign = await world.sandbox.course({ tid: randomUUID() });
    const own = await world.sandbox.course({ tid: provider.tid });
    const missing = [
      { courseId: own.courseId, courseVersionId: randomUUID() }, foreign, { courseId: own.courseId, courseVersionId: foreign.courseVersionId },
      { courseId: foreign.courseId, courseVersionId: own.courseVersionId }, { courseId: 'knots', courseVersionId: 'latest' },
    ];
    for (const { courseId, courseVersionId } of missing) {
      expect(await create(provider, { courseId, courseVersionId, ...COPY })).toMatchObject({ listing: null, userErrors: [{ code: 'NOT_FOUND', path: ['input', 'courseVersionId'] }] });
    }
  });

  it('given the copy does not fit either: every reason at once, each with its place', async () => {
    const copy = { title: ' ', description: 'x'.repeat(20_001), tags: ['', 'ok'], heroImage: { url: 'https://a.example/b.png', alt: '', width: 0 }, screenshots: [{ url: 'ftp://a.example/c.png', alt: '' }] };
    const { userErrors } = await create(provider, { courseId: randomUUID(), courseVersionId: randomUUID(), ...copy });
    expect(userErrors.map(({ code, path }) => `${code} ${path.join('.')}`)).toEqual([
      'NOT_FOUND input.courseVersionId', 'INVALID_INPUT input.title', 'INVALID_INPUT input.description', 'INVALID_INPUT input.heroImage.width',
      'INVALID_INPUT input.screenshots.0.url', 'INVALID_INPUT input.tags.0',
    ]);
  });

  it('given the caller is no provider: FORBIDDEN with the role that is missing', async () => {
    const buyer = await person(entrance, ['buyer', 'org_admin'], { tid: provider.tid });
    const { courseId, courseVersionId } = await world.sandbox.course({ tid: provider.tid });
    expect(await create(buyer, { courseId, courseVersionId, ...COPY })).toMatchObject({ listing: null, userErrors: [{ code: 'FORBIDDEN', path: [], params: [{ name: 'role', value: 'provider' }] }] });
  });
});

describe('a listing that cannot go on', () => {
  it('given the version is not published and there is no plan: both reasons; once both are mended, submitted', async () => {
    const { id, courseVersionId } = await draft({ plan: false, publish: false, build: false });
    expect(codes(await submit(provider, id))).toEqual(['COURSE_VERSION_NOT_PUBLISHED', 'NO_ACTIVE_PLAN']);
    await addPlan(id);
    await world.sandbox.course({ courseVersionId, publish: true });
    expect(done(await submit(provider, id)).status).toBe('SUBMITTED');
  });

  it.each(['pending', 'rejected'] as const)('given the provider’s KYC is %s: not approved; asked anew each time', async (kyc) => {
    const other = await person(entrance, ['provider']);
    const { id } = await draft({}, other);
    const { version } = done(await submit(other, id));
    await world.sandbox.behaviour(other.tid, { kyc });
    expect(codes(await approve(admin, id, version))).toEqual(['KYC_NOT_VERIFIED']);
    await world.sandbox.behaviour(other.tid, { kyc: 'verified' });
    expect(done(await approve(admin, id, version)).status).toBe('APPROVED');
  });

  it('given the play package is not built: not published; once content has built it, live', async () => {
    const { id, courseVersionId } = await draft({ build: false });
    done(await approve(admin, id, done(await submit(provider, id)).version));
    expect(codes(await publish(provider, id))).toEqual(['PLAY_PACKAGE_NOT_BUILT']);
    expect(await read(provider, id)).toMatchObject({ status: 'APPROVED', packageFormat: null });
    await world.sandbox.course({ courseVersionId, build: true });
    await waitFor(async () => (await publish(provider, id)).listing?.status === 'LIVE', { withinMs: 10_000, what: 'the listing to go live' });
  });

  it('given it has changed since the caller read it: VERSION_CONFLICT with both versions, nothing changed', async () => {
    const { id } = await draft();
    const conflict = { listing: null, userErrors: [{ code: 'VERSION_CONFLICT', path: ['expectedVersion'], params: [{ name: 'expected', value: '7' }, { name: 'current', value: '1' }] }] };
    expect(await submit(provider, id, 7)).toMatchObject(conflict);
    expect(await update(provider, id, 7)).toMatchObject({ userErrors: [{ code: 'VERSION_CONFLICT', path: ['input', 'expectedVersion'] }] });
    const { version } = done(await submit(provider, id));
    expect(codes(await withdraw(provider, id, version + 1))).toEqual(['VERSION_CONFLICT']);
    expect(codes(await approve(admin, id, version - 1))).toEqual(['VERSION_CONFLICT']);
    expect(codes(await reject(admin, id, version - 1))).toEqual(['VERSION_CONFLICT']);
    expect(await read(provider, id)).toMatchObject({ status: 'SUBMITTED', version });
  });

  it('given a reason that says nothing or too much: INVALID_INPUT', async () => {
    const { id } = await draft();
    const { version } = done(await submit(provider, id));
    for (const reason of ['', '   ', 'x'.repeat(1_001)]) {
      expect(await reject(admin, id, version, reason)).toMatchObject({ listing: null, userErrors: [{ code: 'INVALID_INPUT', path: ['reason'] }] });
    }
  });
});

describe('what a status does not allow', () => {
  type Act = (id: string) => Promise<Answer>;
  const ACTS: Readonly<Record<string, Act>> = {
    update: (id) => update(provider, id), submit: (id) => submit(provider, id), withdraw: (id) => withdraw(provider, id), publish: (id) => publish(provider, id),
    approve: async (id) => approve(admin, id, (await read(admin, id))?.version ?? 0), reject: async (id) => reject(admin, id, (await read(admin, id))?.version ?? 0),
    suspend: (id) => suspend(admin, id), reinstate: (id) => reinstate(admin, id),
  };
  const ALLOWED: Readonly<Record<string, { readonly make: () => Promise<string>; readonly acts: readonly string[] }>> = {
    DRAFT: { make: async () => (await draft()).id, acts: ['update', 'submit', 'retarget', 'feature', 'archive'] },
    SUBMITTED: { make: async () => { const { id } = await draft(); done(await submit(provider, id)); return id; }, acts: ['withdraw', 'approve', 'reject', 'archive'] },
    APPROVED: { make: approved, acts: ['update', 'publish', 'suspend', 'retarget', 'feature', 'archive'] },
    LIVE: { make: live, acts: ['update', 'suspend', 'retarget', 'feature', 'archive'] },
    SUSPENDED: { make: async () => { const id = await live(); done(await suspend(admin, id)); return id; }, acts: ['update', 'reinstate', 'retarget', 'feature', 'archive'] },
  };

  it.each(Object.keys(ALLOWED))('given it is %s: refused with the status and what is possible', async (status) => {
    const { make, acts } = ALLOWED[status] ?? { make: live, acts: [] };
    const id = await make();
    for (const [name, act] of Object.entries(ACTS).filter(([candidate]) => !acts.includes(candidate))) {
      const { listing, userErrors } = await act(id);
      expect({ name, listing, code: userErrors[0]?.code }).toEqual({ name, listing: null, code: 'ILLEGAL_TRANSITION' });
      expect(userErrors[0]?.params).toEqual([{ name: 'status', value: status }, { name: 'command', value: name }, { name: 'possible', value: acts.join(',') }]);
    }
  });

  it('given it is under review: no further plan', async () => {
    const { id } = await draft();
    done(await submit(provider, id));
    expect(await addPlan(id)).toMatchObject({ plan: null, userErrors: [{ code: 'ILLEGAL_TRANSITION', path: ['input', 'listingId'] }] });
  });
});

describe('who may do it', () => {
  it('given somebody in the wrong role: FORBIDDEN, whatever the listing', async () => {
    const { id } = await draft();
    const byAdmin = [await submit(admin, id), await withdraw(admin, id), await publish(admin, id), await update(admin, id)];
    const byProvider = [await approve(provider, id, 1), await reject(provider, id, 1), await suspend(provider, id), await reinstate(provider, id)];
    expect(byAdmin.map(codes)).toEqual(byAdmin.map(() => ['FORBIDDEN']));
    expect(byProvider.map(codes)).toEqual(byProvider.map(() => ['FORBIDDEN']));
  });

  it('given another provider: NOT_FOUND for what it cannot see, FORBIDDEN for what it can', async () => {
    const other = await person(entrance, ['provider']);
    const { id: hidden } = await draft();
    const shown = await live();
    for (const [id, code] of [[hidden, 'NOT_FOUND'], [shown, 'FORBIDDEN'], [randomUUID(), 'NOT_FOUND'], ['knots', 'NOT_FOUND']] as const) {
      expect([await update(other, id), await submit(other, id), await withdraw(other, id), await publish(other, id), await addPlan(id, other)].map(codes)).toEqual([[code], [code], [code], [code], [code]]);
    }
    expect(codes(await approve(admin, randomUUID(), 1))).toEqual(['NOT_FOUND']);
  });
});

describe('who sees it', () => {
  it('given a draft: its provider and administrators; given it is live: everyone, without what is behind it', async () => {
    const stranger = await person(entrance, ['buyer']);
    const { id: hidden } = await draft();
    expect([await read(stranger, hidden), (await read(provider, hidden))?.id, (await read(admin, hidden))?.id]).toEqual([null, hidden, hidden]);
    const shown = await live();
    expect(await read(stranger, shown)).toMatchObject({ id: shown, status: 'LIVE', statusReason: null, history: null });
  });

  it('given it is suspended: gone for strangers and no longer sold; its buyer still sees it and keeps the licence', async () => {
    const id = await live();
    const [buyer, stranger] = [await person(entrance, ['buyer']), await person(entrance, ['buyer'])];
    const planId = (await buyer.http.data(ListingFactsDocument, { id, currency: 'EUR' })).listing?.plans[0]?.id ?? '';
    const orderId = await place(buyer, planId);
    expect((await outcomeOf(world, buyer, orderId)).order.status).toBe('FULFILLED');
    done(await suspend(admin, id));
    expect(await read(stranger, id)).toBeNull();
    expect(await read(buyer, id)).toMatchObject({ id, status: 'SUSPENDED', statusReason: null, history: null, purchasable: false });
    expect((await buyer.http.data(OrderByIdDocument, { id: orderId })).order?.licenses).toMatchObject([{ state: 'ACTIVE' }]);
    const ofStranger = await stranger.http.data(QuoteOfDocument, { input: { currency: 'EUR', lines: [{ pricingPlanId: planId }] } });
    expect(ofStranger.quote).toMatchObject({ total: null, problems: [{ code: 'NOT_FOUND' }] });
    const ofBuyer = await buyer.http.data(QuoteOfDocument, { input: { currency: 'EUR', lines: [{ pricingPlanId: planId }] } });
    expect(ofBuyer.quote.problems).toMatchObject([{ code: 'LISTING_NOT_PURCHASABLE', path: ['input', 'lines', '0', 'pricingPlanId'] }]);
  });
});

it('never told another service anything that it cannot read', async () => {
  expect(await world.sandbox.violations()).toEqual({ count: 0, violations: [] });
});
