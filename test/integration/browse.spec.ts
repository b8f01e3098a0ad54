import { graphql } from 'graphql';
import { Client } from 'pg';
import { v7 } from 'uuid';
import { OperationContext } from '../../resolvers/operation-context';
import { buildSubgraph } from '../../resolvers/subgraph';
import { ANONYMOUS, type Caller } from '../../src/application/actor';
import { searchListings } from '../../src/application/listing/search-listings';
import type { ListingSearch } from '../../src/application/ports/listing-search';
import type { Cursor, Page, PageRequest } from '../../src/application/ports/page';
import type { ListingFilter, ListingSort } from '../../src/application/ports/readers';
import type { ListingId, TenantId } from '../../src/domain/ids';
import type { Listing } from '../../src/domain/listing/listing';
import { FullTextSearch } from '../../src/infrastructure/postgres/full-text-search';
import { PostgresStorefrontReader } from '../../src/infrastructure/postgres/storefront-reader';
import { EUR, USD } from '../support/listing-examples';
import { aUser, type ListingWorld, openListingWorld } from '../support/listing-world';
import { type OfferDetails, putOnSale } from '../support/offers';

let world: ListingWorld;
beforeAll(async () => { world = await openListingWorld(); });
afterAll(() => world.close());
beforeEach(async () => {
  for (const table of ['storefront_listing', 'pricing_plan_price', 'pricing_plan_revision', 'pricing_plan', 'listing_transition', 'listing']) await world.sql(`delete from marketplace.${table}`);
});

interface Shelf extends OfferDetails {
  readonly title: string;
  readonly tags?: readonly string[];
  readonly featured?: boolean;
  readonly description?: string;
}

async function onSale({ title, tags = [], featured = false, description = 'Text.', ...offer }: Shelf): Promise<ListingId> {
  const { listingId } = await putOnSale(world.sql, offer);
  await world.sql(`update marketplace.listing set title = $2, tags = $3, featured = $4, description = $5, live_at = case when status = 'LIVE' then now() end where id = $1`, [listingId, title, tags, featured, description]);
  return listingId;
}

async function titles(filter: ListingFilter, sort: ListingSort = 'TITLE', first = 100, caller: Caller = ANONYMOUS): Promise<string[]> {
  const seen: string[] = [];
  let after: Cursor | null = null;
  for (;;) {
    const request: PageRequest = { first, after };
    const page: Page<Listing> = await world.unitOfWork.run(caller, (tx) => world.listings.page(tx, filter, request, sort));
    seen.push(...page.nodes.map(({ title }) => title));
    after = page.cursors.at(-1) ?? null;
    if (!page.hasNextPage) return seen;
  }
}
const LIVE = { statuses: ['LIVE'] } as const;

describe('the filter', () => {
  it('takes all of the tags, and what is featured or not', async () => {
    await onSale({ title: 'A', tags: ['sea', 'rope'], featured: true });
    await onSale({ title: 'B', tags: ['sea'] });
    expect(await titles({ ...LIVE, tags: ['sea'] })).toEqual(['A', 'B']);
    expect(await titles({ ...LIVE, tags: ['rope', 'sea'] })).toEqual(['A']);
    expect(await titles({ ...LIVE, featured: true })).toEqual(['A']);
    expect(await titles({ ...LIVE, featured: false })).toEqual(['B']);
  });

  it('wants kind, currency and ceiling of one and the same active plan', async () => {
    await onSale({ title: 'single 49 EUR, 10 USD', prices: { EUR: 4900, USD: 1000 } });
    await onSale({ title: 'team 100 EUR for 5', kind: 'SEAT_PACK', seatsIncluded: 5, prices: { EUR: 10_000 } });
    await onSale({ title: 'retired 1 EUR', prices: { EUR: 100 }, active: false });
    expect(await titles({ ...LIVE, plan: { kinds: ['SEAT_PACK'] } })).toEqual(['team 100 EUR for 5']);
    expect(await titles({ ...LIVE, plan: { currency: USD } })).toEqual(['single 49 EUR, 10 USD']);
    expect(await titles({ ...LIVE, plan: { currency: EUR, maxMinor: 2000n } })).toEqual(['team 100 EUR for 5']); // 20.00 for each seat
    expect(await titles({ ...LIVE, plan: { currency: EUR, maxMinor: 1999n } })).toEqual([]);
    expect(await titles({ ...LIVE, plan: { kinds: ['ONE_TIME'], currency: EUR, maxMinor: 4899n } })).toEqual([]);
  });

  it('is counted as it is paged', async () => {
    for (const title of ['A', 'B', 'C']) await onSale({ title, tags: [title.toLowerCase()] });
    expect(await world.unitOfWork.run(ANONYMOUS, (tx) => world.listings.count(tx, { ...LIVE, tags: ['b'] }))).toBe(1);
  });
});

