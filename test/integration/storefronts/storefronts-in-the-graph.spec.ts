import { graphql } from 'graphql';
import { Client } from 'pg';
import { v7 } from 'uuid';
import { OperationContext } from '../../../resolvers/operation-context';
import { buildSubgraph } from '../../../resolvers/subgraph';
import { ANONYMOUS } from '../../../src/application/actor';
import type { Caller } from '../../../src/application/actor';
import { storefrontUseCases } from '../../../src/application/storefront';
import { PostgresStorefrontReader } from '../../../src/infrastructure/postgres/storefront-reader';
import { PostgresStorefrontStore } from '../../../src/infrastructure/postgres/storefront-store';
import { aUser, openListingWorld } from '../../support/listing-world';
import type { ListingWorld } from '../../support/listing-world';
import { putOnSale } from '../../support/offers';

/* Several storefronts in one operation: as another subgraph's list of them, and furnished one after the other. */

const schema = buildSubgraph();
const storefronts = new PostgresStorefrontReader();
let world: ListingWorld;
/** Live, oldest first. */
let live: readonly string[];
beforeAll(async () => {
  world = await openListingWorld();
  const ids: string[] = [];
  for (let n = 0; n < 4; n++) ids.push(await onSale());
  live = ids;
});
afterAll(() => world.close());

async function onSale(): Promise<string> {
  const { listingId } = await putOnSale(world.sql);
  await world.sql(`update marketplace.listing set live_at = date_trunc('milliseconds', clock_timestamp()) where id = $1`, [listingId]);
  return listingId;
}

/** A storefront with this choice; null: it is not curated. */
async function furnished(choice: readonly string[] | null, tenantId: string = v7()): Promise<string> {
  const id = v7();
  await world.sql(`insert into marketplace.storefront (id, slug, tenant_id, name, currencies, default_currency, curated, created_at, updated_at)
    values ($1, $2, $3, 'Knots', '{EUR}', 'EUR', $4, now(), now())`, [id, `shop-${id}`, tenantId, choice !== null]);
  await world.sql(`insert into marketplace.storefront_listing (storefront_id, tenant_id, listing_id, position)
    select $1, $2, l.id, l.position from unnest($3::uuid[]) with ordinality as l (id, position)`, [id, tenantId, choice ?? []]);
  return id;
}

interface Asked { readonly data: Record<string, unknown>; readonly statements: number }
async function ask(source: string, variableValues: Record<string, unknown>, caller: Caller = ANONYMOUS): Promise<Asked> {
  const { useCases, unitOfWork, listings, plans } = world;
  const unused = new Proxy({}, { get: () => () => undefined });
  const readers = new Proxy({ listings, plans, storefronts }, { get: (used, name) => Reflect.get(used, name) ?? unused });
  const furnishing = storefrontUseCases({ unitOfWork, storefronts: new PostgresStorefrontStore(), readers: { listings, storefronts } });
  const application = { listings: useCases, storefronts: furnishing, unitOfWork, readers };
  const contextValue = new OperationContext(application as never, { caller, rejection: null });
  const query = jest.spyOn(Client.prototype, 'query');
  try {
    const { data, errors } = await graphql({ schema, source, variableValues, contextValue });
    expect(errors).toBeUndefined();
    await new Promise(setImmediate); // a transaction ends when nothing follows: after the answer
    return { data: data ?? {}, statements: query.mock.calls.length };
  } finally {
    query.mockRestore();
  }
}

interface Page { readonly totalCount?: number; readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null } }
const ENTITIES = `query ($r: [_Any!]!, $first: Int, $after: String) { _entities(representations: $r) { ... on Storefront { id
  listings(first: $first, after: $after) { totalCount edges { cursor node { id } } pageInfo { hasNextPage endCursor } } } } }`;
async function pages(ids: readonly string[], page: object = {}, caller: Caller = ANONYMOUS) {
  const { data, statements } = await ask(ENTITIES, { r: ids.map((id) => ({ __typename: 'Storefront', id })), ...page }, caller);
  return { statements, pages: (data._entities as { readonly listings: Page }[]).map(({ listings }) => listings) };
}
const idsIn = ({ edges }: Page) => edges.map(({ node }) => node.id);

