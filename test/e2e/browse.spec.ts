import { httpClient } from '../support/graphql-client';
import { outcomeOf } from '../support/outcome';
import { openShop, person, place } from '../support/shop';
import type { Person, Shop } from '../support/shop';
import { waitFor } from '../support/wait';
import { startWorld } from '../support/world';
import type { World } from '../support/world';
import {
  ArchiveListingDocument, BrowseDocument, CreateListingDocument, FeatureListingDocument, ListingBlockersDocument, ListingByIdDocument, ListingPlansDocument,
  OrderTermsDocument, RetargetListingDocument, RetirePricingPlanDocument, RevisePricingPlanDocument,
} from './operations/generated';
import type { BrowseQueryVariables } from './operations/generated';

/* What providers do to a listing that is sold, and how shoppers find it, with search-service there. */
let world: World;
let shop: Shop;
let buyer: Person;
let shopper: ReturnType<typeof httpClient>;
beforeAll(async () => {
  world = await startWorld({ search: true });
  shop = await openShop({ url: world.supergraphUrl, sandbox: world.sandbox });
  buyer = await person({ url: world.supergraphUrl, sandbox: world.sandbox }, ['buyer']);
  shopper = httpClient(world.supergraphUrl);
});
afterAll(() => world.stop());

const browse = async (variables: BrowseQueryVariables) => (await shopper.data(BrowseDocument, variables)).listings;

describe('a plan that was bought', () => {
  it('is revised and retired; what was sold keeps its terms and price', async () => {
    const orderId = await place(buyer, shop.plans.single);
    await outcomeOf(world, buyer, orderId);
    const { revisePricingPlan } = await shop.provider.http.data(RevisePricingPlanDocument, {
      input: { id: shop.plans.single, name: 'Single, new', prices: [{ amount: '59.00', currency: 'EUR' }], refundPolicy: { windowDays: 3, partial: false }, seatReassignmentLimit: 1 },
    });
    expect(revisePricingPlan).toMatchObject({ userErrors: [], plan: { revision: 2, active: true, name: 'Single, new', revisions: [{ revision: 1, validUntil: expect.any(String) as string }, { revision: 2, validUntil: null }] } });
    expect((await buyer.http.data(OrderTermsDocument, { id: orderId })).order).toMatchObject({
      total: { amount: '49.00' }, lines: [{ planRevision: 1, unitPrice: { amount: '49.00' }, terms: { name: 'Single', refundPolicy: { windowDays: 14 } } }],
    });

    const { retirePricingPlan } = await shop.provider.http.data(RetirePricingPlanDocument, { id: shop.plans.single });
    expect(retirePricingPlan).toMatchObject({ userErrors: [], plan: { active: false } });
    expect((await shopper.data(ListingPlansDocument, { id: shop.listingId })).listing?.plans.map(({ id }) => id)).not.toContain(shop.plans.single);
    expect((await shop.provider.http.data(RevisePricingPlanDocument, { input: { id: shop.plans.single, name: 'Again' } })).revisePricingPlan)
      .toMatchObject({ plan: null, userErrors: [{ code: 'PLAN_NOT_ACTIVE', path: ['input', 'id'] }] });
    expect((await buyer.http.data(OrderTermsDocument, { id: orderId })).order).toMatchObject({ lines: [{ planRevision: 1, terms: { name: 'Single' } }] });
  });
});

describe('a listing that is sold', () => {
  it('is retargeted once the other version is built, and what was sold stays on its own', async () => {
    const orderId = await place(buyer, shop.plans.free, { learnerIds: [] });
    await outcomeOf(world, buyer, orderId);
    const { courseVersionId } = await world.sandbox.course({ courseId: shop.courseId, publish: true, build: false });
    const retarget = async () => (await shop.provider.http.data(RetargetListingDocument, { id: shop.listingId, courseVersionId })).retargetListing;
    expect(await retarget()).toMatchObject({ listing: null, userErrors: [{ code: 'PLAY_PACKAGE_NOT_BUILT', path: ['courseVersionId'] }] });
    await world.sandbox.course({ courseVersionId, build: true });
    const done = await waitFor(async () => { const answer = await retarget(); return answer.listing ? answer : undefined; }, { withinMs: 10_000, what: 'the package to be known' });
    expect(done.listing).toMatchObject({ courseVersionId, status: 'LIVE', purchasable: true });
    expect((await buyer.http.data(OrderTermsDocument, { id: orderId })).order?.lines).toMatchObject([{ courseVersionId: shop.courseVersionId }]);
  });
});

