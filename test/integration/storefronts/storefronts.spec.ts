import { v7 } from 'uuid';
import { ANONYMOUS } from '../../../src/application/actor';
import type { AuthenticatedUser, Caller } from '../../../src/application/actor';
import type { PlaceOrderRequest } from '../../../src/application/order/order-requests';
import { storefrontUseCases } from '../../../src/application/storefront';
import type { StorefrontUseCases } from '../../../src/application/storefront';
import type { StorefrontInput } from '../../../src/application/storefront/requests';
import type { Result } from '../../../src/application/user-error';
import { PostgresListingReader } from '../../../src/infrastructure/postgres/listing-reader';
import { PostgresStorefrontReader } from '../../../src/infrastructure/postgres/storefront-reader';
import { PostgresStorefrontStore } from '../../../src/infrastructure/postgres/storefront-store';
import { aUser } from '../../support/listing-world';
import type { Offer } from '../../support/offers';
import { aKey, openPurchaseWorld } from '../../support/purchase-world';
import type { PurchaseWorld } from '../../support/purchase-world';

const storefronts = new PostgresStorefrontReader();
let world: PurchaseWorld;
let useCases: StorefrontUseCases;
let offers: readonly [Offer, Offer, Offer];
beforeAll(async () => {
  world = await openPurchaseWorld({ working: false });
  useCases = storefrontUseCases({ unitOfWork: world.replica.unitOfWork, storefronts: new PostgresStorefrontStore(), readers: { listings: new PostgresListingReader(), storefronts } });
  offers = [await world.offer({ prices: { EUR: 4900, USD: 5500 } }), await world.offer(), await world.offer()];
});
afterAll(() => world.close());

const aSlug = () => `shop-${v7()}`;
const input = (details: Partial<StorefrontInput> = {}): StorefrontInput => ({ slug: aSlug(), name: 'Rope works', currencies: ['EUR'], defaultCurrency: 'EUR', curated: false, ...details });
const errorsOf = (result: Result<unknown>): string[] => (result.ok ? [] : result.errors.map(({ code, path }) => [code, ...path].join(' ')));
function idOf<Id>(result: Result<Id>): Id {
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}
const opened = async (admin: AuthenticatedUser, details: Partial<StorefrontInput> = {}) => {
  const wanted = input(details);
  return { id: idOf(await useCases.saveStorefront(admin, wanted)), slug: wanted.slug };
};
const choose = (admin: Caller, storefrontId: string, ...listingIds: readonly string[]) => useCases.setStorefrontListings(admin, { storefrontId, listingIds });
const chosenIn = (id: Parameters<typeof storefronts.chosen>[1][number]) => world.replica.unitOfWork.run(ANONYMOUS, async (tx) => (await storefronts.chosen(tx, [id])).map(({ listingId }) => listingId));
const bySlug = async (slug: string) => (await world.replica.unitOfWork.run(ANONYMOUS, (tx) => storefronts.bySlugs(tx, [slug])))[0];
const ids = () => [offers[0].listingId, offers[1].listingId, offers[2].listingId] as const;