describe('each order', () => {
  it.each([1, 2, 3, 100])('goes through everything once, equals included, %i at a time', async (first) => {
    const ids = [
      await onSale({ title: 'Cable', prices: { EUR: 1000 } }), await onSale({ title: 'Anchor', prices: { EUR: 3000 } }),
      await onSale({ title: 'Bowline', prices: { EUR: 1000 } }), await onSale({ title: 'Anchor', kind: 'SEAT_PACK', seatsIncluded: 3, prices: { EUR: 10_000 } }),
    ];
    const filter = { ...LIVE, plan: { currency: EUR } };
    expect(await titles(filter, 'TITLE', first)).toEqual(['Anchor', 'Anchor', 'Bowline', 'Cable']);
    expect(await titles(filter, 'PRICE_ASC', first)).toEqual(['Cable', 'Bowline', 'Anchor', 'Anchor']); // ids decide between equals
    expect(await titles(filter, 'PRICE_DESC', first)).toEqual(['Anchor', 'Anchor', 'Bowline', 'Cable']);
    expect(await titles(filter, 'NEWEST', first)).toEqual(['Anchor', 'Bowline', 'Anchor', 'Cable']);
    const hits = [ids[2], ids[0], v7()] as ListingId[];
    expect(await titles({ ...filter, hits }, 'RELEVANCE', first)).toEqual(['Bowline', 'Cable']);
    expect(await titles({ ...filter, hits }, 'NEWEST', first)).toEqual(['Bowline', 'Cable']);
  });
});

describe('full text', () => {
  const find = async (words: string) => {
    const ids = await new FullTextSearch(world.unitOfWork).find(words);
    const found = await world.unitOfWork.run(ANONYMOUS, (tx) => world.listings.byIds(tx, ids));
    return ids.map((id) => found.find((listing) => listing.id === id)?.title);
  };

  it('finds what is live, title and tags before the text, and never fails on what people type', async () => {
    await onSale({ title: 'Ropes', description: 'How to tie knots.' });
    await onSale({ title: 'Knots for sailors' });
    await onSale({ title: 'Splicing', tags: ['knots'] });
    await onSale({ title: 'Secret knots', status: 'APPROVED' });
    expect((await find('knots')).at(-1)).toBe('Ropes');
    expect(await find('KNOTS -sailors')).toEqual(['Splicing', 'Ropes']);
    expect(await find('"tie knots"')).toEqual(['Ropes']);
    for (const text of ['', '&|!', '"', "'; drop table", '((', ':*']) expect(await find(text)).toEqual([]);
  });

  it('finds in the caller’s name where others than live ones are asked for', async () => {
    const id = await onSale({ title: 'Secret knots', status: 'APPROVED' });
    const [row] = await world.sql('select provider_tenant_id from marketplace.listing where id = $1', [id]);
    const owner = { ...aUser('provider'), tenantId: row?.['provider_tenant_id'] as TenantId };
    expect(await titles({ words: 'knots' }, 'NEWEST', 10, owner)).toEqual(['Secret knots']);
    expect(await titles({ words: 'knots' }, 'NEWEST', 10, aUser('provider'))).toEqual([]);
  });

  it('uses its index although policies are on', async () => {
    await world.sql(`alter table marketplace.listing disable trigger user`);
    await world.sql(`insert into marketplace.listing (id, provider_tenant_id, course_id, course_version_id, title, description, status, live_at, created_at, updated_at)
      select gen_random_uuid(), v.owner_tenant_id, v.course_id, v.course_version_id, 'Title ' || n, 'Text', 'LIVE', now(), now(), now()
      from generate_series(1, 3000) n, (select * from marketplace.course_version where owner_tenant_id is not null limit 1) v`);
    await world.sql(`alter table marketplace.listing enable trigger user`);
    await world.sql('analyze marketplace.listing');
    await world.sql('set role marketplace_owner');
    try {
      const lines = await world.sql(`explain select l.id from marketplace.listing l where l.status = 'LIVE' and l.search @@ websearch_to_tsquery('simple', '1234')`);
      expect(JSON.stringify(lines)).toContain('listing_search');
    } finally {
      await world.sql('reset role');
    }
  });
});