describe('browsing', () => {
  it('finds by search-service what begins like the words, in its order; filters and cursors go with it', async () => {
    const second = await openShop({ url: world.supergraphUrl, sandbox: world.sandbox });
    await shop.admin.http.data(FeatureListingDocument, { id: second.listingId, featured: true });
    const found = await waitFor(async () => {
      const page = await browse({ filter: { search: 'observ' }, sort: 'RELEVANCE', first: 1 });
      return page.totalCount === 2 ? page : undefined;
    }, { withinMs: 10_000, what: 'search to know of both' });
    const rest = await browse({ filter: { search: 'observ' }, sort: 'RELEVANCE', first: 1, after: found.pageInfo.endCursor ?? '' });
    expect(new Set([...found.edges, ...rest.edges].map(({ node }) => node.id))).toEqual(new Set([shop.listingId, second.listingId]));
    expect([found.pageInfo.hasNextPage, rest.pageInfo.hasNextPage]).toEqual([true, false]);

    const filter = { featured: true, tags: ['DevOps'], kinds: ['SEAT_PACK' as const], currency: 'EUR', maxPrice: { amount: '20.00', currency: 'EUR' }, providerId: second.provider.tid, courseId: second.courseId };
    for (const sort of ['NEWEST', 'TITLE', 'PRICE_ASC', 'PRICE_DESC', 'RELEVANCE'] as const) {
      expect((await browse({ filter, sort })).edges.map(({ node }) => [node.id, node.featured])).toEqual([[second.listingId, true]]);
    }
    expect((await shopper.send(BrowseDocument, { sort: 'PRICE_ASC' })).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect((await shopper.send(BrowseDocument, { sort: 'TITLE', after: found.pageInfo.endCursor ?? '' })).errors).toEqual([]);
  });

  it('is kept by caches for anonymous shoppers only, and never with a private part', async () => {
    const cacheControl = async (query: string, token?: string) => (await fetch(world.subgraphUrl, {
      method: 'POST', headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }, body: JSON.stringify({ query }),
    })).headers.get('cache-control');
    const page = '{ listings { totalCount pageInfo { hasNextPage } edges { cursor node { id title provider { id } heroImage { url } plans { id prices { amount } refundPolicy { windowDays } } course { id purchasable } } } } }';
    expect(await cacheControl(page)).toBe('max-age=60, public');
    expect(await cacheControl(page, buyer.token)).toBe('no-store');
    for (const part of ['statusReason', 'blockers', 'history { at }', 'course { viewerLicense { id } }']) expect(await cacheControl(`{ listings { edges { node { ${part} } } } }`)).toBe('no-store');
    expect(await cacheControl('{ order(id: "x") { id } }', buyer.token)).toBe('no-store');
  });
});

describe('what keeps a listing back', () => {
  it('is told to its provider and the platform, all at once', async () => {
    const provider = await person({ url: world.supergraphUrl, sandbox: world.sandbox }, ['provider']);
    await world.sandbox.behaviour(provider.tid, { kyc: 'pending' });
    const { courseId, courseVersionId } = await world.sandbox.course({ tid: provider.tid, publish: false, build: false });
    const { createListing } = await provider.http.data(CreateListingDocument, { input: { courseId, courseVersionId, title: 'Knots', description: 'Twelve.' } });
    const id = createListing.listing?.id ?? '';
    expect((await provider.http.data(ListingBlockersDocument, { id })).listing?.blockers)
      .toEqual(['COURSE_VERSION_NOT_PUBLISHED', 'PLAY_PACKAGE_NOT_BUILT', 'KYC_NOT_VERIFIED', 'NO_ACTIVE_PLAN', 'NOT_APPROVED']);
    expect((await shop.admin.http.data(ListingBlockersDocument, { id: shop.listingId })).listing?.blockers).toEqual([]);
    expect((await shopper.data(ListingBlockersDocument, { id: shop.listingId })).listing?.blockers).toBeNull();
  });
});

it('given an archived listing: gone for shoppers, there for whoever bought it, and gone from search', async () => {
  const { archiveListing } = await shop.provider.http.data(ArchiveListingDocument, { id: shop.listingId });
  expect(archiveListing).toMatchObject({ userErrors: [], listing: { status: 'ARCHIVED', purchasable: false } });
  expect((await shopper.data(ListingByIdDocument, { id: shop.listingId })).listing).toBeNull();
  expect((await buyer.http.data(ListingByIdDocument, { id: shop.listingId })).listing).toMatchObject({ status: 'ARCHIVED' });
  const events = await waitFor(async () => {
    const seen = await world.sandbox.events({ subject: shop.listingId });
    return seen.some(({ type }) => type === 'marketplace.listing.archived.v1') && seen.at(-1)?.type === 'marketplace.listing.suspended.v1' && seen;
  }, { withinMs: 10_000, what: 'search to be told' });
  expect(events.at(-1)?.data).toMatchObject({ status: 'ARCHIVED', purchasable: false });
  expect(await world.sandbox.violations()).toMatchObject({ count: 0 });
});
