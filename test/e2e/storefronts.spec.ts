import { randomUUID } from 'node:crypto';
import type { StorefrontInput } from './operations/generated';
import {
  CourseInStorefrontDocument, ListingsInStorefrontDocument, OrderInStorefrontDocument, OwnListingsInStorefrontDocument, PlaceOrderDocument, QuoteOfDocument, SaveStorefrontDocument,
  SetStorefrontListingsDocument, StorefrontBySlugDocument, SuspendListingDocument,
} from './operations/generated';
import { httpClient } from '../support/graphql-client';
import type { HttpClient } from '../support/graphql-client';
import { putOnSale } from '../support/offers';
import type { Offer } from '../support/offers';
import { openShop, person, place } from '../support/shop';
import type { Entrance, Person, Shop } from '../support/shop';
import { startWorld } from '../support/world';
import type { World } from '../support/world';

/* Tenants' branded storefronts through the supergraph: how they are furnished, what they show, and what is bought in them. */

let world: World;
let entrance: Entrance;
let shop: Shop;
let admin: Person;
let anyone: HttpClient;
/** Live, oldest first; the first two are of one course. */
let offers: readonly [Offer, Offer, Offer];
beforeAll(async () => {
  world = await startWorld();
  entrance = { url: world.supergraphUrl, sandbox: world.sandbox };
  anyone = httpClient(world.supergraphUrl);
  shop = await openShop(entrance);
  admin = await person(entrance, ['org_admin', 'buyer']);
  const first = await onSale();
  offers = [first, await onSale(first), await onSale()];
});
afterAll(() => world.stop());

/** Another provider's course on sale: written past the service, but known to catalog. */
async function onSale(sameCourseAs?: Offer): Promise<Offer> {
  const providerTenantId = randomUUID();
  const course = sameCourseAs ?? ({ ...(await world.sandbox.course({ tid: providerTenantId })), providerTenantId } as unknown as Offer);
  const offer = await putOnSale(world.sql, { sameCourseAs: course });
  await world.sql("update marketplace.listing set live_at = date_trunc('milliseconds', clock_timestamp()) where id = $1", [offer.listingId]);
  return offer;
}

const aSlug = () => `shop-${randomUUID()}`;
const input = (details: Partial<StorefrontInput> = {}): StorefrontInput => ({ slug: aSlug(), name: 'Rope works', currencies: ['EUR'], defaultCurrency: 'EUR', curated: false, ...details });
const save = async (by: Person, details: Partial<StorefrontInput> = {}) => (await by.http.data(SaveStorefrontDocument, { input: input(details) })).saveStorefront;
const choose = async (by: Person, storefrontId: string, ...listingIds: readonly string[]) => (await by.http.data(SetStorefrontListingsDocument, { storefrontId, listingIds })).setStorefrontListings;
async function opened(details: Partial<StorefrontInput> = {}) {
  const { storefront, userErrors } = await save(admin, details);
  if (!storefront) throw new Error(JSON.stringify(userErrors));
  return storefront;
}
async function curated(...listingIds: readonly string[]) {
  const storefront = await opened({ curated: true });
  expect((await choose(admin, storefront.id, ...listingIds)).userErrors).toEqual([]);
  return storefront;
}
const idsIn = (connection: { readonly edges: readonly { readonly node: { readonly id: string } }[] } | null | undefined) => connection?.edges.map(({ node }) => node.id);
const shown = async (slug: string) => idsIn((await anyone.data(StorefrontBySlugDocument, { slug })).storefront?.listings);