describe('saving a storefront', () => {
  it('opens one of the caller\'s organisation, for everybody to see, and changes all of it', async () => {
    const admin = aUser('org_admin');
    const { id, slug } = await opened(admin, { logo: { url: 'https://img.example/l.png', alt: '' }, accentColor: '#123456', currencies: ['USD', 'EUR'], defaultCurrency: 'USD', curated: true });
    const first = await bySlug(slug);
    expect(first).toMatchObject({
      id, slug, tenantId: admin.tenantId, name: 'Rope works', logo: { url: 'https://img.example/l.png', alt: '', width: null, height: null }, accentColor: '#123456', currencies: ['USD', 'EUR'], defaultCurrency: 'USD', curated: true,
    });
    const changed = aSlug();
    expect(idOf(await useCases.saveStorefront(admin, input({ id, slug: changed, name: 'Sails' })))).toBe(id);
    expect(await bySlug(slug)).toBeUndefined();
    expect(await bySlug(changed)).toMatchObject({ id, name: 'Sails', logo: null, accentColor: null, currencies: ['EUR'], curated: false, createdAt: first?.createdAt });
  });

  it('is for administrators of the organisation alone', async () => {
    for (const caller of [ANONYMOUS, aUser('buyer'), aUser('provider'), aUser('platform_admin')]) {
      expect(errorsOf(await useCases.saveStorefront(caller, input()))).toEqual(['FORBIDDEN']);
      expect(errorsOf(await choose(caller, v7()))).toEqual(['FORBIDDEN']);
    }
  });

  it('finds neither another organisation\'s storefront nor one that is none, for nobody', async () => {
    const { id, slug } = await opened(aUser('org_admin'));
    for (const stranger of [aUser('org_admin'), aUser('org_admin', 'platform_admin')]) {
      for (const unknown of [id, v7(), 'none']) {
        expect(errorsOf(await useCases.saveStorefront(stranger, input({ id: unknown })))).toEqual(['NOT_FOUND input id']);
        expect(errorsOf(await choose(stranger, unknown, ...ids()))).toEqual(['NOT_FOUND storefrontId']);
      }
    }
    expect(await bySlug(slug)).toMatchObject({ id });
    expect(await chosenIn(id)).toEqual([]);
  });

  it('gives a slug to one storefront, though many want it at once', async () => {
    const slug = aSlug();
    const results = await Promise.all(Array.from({ length: 8 }, () => useCases.saveStorefront(aUser('org_admin'), input({ slug }))));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.flatMap(errorsOf)).toEqual(Array.from({ length: 7 }, () => 'INVALID_INPUT input slug'));
    const admin = aUser('org_admin');
    const own = await opened(admin);
    expect(errorsOf(await useCases.saveStorefront(admin, input({ id: own.id, slug })))).toEqual(['INVALID_INPUT input slug']);
    expect(await bySlug(own.slug)).toMatchObject({ id: own.id });
  });
});

describe('choosing its listings', () => {
  it('puts them in the place of those before, in their order', async () => {
    const admin = aUser('org_admin');
    const { id } = await opened(admin);
    const [a, b, c] = ids();
    idOf(await choose(admin, id, c, a));
    expect(await chosenIn(id)).toEqual([c, a]);
    idOf(await choose(admin, id, a, b, c));
    expect(await chosenIn(id)).toEqual([a, b, c]);
    idOf(await choose(admin, id));
    expect(await chosenIn(id)).toEqual([]);
  });

  it('is all or nothing, and says everything that is wrong', async () => {
    const admin = aUser('org_admin');
    const { id } = await opened(admin);
    const [a, b] = ids();
    idOf(await choose(admin, id, a));
    const draft = await world.offer({ status: 'APPROVED' });
    expect(errorsOf(await choose(admin, id, b, b, v7(), 'none', draft.listingId)))
      .toEqual(['INVALID_INPUT listingIds 1', 'NOT_FOUND listingIds 2', 'NOT_FOUND listingIds 3', 'NOT_FOUND listingIds 4']);
    expect(errorsOf(await choose(admin, id, ...Array.from({ length: 501 }, () => v7())))).toEqual(['INVALID_INPUT listingIds']);
    const seller = { ...aUser('org_admin', 'provider'), tenantId: draft.providerTenantId };
    expect(errorsOf(await choose(seller, (await opened(seller)).id, draft.listingId))).toEqual(['NOT_FOUND listingIds 0']); // which they do see
    expect(await chosenIn(id)).toEqual([a]);
  });

  it('lets stay what has gone off sale since, but takes on nothing that is off sale', async () => {
    const admin = aUser('org_admin');
    const { id } = await opened(admin);
    const [a] = ids();
    const { listingId } = await world.offer();
    idOf(await choose(admin, id, listingId));
    await world.sql(`update marketplace.listing set suspended_from = 'LIVE', status = 'SUSPENDED' where id = $1`, [listingId]);
    idOf(await choose(admin, id, a, listingId));
    expect(await chosenIn(id)).toEqual([a, listingId]);
    idOf(await choose(admin, id, a));
    expect(errorsOf(await choose(admin, id, a, listingId))).toEqual(['NOT_FOUND listingIds 1']);
  });

  it('ends with one of the lists where several are set at once', async () => {
    const admin = aUser('org_admin');
    const { id } = await opened(admin);
    const [a, b, c] = ids();
    const lists = [[a, b, c], [c, b], [b], [c, a, b]];
    for (const result of await Promise.all(lists.map((list) => choose(admin, id, ...list)))) idOf(result);
    expect(lists).toContainEqual(await chosenIn(id));
  });
});