describe('storefronts in one operation', () => {
  it('each show what they sell, curated or not', async () => {
    const [a, b, c] = live as readonly [string, string, string];
    const ids = [await furnished([c, a]), await furnished(null), await furnished([]), await furnished([b])];
    const { pages: shown } = await pages(ids);
    expect(shown.map(idsIn)).toEqual([[c, a], [...live].reverse(), [], [b]]);
    expect(shown.map(({ totalCount }) => totalCount)).toEqual([2, 4, 0, 1]);
  });

  it('show to nobody what is off sale, not even to those who may see it, and keep its place', async () => {
    const [a, b] = live as readonly [string, string];
    const gone = await onSale();
    const ids = [await furnished([b, gone, a]), await furnished(null)];
    await world.sql(`update marketplace.listing set suspended_from = 'LIVE', status = 'SUSPENDED' where id = $1`, [gone]);
    for (const caller of [ANONYMOUS, aUser('platform_admin')]) {
      const { pages: shown } = await pages(ids, {}, caller);
      expect(shown.map(idsIn)).toEqual([[b, a], [...live].reverse()]);
      expect(shown.map(({ totalCount }) => totalCount)).toEqual([2, 4]);
    }
    await world.sql(`update marketplace.listing set status = 'LIVE', suspended_from = null where id = $1`, [gone]);
    expect((await pages(ids.slice(0, 1))).pages.map(idsIn)).toEqual([[b, gone, a]]);
    await world.sql(`update marketplace.listing set status = 'ARCHIVED' where id = $1`, [gone]);
  });

  it('end where the choice ends, and refuse a cursor of the other order', async () => {
    const [id, after] = [await furnished([live[0] as string]), Buffer.from(JSON.stringify(['999999999999999999', v7()])).toString('base64url')];
    expect((await pages([id], { after })).pages.map(idsIn)).toEqual([[]]);
    await expect(pages([await furnished(null)], { after })).rejects.toThrow();
  });

  it('are paged each along its own order', async () => {
    const [a, b, c, d] = live as readonly [string, string, string, string];
    const id = await furnished([c, a, d, b]);
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more && seen.length < 10;) {
      const [page]: readonly Page[] = (await pages([id], { first: 1, after })).pages;
      seen.push(...(page ? idsIn(page) : []));
      after = page?.pageInfo.endCursor ?? null;
      more = page?.pageInfo.hasNextPage ?? false;
    }
    expect(seen).toEqual([c, a, d, b]);
  });

  it('cost as many statements as one, curated or not', async () => {
    for (const choice of [[live[0] as string], null]) {
      const ids = await Promise.all(Array.from({ length: 10 }, () => furnished(choice)));
      const [one, ten] = [await pages(ids.slice(0, 1)), await pages(ids)];
      expect(ten.pages.map(({ totalCount }) => totalCount)).toEqual(Array.from({ length: 10 }, () => choice?.length ?? 4));
      expect(ten.statements).toBe(one.statements);
      expect(one.statements).toBeGreaterThan(0);
    }
  });

  it('that is referred to ten times costs as much as once', async () => {
    for (const choice of [[live[0] as string], null]) {
      const id = await furnished(choice);
      const [once, often] = [await pages([id]), await pages(Array.from({ length: 10 }, () => id))];
      expect(often.statements).toBe(once.statements);
    }
  });
});

describe('a storefront that is furnished twice in one operation', () => {
  it('shows after each mutation what was chosen by it', async () => {
    const admin = aUser('org_admin');
    const [a, b] = live as readonly [string, string];
    const id = await furnished([a], admin.tenantId);
    const shown = 'storefront { listings { totalCount edges { cursor node { id } } } } userErrors { code }';
    const { data } = await ask(`mutation ($id: ID!, $a: [ID!]!, $b: [ID!]!) {
      first: setStorefrontListings(storefrontId: $id, listingIds: $a) { ${shown} } second: setStorefrontListings(storefrontId: $id, listingIds: $b) { ${shown} } }`,
    { id, a: [a], b: [b, a] }, admin);
    const after = (name: string) => idsIn((data[name] as { readonly storefront: { readonly listings: Page } }).storefront.listings);
    expect([after('first'), after('second')]).toEqual([[a], [b, a]]);
  });
});