describe('a storefront', () => {
  it('is what its administrators wrote, for everybody who knows its slug', async () => {
    const facts = input({ logo: { url: 'https://img.example/logo.svg', alt: 'A knot', width: 40, height: 20 }, accentColor: '#00AAFF', currencies: ['USD', 'EUR'], defaultCurrency: 'EUR', curated: true });
    const { storefront, userErrors } = await save(admin, facts);
    expect(userErrors).toEqual([]);
    expect(storefront).toEqual({ ...facts, id: expect.any(String) as string, accentColor: '#00aaff', tenant: { id: admin.tid } });
    expect((await anyone.data(StorefrontBySlugDocument, { slug: facts.slug })).storefront).toMatchObject({ ...storefront, listings: { totalCount: 0, edges: [] } });
    const changed = await save(admin, { id: storefront?.id ?? '', slug: facts.slug, name: 'Sails' });
    expect(changed.storefront).toMatchObject({ id: storefront?.id, name: 'Sails', logo: null, accentColor: null, currencies: ['EUR'], curated: false });
    for (const slug of ['no-such-storefront', '', facts.slug.toUpperCase()]) expect((await anyone.data(StorefrontBySlugDocument, { slug })).storefront).toBeNull();
  });

  it('is refused for everything that is wrong with it, and to everybody but the administrators of its organisation', async () => {
    const { id, slug } = await opened();
    expect(await save(admin, { slug: 'No', accentColor: 'red', currencies: [] })).toMatchObject({
      storefront: null, userErrors: [['slug'], ['accentColor'], ['currencies'], ['defaultCurrency']].map((path) => ({ code: 'INVALID_INPUT', path: ['input', ...path] })),
    });
    expect(await save(admin, { slug })).toMatchObject({ storefront: null, userErrors: [{ code: 'INVALID_INPUT', path: ['input', 'slug'], params: [{ name: 'slug', value: slug }] }] });
    expect(await save(shop.provider)).toMatchObject({ storefront: null, userErrors: [{ code: 'FORBIDDEN' }] });
    const stranger = await person(entrance, ['org_admin']);
    expect(await save(stranger, { id })).toMatchObject({ storefront: null, userErrors: [{ code: 'NOT_FOUND', path: ['input', 'id'] }] });
    expect(await choose(stranger, id, offers[0].listingId)).toMatchObject({ storefront: null, userErrors: [{ code: 'NOT_FOUND', path: ['storefrontId'] }] });
  });

  it('is an entity of the subgraph, by its id and by its slug', async () => {
    const { id, slug } = await opened();
    const representations = [{ id }, { slug }, { id: randomUUID() }, { slug: 'no-such-storefront' }, { id: 'none' }].map((key) => ({ __typename: 'Storefront', ...key }));
    const { data, errors } = await httpClient(world.subgraphUrl).send<{ _entities: unknown[] }>(
      'query($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Storefront { id slug name } } }', { r: representations });
    expect(errors).toEqual([]);
    const found = { __typename: 'Storefront', id, slug, name: 'Rope works' };
    expect(data?._entities).toEqual([found, found, null, null, null]);
  });

  it('may be kept by caches for anonymous shoppers', async () => {
    const { slug } = await opened();
    const query = `{ storefront(slug: "${slug}") { name logo { url } tenant { id } listings { edges { node { title } } } } }`;
    const answer = await fetch(world.subgraphUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) });
    expect(answer.headers.get('cache-control')).toBe('max-age=60, public');
  });
});

describe('what a storefront shows', () => {
  it('given it is curated: what was chosen, in that order, a page at a time', async () => {
    const order = [offers[1], offers[2], offers[0]].map(({ listingId }) => listingId);
    const { slug } = await curated(...order);
    const first = (await anyone.data(StorefrontBySlugDocument, { slug, first: 2 })).storefront?.listings;
    expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true, hasPreviousPage: false } });
    const second = (await anyone.data(StorefrontBySlugDocument, { slug, first: 2, after: first?.pageInfo.endCursor ?? null })).storefront?.listings;
    expect(second).toMatchObject({ pageInfo: { hasNextPage: false, hasPreviousPage: true } });
    expect([...(idsIn(first) ?? []), ...(idsIn(second) ?? [])]).toEqual(order);
  });

  it('given it is not curated: every live listing, newest first', async () => {
    const { id, slug } = await opened();
    await choose(admin, id, offers[0].listingId);
    expect(await shown(slug)).toEqual([offers[2].listingId, offers[1].listingId, offers[0].listingId, shop.listingId]);
  });

  it('given a listing goes off sale: it is not shown, keeps its place, and cannot be chosen anew', async () => {
    const gone = await onSale();
    const { id, slug } = await curated(gone.listingId, offers[0].listingId);
    const { suspendListing } = await shop.admin.http.data(SuspendListingDocument, { id: gone.listingId, reason: 'Look' });
    expect(suspendListing.userErrors).toEqual([]);
    expect(await shown(slug)).toEqual([offers[0].listingId]);
    expect(await choose(admin, id, gone.listingId, offers[1].listingId)).toMatchObject({ userErrors: [], storefront: { id, listings: { totalCount: 1, edges: [{ node: { id: offers[1].listingId } }] } } });
    const { id: other } = await opened();
    expect(await choose(admin, other, offers[0].listingId, gone.listingId)).toMatchObject({ storefront: null, userErrors: [{ code: 'NOT_FOUND', path: ['listingIds', '1'] }] });
  });

  it('is what lists of listings are narrowed to', async () => {
    const { slug } = await curated(offers[2].listingId, shop.listingId);
    const found = async (filter: object, sort: 'NEWEST' | 'RELEVANCE' = 'NEWEST') => {
      const { listings } = await anyone.data(ListingsInStorefrontDocument, { filter, sort });
      expect(listings.totalCount).toBe(listings.edges.length);
      return idsIn(listings);
    };
    expect(await found({ storefrontSlug: slug }, 'RELEVANCE')).toEqual([offers[2].listingId, shop.listingId]);
    expect(await found({ storefrontSlug: slug, tags: ['devops'] })).toEqual([shop.listingId]);
    expect(await found({ storefrontSlug: slug, search: 'observability' }, 'RELEVANCE')).toEqual([shop.listingId]);
    const without = await curated(offers[2].listingId);
    expect(await found({ storefrontSlug: without.slug, search: 'observability' }, 'RELEVANCE')).toEqual([]);
    expect(await found({ storefrontSlug: (await opened()).slug, search: 'observability' })).toEqual([shop.listingId]);
    for (const unknown of ['no-such-storefront', '']) expect(await found({ storefrontSlug: unknown })).toEqual([]);
    const own = async (by: string) => (await shop.provider.http.data(OwnListingsInStorefrontDocument, { slug: by })).providerListings;
    expect(idsIn(await own(slug))).toEqual([shop.listingId]);
    expect(await own(without.slug)).toMatchObject({ totalCount: 0, edges: [] });
  });

  it('is what a course\'s listings are narrowed to', async () => {
    const { courseId } = offers[0];
    const of = async (slug: string | null, after: string | null = null) => (await anyone.data(CourseInStorefrontDocument, { courseId, slug, after })).course?.listings;
    const { slug } = await curated(offers[0].listingId, offers[2].listingId);
    expect(await of(slug)).toMatchObject({ totalCount: 1, edges: [{ node: { id: offers[0].listingId } }] });
    expect(await of(null)).toMatchObject({ totalCount: 2, edges: [{ node: { id: offers[1].listingId } }] });
    expect(await of((await opened()).slug)).toMatchObject({ totalCount: 2 });
    expect(await of('no-such-storefront')).toEqual({ totalCount: 0, edges: [] });
    const both = await curated(offers[0].listingId, offers[1].listingId);
    const first = await of(both.slug);
    expect(await of(both.slug, first?.edges[0]?.cursor ?? null)).toMatchObject({ totalCount: 2, edges: [{ node: { id: offers[0].listingId } }] });
  });
});