describe('a page in the graph', () => {
  const schema = buildSubgraph();
  const DOCUMENT = `query ($first: Int, $filter: ListingFilter, $sort: ListingSort, $slug: String) {
    listings(first: $first, filter: $filter, sort: $sort) {
      totalCount
      edges { node {
        id title purchasable packageFormat featured
        plans { id name prices { amount currency } revisions { revision validUntil } listing { id } }
        lowestPrice(currency: "EUR") { price { amount } plan { id } }
        course { id purchasable lowestPrice(currency: "EUR") { price { amount } } listings(first: 3) { totalCount edges { node { title } } } viewerLicense { id }
          inStorefront: listings(first: 3, storefrontSlug: $slug) { totalCount edges { node { title } } } }
      } }
    }
  }`;

  interface Asked { readonly answer: Awaited<ReturnType<typeof graphql>>; readonly statements: number }
  async function ask(variables: Record<string, unknown>, service: ListingSearch | null = null): Promise<Asked> {
    const { useCases, unitOfWork, listings, plans } = world;
    const logger = { debug: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn() };
    const find = searchListings({ service, own: new FullTextSearch(unitOfWork), logger });
    const storefronts = new PostgresStorefrontReader();
    const unused = new Proxy({}, { get: () => () => undefined });
    const readers = new Proxy({ listings, plans, storefronts }, { get: (used, name) => Reflect.get(used, name) ?? unused });
    const application = { listings: useCases, unitOfWork, searchListings: find, readers };
    const contextValue = new OperationContext(application as never, { caller: ANONYMOUS, rejection: null });
    const query = jest.spyOn(Client.prototype, 'query');
    try {
      const answer = await graphql({ schema, source: DOCUMENT, variableValues: variables, contextValue });
      await new Promise(setImmediate); // a transaction ends when nothing follows: after the answer
      return { answer, statements: query.mock.calls.length };
    } finally {
      query.mockRestore();
    }
  }
  const titlesIn = ({ answer }: Asked) => (answer.data as { listings: { edges: { node: { title: string } }[] } } | null)?.listings.edges.map(({ node }) => node.title);

  it('of twenty listings costs as many statements as a page of one', async () => {
    for (let n = 0; n < 20; n++) await onSale({ title: `Knots ${n}`, kind: n % 2 ? 'ONE_TIME' : 'SITE_LICENSE' });
    const variables = { filter: { search: 'knots', currency: 'EUR' }, sort: 'PRICE_ASC' };
    const [one, twenty] = [await ask({ ...variables, first: 1 }), await ask({ ...variables, first: 20 })];
    expect([titlesIn(one)?.length, titlesIn(twenty)?.length]).toEqual([1, 20]);
    expect(twenty.answer.errors).toBeUndefined();
    expect(twenty.statements).toBe(one.statements);
    expect(one.statements).toBeGreaterThan(0);
  });

  it('costs no more statements for each listing in a storefront either', async () => {
    const ids: ListingId[] = [];
    for (let n = 0; n < 20; n++) ids.push(await onSale({ title: `Knots ${n}` }));
    const [id, tenantId, slug] = [v7(), v7(), `shop-${v7()}`];
    await world.sql(`insert into marketplace.storefront (id, slug, tenant_id, name, currencies, default_currency, curated, created_at, updated_at) values ($1, $2, $3, 'Knots', '{EUR}', 'EUR', true, now(), now())`, [id, slug, tenantId]);
    await world.sql('insert into marketplace.storefront_listing (storefront_id, tenant_id, listing_id, position) select $1, $2, l.id, l.position from unnest($3::uuid[]) with ordinality as l (id, position)', [id, tenantId, ids]);
    const variables = { filter: { storefrontSlug: slug }, slug };
    const [one, twenty] = [await ask({ ...variables, first: 1 }), await ask({ ...variables, first: 20 })];
    expect(twenty.answer.errors).toBeUndefined();
    expect(JSON.stringify(twenty.answer.data).match(/"inStorefront":\{"totalCount":1,/g)).toHaveLength(20);
    expect([titlesIn(one)?.length, titlesIn(twenty)?.length]).toEqual([1, 20]);
    expect(twenty.statements).toBe(one.statements);
  });

  it('is in the order of search-service where it answers, and reads what it says in the caller’s name', async () => {
    const [a, b, hidden] = [await onSale({ title: 'A' }), await onSale({ title: 'B' }), await onSale({ title: 'Hidden', status: 'SUSPENDED' })];
    const service = { find: () => Promise.resolve([hidden, b, v7() as ListingId, a]) };
    expect(titlesIn(await ask({ filter: { search: 'x' }, sort: 'RELEVANCE' }, service))).toEqual(['B', 'A']);
  });

  it.each([
    ['a price order without a currency', { sort: 'PRICE_DESC' }],
    ['a ceiling without a currency', { filter: { maxPrice: { amount: '1.00', currency: 'EUR' } } }],
    ['a ceiling in another currency', { filter: { currency: 'USD', maxPrice: { amount: '1.00', currency: 'EUR' } } }],
    ['a ceiling with too many digits', { filter: { currency: 'EUR', maxPrice: { amount: '1.001', currency: 'EUR' } } }],
  ])('refuses %s', async (_, variables) => {
    expect((await ask(variables)).answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it.each([['a currency that is none', { currency: 'XYZ' }], ['a text that cannot be stored', { search: 'a\u0000' }], ['a tag that cannot be stored', { tags: ['\u0000'] }]])('is empty for %s', async (_, filter) => {
    await onSale({ title: 'A' });
    expect(titlesIn(await ask({ filter }))).toEqual([]);
  });
});