describe('buying in a storefront', () => {
  const line = ({ planId }: Offer) => ({ pricingPlanId: planId, quantity: 1 });
  const request = (details: Partial<PlaceOrderRequest>): PlaceOrderRequest => ({ idempotencyKey: aKey(), lines: [line(offers[0])], currency: 'EUR', ...details });
  const place = (buyer: Caller, details: Partial<PlaceOrderRequest>) => world.replica.orders.placeOrder(buyer, request(details));
  const quoted = async (buyer: Caller, details: Partial<PlaceOrderRequest>) => (await world.replica.orders.quote(buyer, request(details))).problems.map(({ code, path }) => [code, ...path].join(' '));

  it('is kept with the order and told with its event; elsewhere neither', async () => {
    const { id, slug } = await opened(aUser('org_admin'));
    const eventOf = async (orderId: string) => (await world.sql(`select data from marketplace.outbox where aggregate_id = $1 and type = 'marketplace.order.placed.v1'`, [orderId]))[0]?.data as Record<string, unknown>;
    const there = idOf(await place(aUser('buyer'), { storefrontSlug: slug }));
    expect(await world.sql('select storefront_id from marketplace.orders where id = $1', [there])).toEqual([{ storefront_id: id }]);
    expect((await eventOf(there)).storefrontId).toBe(id);
    const elsewhere = idOf(await place(aUser('buyer'), {}));
    expect(await world.sql('select storefront_id from marketplace.orders where id = $1', [elsewhere])).toEqual([{ storefront_id: null }]);
    expect(await eventOf(elsewhere)).not.toHaveProperty('storefrontId');
  });

  it('is part of what the idempotency key stands for', async () => {
    const [one, two] = [await opened(aUser('org_admin')), await opened(aUser('org_admin'))];
    const buyer = aUser('buyer');
    const idempotencyKey = aKey();
    const id = idOf(await place(buyer, { idempotencyKey, storefrontSlug: one.slug }));
    expect(idOf(await place(buyer, { idempotencyKey, storefrontSlug: one.slug }))).toBe(id);
    for (const storefrontSlug of [two.slug, undefined]) {
      expect(errorsOf(await place(buyer, { idempotencyKey, ...(storefrontSlug && { storefrontSlug }) }))).toEqual(['IDEMPOTENCY_KEY_REUSED input idempotencyKey']);
    }
  });

  it('takes the storefront\'s currencies only, in the quote and in the order', async () => {
    const { slug } = await opened(aUser('org_admin'), { currencies: ['GBP', 'USD'], defaultCurrency: 'USD' });
    const answer = await world.replica.orders.quote(aUser('buyer'), request({ storefrontSlug: slug }));
    expect(answer.problems).toMatchObject([{ code: 'CURRENCY_NOT_OFFERED', path: ['input', 'currency'], params: { offered: 'GBP, USD' } }]);
    expect(answer.problems[0]?.message).toContain('GBP, USD');
    expect(errorsOf(await place(aUser('buyer'), { storefrontSlug: slug }))).toEqual(['CURRENCY_NOT_OFFERED input currency']);
    expect(await quoted(aUser('buyer'), { storefrontSlug: slug, currency: 'USD' })).toEqual([]);
  });

  it('sells what was chosen while it is curated, and everything while it is not', async () => {
    const admin = aUser('org_admin');
    const { id, slug } = await opened(admin, { curated: true });
    const lines = offers.map(line);
    idOf(await choose(admin, id, offers[1].listingId));
    const refused = ['LISTING_NOT_PURCHASABLE input lines 0 pricingPlanId', 'LISTING_NOT_PURCHASABLE input lines 2 pricingPlanId'];
    expect(await quoted(aUser('buyer'), { lines, storefrontSlug: slug })).toEqual(refused);
    expect(errorsOf(await place(aUser('buyer'), { lines, storefrontSlug: slug }))).toEqual(refused);
    idOf(await place(aUser('buyer'), { lines: [line(offers[1])], storefrontSlug: slug }));
    idOf(await useCases.saveStorefront(admin, input({ id, slug })));
    expect(await quoted(aUser('buyer'), { lines, storefrontSlug: slug })).toEqual([]);
  });

  it.each(['no-such-storefront', '', 'a\u0000c', 'Ünknown'])('is refused in one that there is not: “%s”', async (storefrontSlug) => {
    expect(await quoted(aUser('buyer'), { storefrontSlug })).toEqual(['NOT_FOUND input storefrontSlug']);
    expect(errorsOf(await place(aUser('buyer'), { storefrontSlug }))).toEqual(['NOT_FOUND input storefrontSlug']);
  });
});