describe('a checkout in a storefront', () => {
  const quoted = async (more: object) => (await anyone.data(QuoteOfDocument, { input: { currency: 'EUR', lines: [{ pricingPlanId: shop.plans.single }], ...more } })).quote;
  const placed = async (by: Person, more: object) => (await by.http.data(PlaceOrderDocument, { input: { idempotencyKey: randomUUID(), currency: 'EUR', lines: [{ pricingPlanId: shop.plans.single }], ...more } })).placeOrder;
  const someone = () => person(entrance, ['buyer']);

  it('given it sells the listing in the currency: an order that remembers where it was placed', async () => {
    const storefront = await curated(shop.listingId);
    const buyer = await someone();
    expect(await quoted({ storefrontSlug: storefront.slug })).toMatchObject({ total: { amount: '49.00' }, problems: [] });
    const id = await place(buyer, shop.plans.single, { storefrontSlug: storefront.slug });
    expect((await buyer.http.data(OrderInStorefrontDocument, { id })).order).toEqual({ id, storefront });
    const elsewhere = await place(await someone(), shop.plans.single);
    expect((await shop.admin.http.data(OrderInStorefrontDocument, { id: elsewhere })).order).toEqual({ id: elsewhere, storefront: null });
  });

  it('given it does not: refused in the quote and in the order, with what it would take', async () => {
    const dollars = await opened({ currencies: ['USD', 'GBP'], defaultCurrency: 'USD' });
    const others = await curated(offers[0].listingId);
    const cases = [
      [dollars.slug, { code: 'CURRENCY_NOT_OFFERED', path: ['input', 'currency'], params: [{ name: 'offered', value: 'USD, GBP' }], message: expect.stringContaining('USD, GBP') as string }],
      [others.slug, { code: 'LISTING_NOT_PURCHASABLE', path: ['input', 'lines', '0', 'pricingPlanId'] }],
      ['no-such-storefront', { code: 'NOT_FOUND', path: ['input', 'storefrontSlug'] }],
    ] as const;
    const buyer = await someone();
    for (const [storefrontSlug, error] of cases) {
      expect((await quoted({ storefrontSlug })).problems).toMatchObject([error]);
      expect(await placed(buyer, { storefrontSlug })).toMatchObject({ order: null, userErrors: [error] });
    }
    expect((await placed(buyer, { storefrontSlug: dollars.slug, currency: 'USD' })).userErrors).toEqual([]);
  });

  it('given the same key for another storefront: refused, and the first order stands', async () => {
    const [one, two] = [await opened(), await opened()];
    const buyer = await someone();
    const idempotencyKey = randomUUID();
    const first = await placed(buyer, { idempotencyKey, storefrontSlug: one.slug });
    expect((await placed(buyer, { idempotencyKey, storefrontSlug: one.slug })).order?.id).toBe(first.order?.id);
    expect(await placed(buyer, { idempotencyKey, storefrontSlug: two.slug })).toMatchObject({ order: null, userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] });
  });
});
