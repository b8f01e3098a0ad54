import { randomUUID } from 'node:crypto';
import {
  CourseFactsDocument, CreateListingDocument, CreatePricingPlanDocument, LicenseFactsDocument, LicensePageDocument, ListingFactsDocument, ListingPageDocument,
  OrderFactsDocument, OrderPageDocument, PlaceOrderDocument, ProviderListingPageDocument, QuoteOfDocument, RetirePricingPlanDocument, SubmitListingDocument,
} from './operations/generated';
import type { CreatePricingPlanInput, LicenseFactsQueryVariables, ListingPageFactsFragment, OrderFilter, OrderLineInput, PlaceOrderInput, QuoteOfQuery } from './operations/generated';
import { httpClient } from '../support/graphql-client';
import type { HttpClient } from '../support/graphql-client';
import { putOnSale } from '../support/offers';
import type { Offer, OfferDetails } from '../support/offers';
import { outcomeOf } from '../support/outcome';
import { Replica } from '../support/replica';
import { openShop, person, place } from '../support/shop';
import type { Entrance, Person, Shop } from '../support/shop';
import { countStatements } from '../support/statement-count';
import { waitFor } from '../support/wait';
import { startWorld } from '../support/world';
import type { World } from '../support/world';

/*
 * What there is to see and to buy, and what one has bought: courses, listings, plans, quotes, orders, licences and seats
 * through the supergraph, and as entities of the subgraph, each for whom it is for.
 */
const MORE_LISTINGS = 24;
const COPY = { title: 'Traces', tagline: 'From zero to spans', description: 'All of it.', tags: ['DevOps', 'devops', 'traces'] };
const HERO = { url: 'https://img.example/hero.png', alt: 'A span', width: 1_200, height: 630 };
/** Straight at a replica, which knows nothing of `Query.course`: courses as the listings' own. */
const SUBGRAPH_LISTINGS = `query($first: Int) { listings(first: $first) { edges { node {
  id purchasable packageFormat course { id purchasable listings { edges { node { id } } totalCount } } lowestPrice(currency: "EUR") { price { amount } plan { id } }
  plans { id name prices { amount } revisions { revision } }
} } } }`;

let world: World;
let entrance: Entrance;
let shop: Shop;
let anyone: HttpClient;
beforeAll(async () => {
  world = await startWorld();
  entrance = { url: world.supergraphUrl, sandbox: world.sandbox };
  anyone = httpClient(world.supergraphUrl);
  shop = await openShop(entrance);
});
afterAll(() => world.stop());

const EUR = (amount: string) => ({ amount, currency: 'EUR' });

async function addPlan(by: Person, input: CreatePricingPlanInput): Promise<string> {
  const { createPricingPlan } = await by.http.data(CreatePricingPlanDocument, { input });
  if (!createPricingPlan.plan) throw new Error(JSON.stringify(createPricingPlan.userErrors));
  return createPricingPlan.plan.id;
}

/** Another provider's course on sale: written past the service, but known to catalog. */
async function onSale(details: OfferDetails = {}): Promise<Offer> {
  const providerTenantId = randomUUID();
  const { courseId, courseVersionId } = details.sameCourseAs ?? await world.sandbox.course({ tid: providerTenantId });
  const offer = await putOnSale(world.sql, { sameCourseAs: { courseId, courseVersionId, providerTenantId } as Offer, ...details });
  // As the service writes instants: to the millisecond.
  await world.sql("update marketplace.listing set live_at = date_trunc('milliseconds', clock_timestamp()) where id = $1", [offer.listingId]);
  return offer;
}

/** Pages to the end, two or so at a time; what they add up to. */
async function idsOf(page: (after: string | null) => Promise<ListingPageFactsFragment | null | undefined>): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | null = null; ;) {
    const found = await page(after);
    if (!found) throw new Error('no page');
    expect(found.pageInfo).toMatchObject({ hasPreviousPage: after !== null, startCursor: found.edges[0]?.cursor ?? null, endCursor: found.edges.at(-1)?.cursor ?? null });
    ids.push(...found.edges.map((edge) => edge.node.id));
    if (!found.pageInfo.hasNextPage) return ids;
    after = found.pageInfo.endCursor ?? null;
  }
}

describe('a listing with everything that it can say', () => {
  it('given copy, pictures and every kind of plan: shows them as they were written, tags in order', async () => {
    const { courseId, courseVersionId } = await world.sandbox.course({ tid: shop.provider.tid, format: 'CMI5' });
    const made = await shop.provider.http.data(CreateListingDocument, { input: { courseId, courseVersionId, ...COPY, heroImage: HERO, screenshots: [HERO, { ...HERO, width: null, height: null }] } });
    const id = made.createListing.listing?.id ?? '';
    await addPlan(shop.provider, {
      listingId: id, kind: 'ONE_TIME', name: 'A year', prices: [EUR('49.00'), { amount: '4900', currency: 'JPY' }, { amount: '15.125', currency: 'KWD' }],
      seatsIncluded: 2, accessDays: 365, perpetualOffline: true, refundPolicy: { windowDays: 30, partial: false }, seatReassignmentLimit: 3,
    });
    await addPlan(shop.provider, { listingId: id, kind: 'SITE_LICENSE', name: 'Everyone', prices: [EUR('990.00')] });
    const { listing } = await shop.provider.http.data(ListingFactsDocument, { id, currency: 'EUR' });
    expect(listing).toMatchObject({
      title: 'Traces', tagline: 'From zero to spans', tags: ['devops', 'traces'], heroImage: HERO, screenshots: [HERO, { width: null }], liveAt: null,
      course: { id: courseId, title: expect.any(String) as string }, provider: { id: shop.provider.tid }, courseVersionId, packageFormat: 'CMI5', status: 'DRAFT',
    });
    const terms = { name: 'A year', kind: 'ONE_TIME', seatsIncluded: 2, accessDays: 365, perpetualOffline: true, refundPolicy: { windowDays: 30, partial: false }, seatReassignmentLimit: 3 };
    const prices = [EUR('49.00'), { amount: '4900', currency: 'JPY' }, { amount: '15.125', currency: 'KWD' }];
    expect(listing?.plans).toMatchObject([
      { ...terms, active: true, revision: 1, price: EUR('49.00'), prices, listing: { id }, revisions: [{ revision: 1, terms, prices, validUntil: null }] },
      { kind: 'SITE_LICENSE', seatsIncluded: null, refundPolicy: { windowDays: 14, partial: true } },
    ]);
    expect((await shop.provider.http.data(ListingFactsDocument, { id, currency: 'JPY' })).listing?.plans.map((plan) => plan.name)).toEqual(['A year']);
  });

  it.each(['SCORM_1_2', 'SCORM_2004', 'CMI5', 'TIN_CAN'])('given a play package of format %s: says so, or OTHER', async (format) => {
    const { courseId, courseVersionId } = await world.sandbox.course({ tid: shop.provider.tid, format });
    const id = (await shop.provider.http.data(CreateListingDocument, { input: { courseId, courseVersionId, ...COPY } })).createListing.listing?.id ?? '';
    const shown = await waitFor(async () => (await shop.provider.http.data(ListingFactsDocument, { id, currency: 'EUR' })).listing?.packageFormat, { withinMs: 5_000, what: 'the format' });
    expect(shown).toBe(format === 'TIN_CAN' ? 'OTHER' : format);
  });

  it('given a plan was retired: history for its provider, gone for buyers, PLAN_NOT_ACTIVE for who kept its id', async () => {
    const offer = await onSale({ prices: { EUR: 1_000 } });
    const owner = await person(entrance, ['provider'], { tid: offer.providerTenantId });
    expect((await owner.http.data(RetirePricingPlanDocument, { id: offer.planId })).retirePricingPlan.userErrors).toEqual([]);
    const plans = async (http: HttpClient) => (await http.data(ListingFactsDocument, { id: offer.listingId, currency: 'EUR' })).listing?.plans;
    expect(await plans(anyone)).toEqual([]);
    expect(await plans(owner.http)).toMatchObject([{ active: false, revisions: [{ validUntil: expect.any(String) as string }] }]);
    const { quote } = await anyone.data(QuoteOfDocument, { input: { currency: 'EUR', lines: [{ pricingPlanId: offer.planId }] } });
    expect(quote.problems.map((problem) => problem.code)).toContain('PLAN_NOT_ACTIVE');
  });
});

describe('a course', () => {
  it('given live listings: the cheapest seat, whether it can be bought, and its listings a page at a time', async () => {
    const { course } = await anyone.data(CourseFactsDocument, { id: shop.courseId, currency: 'EUR' });
    expect(course).toMatchObject({ title: 'Observability in a week', purchasable: true, viewerLicense: null, listings: { totalCount: 1, edges: [{ node: { id: shop.listingId } }] } });
    expect(course?.lowestPrice).toMatchObject({ price: EUR('0.00'), perSeat: false, plan: { name: 'Free taster' } });
    const first = await onSale({ kind: 'SEAT_PACK', seatsIncluded: 8, prices: { USD: 10_001 } });
    const listings = [first.listingId];
    for (let n = 0; n < 4; n++) listings.push((await onSale({ prices: { USD: 99_900 }, sameCourseAs: first })).listingId);
    const page = async (after: string | null, size = 2) => (await httpClient(world.subgraphUrl).data<{ _entities: [{ listings: ListingPageFactsFragment; lowestPrice: unknown; purchasable: boolean }] }>(
      `query($r: [_Any!]!, $first: Int, $after: String) { _entities(representations: $r) { __typename ... on Course { purchasable lowestPrice(currency: "USD") { price { amount } perSeat plan { id } }
        listings(first: $first, after: $after) { totalCount edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } } }`,
      { r: [{ __typename: 'Course', id: first.courseId }], first: size, after }))._entities[0];
    expect((await idsOf(async (after) => (await page(after)).listings)).sort()).toEqual(listings.sort());
    expect(await page(null, 100)).toMatchObject({ purchasable: true, listings: { totalCount: 5 }, lowestPrice: { price: { amount: '12.50' }, perSeat: true, plan: { id: first.planId } } });
  });

  it('given nobody sells it: nothing to buy', async () => {
    const { courseId } = await world.sandbox.course({});
    expect((await anyone.data(CourseFactsDocument, { id: courseId, currency: 'EUR' })).course).toMatchObject({ purchasable: false, lowestPrice: null, listings: { totalCount: 0, edges: [] } });
  });
});

describe('lists of listings', () => {
  it('given filters: live ones alone for strangers, whatever they ask for; everything for who may', async () => {
    const draft = (await shop.provider.http.data(ProviderListingPageDocument, { filter: { statuses: ['DRAFT'] } })).providerListings?.edges[0]?.node.id ?? '';
    const of = async (http: HttpClient, filter: object) => (await http.data(ListingPageDocument, { first: 100, filter })).listings.edges.map((edge) => edge.node.id);
    expect(await of(anyone, { courseId: shop.courseId })).toEqual([shop.listingId]);
    expect(await of(anyone, { providerId: shop.provider.tid, statuses: ['DRAFT', 'LIVE'] })).toEqual([shop.listingId]);
    expect(await of(shop.provider.http, { providerId: shop.provider.tid, statuses: ['DRAFT'] })).toContain(draft);
    expect(await of(shop.admin.http, { statuses: ['DRAFT'] })).toContain(draft);
    for (const nonsense of [{ courseId: 'knots' }, { providerId: '' }, { courseId: randomUUID() }, { statuses: [] }]) expect(await of(shop.admin.http, nonsense)).toEqual([]);
  });

  it('given one’s own: all of them in every status, a page at a time; for administrators the review queue', async () => {
    const own = (after: string | null, first = 2) => shop.provider.http.data(ProviderListingPageDocument, { first, after }).then((data) => data.providerListings);
    const ids = await idsOf((after) => own(after));
    expect(new Set(ids).size).toBe((await own(null, 100))?.totalCount);
    const listingId = ids.find((id) => id !== shop.listingId) ?? '';
    await shop.provider.http.data(CreatePricingPlanDocument, { input: { listingId, kind: 'ONE_TIME', name: 'One', prices: [EUR('5.00')] } });
    await shop.provider.http.data(SubmitListingDocument, { id: listingId });
    const queue = (await shop.admin.http.data(ProviderListingPageDocument, { filter: { statuses: ['SUBMITTED'] } })).providerListings;
    expect(queue?.edges.map((edge) => edge.node.id)).toEqual([listingId]);
    const other = await person(entrance, ['provider']);
    expect((await other.http.data(ProviderListingPageDocument, {})).providerListings).toMatchObject({ totalCount: 0, edges: [] });
    expect((await other.http.data(ProviderListingPageDocument, { filter: { providerId: shop.provider.tid } })).providerListings?.edges).toEqual([]);
    expect((await (await person(entrance, ['buyer'])).http.data(ProviderListingPageDocument, {})).providerListings).toBeNull();
  });

  it('given twenty listings instead of one: not one statement more', async () => {
    for (let n = 0; n < MORE_LISTINGS; n++) await onSale();
    const database = await countStatements(world.databaseUrl);
    const replica = await Replica.start('counted', 'catalogue', { ...world.replicas[0]?.env, DATABASE_URL: database.url, ROLES: 'api' });
    try {
      const statementsFor = async (first: number): Promise<number> => {
        const before = database.sent;
        const { listings } = await httpClient(replica.graphqlUrl).data(SUBGRAPH_LISTINGS, { first });
        expect((listings as { edges: unknown[] }).edges).toHaveLength(first);
        return database.sent - before;
      };
      await statementsFor(1); // the first one also opens connections
      const forOne = await statementsFor(1);
      expect(forOne).toBeGreaterThan(0);
      expect(await statementsFor(20)).toBe(forOne);
    } finally {
      await replica.stop();
      await database.stop();
    }
  });
});

describe('a quote', () => {
  const quote = async (http: HttpClient, currency: string, lines: readonly OrderLineInput[]) => (await http.data(QuoteOfDocument, { input: { currency, lines } })).quote;
  const problems = ({ problems: found }: QuoteOfQuery['quote']) => found.map(({ code, path }) => `${code} ${path.join('.')}`);

  it('given nothing is wrong: every line priced, the terms of refund, no problem; for anyone', async () => {
    const found = await quote(anyone, 'EUR', [{ pricingPlanId: shop.plans.single, quantity: 3 }, { pricingPlanId: shop.plans.pack }]);
    expect(found).toMatchObject({
      subtotal: EUR('247.00'), discount: { amount: '0.00' }, total: EUR('247.00'), problems: [],
      lines: [{ index: 0, quantity: 3, unitPrice: { amount: '49.00' }, total: { amount: '147.00' } }, { index: 1, quantity: 1, unitPrice: { amount: '100.00' } }],
      refundTerms: [{ planId: shop.plans.single, windowDays: 14, partial: true, summary: expect.any(String) as string }, { planId: shop.plans.pack }],
    });
  });

  it('given everything is wrong: every problem at once, each with its place, and no total', async () => {
    const buyer = await person(entrance, ['buyer']);
    const found = await quote(buyer.http, 'USD', [
      { pricingPlanId: randomUUID() }, { pricingPlanId: 'knots' }, { pricingPlanId: shop.plans.single, quantity: 0 }, { pricingPlanId: shop.plans.single, quantity: 2_147_483_647 },
      { pricingPlanId: shop.plans.pack, learnerIds: [] }, { pricingPlanId: shop.plans.single, learnerIds: [randomUUID(), 'somebody'] }, { pricingPlanId: shop.plans.single, learnerIds: [buyer.sub, buyer.sub] },
    ]);
    expect(problems(found)).toEqual([
      'NOT_FOUND input.lines.0.pricingPlanId', 'NOT_FOUND input.lines.1.pricingPlanId', 'QUANTITY_OUT_OF_RANGE input.lines.2.quantity', 'QUANTITY_OUT_OF_RANGE input.lines.3.quantity',
      'FORBIDDEN input.lines.4.pricingPlanId', 'CURRENCY_NOT_OFFERED input.lines.4.pricingPlanId',
      'INVALID_INPUT input.lines.5.learnerIds.1', 'FORBIDDEN input.lines.5.learnerIds',
      'INVALID_INPUT input.lines.6.learnerIds', 'QUANTITY_OUT_OF_RANGE input.lines.6.learnerIds',
    ]);
    expect(found).toMatchObject({ subtotal: null, discount: null, total: null });
    expect(found.lines.map((line) => line.plan?.id ?? null)).toEqual([null, null, ...[shop.plans.single, shop.plans.single, shop.plans.pack, shop.plans.single, shop.plans.single]]);
  });

  it('given no line, too many, or no such currency: says so', async () => {
    expect(problems(await quote(anyone, 'EUR', []))).toEqual(['INVALID_INPUT input.lines']);
    expect(problems(await quote(anyone, 'EUR', Array.from({ length: 51 }, () => ({ pricingPlanId: shop.plans.single }))))).toEqual(['INVALID_INPUT input.lines']);
    expect(problems(await quote(anyone, 'XYZ', [{ pricingPlanId: shop.plans.single }]))).toEqual(['INVALID_INPUT input.currency']);
  });
});

describe('what one has bought', () => {
  let buyer: Person;
  let orderId: string;
  let licenseId: string;
  const learners = [randomUUID(), randomUUID(), randomUUID()];
  beforeAll(async () => {
    buyer = await person(entrance, ['buyer', 'org_admin']);
    const { listing } = await anyone.data(ListingFactsDocument, { id: shop.listingId, currency: 'EUR' });
    expect(listing?.id).toBe(shop.listingId);
    orderId = await place(buyer, shop.plans.pack, { learnerIds: [buyer.sub, ...learners], purchaseReference: 'PO 4711', paymentReturnUrl: 'https://shop.example/thanks', expectedTotal: EUR('100.00') });
    await outcomeOf(world, buyer, orderId);
    licenseId = (await buyer.http.data(OrderFactsDocument, { id: orderId })).order?.licenses[0]?.id ?? '';
  });
  const license = async (by: Person, more: Omit<LicenseFactsQueryVariables, 'id'> = {}) => (await by.http.data(LicenseFactsDocument, { id: licenseId, ...more })).license;
  const orders = async (by: Person, filter: OrderFilter = {}) => (await by.http.data(OrderPageDocument, { first: 100, filter })).orders?.edges.map((edge) => edge.node.id);

  it('given an order: its lines as they were bought, who bought it for whom, and its timeline', async () => {
    const { order } = await buyer.http.data(OrderFactsDocument, { id: orderId });
    expect(order).toMatchObject({
      number: expect.stringMatching(/^GE-/) as string, source: 'CHECKOUT', status: 'FULFILLED', failureReason: null, purchaseReference: 'PO 4711', version: 5, paymentUrl: null,
      buyer: { id: buyer.sub }, tenant: { id: buyer.tid }, subtotal: EUR('100.00'), discount: EUR('0.00'), total: EUR('100.00'), refunds: [],
      lines: [{ title: 'Observability in a week', planRevision: 1, courseVersionId: shop.courseVersionId, quantity: 1, course: { id: shop.courseId }, listing: { id: shop.listingId }, plan: { id: shop.plans.pack }, terms: { kind: 'SEAT_PACK', seatsIncluded: 5 } }],
    });
    const instants = order?.progress.map((step) => Date.parse(step.startedAt ?? '')) ?? [];
    expect(instants).toEqual(instants.toSorted((a, b) => a - b));
  });

  it('given filters: orders by status, time, listing, number, reference, buyer and tenant; the same for the organisation, nobody else', async () => {
    const { order } = await buyer.http.data(OrderFactsDocument, { id: orderId });
    const [before, after] = [new Date(Date.parse(order?.placedAt ?? '') - 1).toISOString(), new Date(Date.parse(order?.placedAt ?? '') + 1).toISOString()];
    const matching: OrderFilter[] = [
      {}, { statuses: ['FULFILLED'] }, { placedAfter: before }, { placedBefore: after }, { listingId: shop.listingId }, { number: order?.number }, { purchaseReference: 'PO 4711' }, { buyerId: buyer.sub }, { tenantId: buyer.tid },
    ];
    for (const filter of matching) expect([filter, await orders(buyer, filter)]).toEqual([filter, [orderId]]);
    const others: OrderFilter[] = [
      { statuses: ['PLACED'] }, { statuses: [] }, { placedAfter: after }, { placedBefore: before }, { listingId: randomUUID() }, { listingId: 'x' }, { number: 'GE-0' }, { purchaseReference: 'PO' }, { buyerId: randomUUID() }, { tenantId: shop.provider.tid },
    ];
    for (const filter of others) expect([filter, await orders(buyer, filter)]).toEqual([filter, []]);
    expect(await orders(await person(entrance, ['org_admin'], { tid: buyer.tid }))).toEqual([orderId]);
    expect(await orders(await person(entrance, ['buyer'], { tid: buyer.tid }))).toEqual([]);
    expect(await orders(shop.provider)).toEqual([]);
    expect(await orders(shop.admin, { tenantId: buyer.tid })).toEqual([orderId]);
    const page = (await buyer.http.data(OrderPageDocument, { first: 1 })).orders;
    expect(page).toMatchObject({ totalCount: 1, pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: page?.edges[0]?.cursor } });
    expect((await buyer.http.data(OrderPageDocument, { first: 1, after: page?.pageInfo.endCursor ?? '' })).orders).toMatchObject({ edges: [], pageInfo: { hasPreviousPage: true, startCursor: null } });
  });

  it('given a licence: its terms and how its seats are used, seats a page at a time and by state and learner', async () => {
    const seats = (await license(buyer, { first: 100 }))?.seats;
    expect(await license(buyer)).toMatchObject({
      state: 'ACTIVE', stateReason: null, source: 'PURCHASE', courseVersionId: shop.courseVersionId, packageFormat: 'SCORM_1_2', validUntil: null, tenant: { id: buyer.tid }, course: { id: shop.courseId },
      listing: { id: shop.listingId }, order: { id: orderId }, seatUsage: { total: 5, available: 1, assigned: 0, enrolled: 4, consumed: 0, reassignmentsLeft: null },
      seats: { totalCount: 5, pageInfo: { hasNextPage: false } },
    });
    expect((await license(buyer, { states: ['AVAILABLE'] }))?.seats.totalCount).toBe(1);
    const [learner] = learners;
    const ofLearner = (await license(buyer, { learnerId: learner ?? null }))?.seats;
    expect(ofLearner).toMatchObject({ totalCount: 1, edges: [{ node: { state: 'ENROLLED', learner: { id: learner }, license: { id: licenseId }, enrollment: { id: expect.any(String) as string } } }] });
    const first = (await license(buyer, { first: 3 }))?.seats;
    const second = (await license(buyer, { first: 3, after: first?.pageInfo.endCursor ?? '' }))?.seats;
    expect([...(first?.edges ?? []), ...(second?.edges ?? [])]).toEqual(seats?.edges);
    await world.sandbox.startEnrollment(ofLearner?.edges[0]?.node.id ?? '');
    await waitFor(async () => (await license(buyer))?.seatUsage.consumed === 1, { withinMs: 5_000, what: 'the seat to be consumed' });
    expect((await license(buyer, { states: ['CONSUMED'] }))?.seats.edges).toMatchObject([{ node: { learner: { id: learner }, consumedAt: expect.any(String) as string } }]);
  });

  it('given a limited plan whose learner nobody answers for: valid until its day, its seat ASSIGNED', async () => {
    const offer = await onSale({ accessDays: 30, prices: { EUR: 500 } });
    await world.sql(`update marketplace.pricing_plan_revision set terms = terms || '{"seatReassignmentLimit": 2}' where plan_id = $1`, [offer.planId]);
    const other = await person(entrance, ['buyer']);
    await world.sandbox.behaviour(other.tid, { enrollment: 'never' });
    const id = await place(other, offer.planId);
    const found = await waitFor(async () => (await other.http.data(LicensePageDocument, {})).licenses?.edges[0]?.node, { withinMs: 10_000, what: 'the licence' });
    const facts = (await other.http.data(LicenseFactsDocument, { id: found.id })).license;
    expect(facts).toMatchObject({ order: { id }, seatUsage: { assigned: 1, reassignmentsLeft: 2 }, seats: { edges: [{ node: { state: 'ASSIGNED', assignedAt: expect.any(String) as string, enrollment: null } }] } });
    expect(Date.parse(facts?.validUntil ?? '') - Date.parse(facts?.validFrom ?? '')).toBe(30 * 86_400_000);
  });

  it('given one’s own seat: the course says so, the licence shows that seat alone; licences by state, course and learner', async () => {
    const learner = await person(entrance, ['buyer'], { sub: learners[0] ?? '', tid: buyer.tid });
    const { course } = await learner.http.data(CourseFactsDocument, { id: shop.courseId, currency: 'EUR' });
    expect(course?.viewerLicense).toEqual({ id: licenseId, state: 'ACTIVE' });
    expect(await license(learner)).toMatchObject({ order: null, seats: { totalCount: 1, edges: [{ node: { learner: { id: learner.sub } } }] } });
    const page = async (by: Person, filter: object) => (await by.http.data(LicensePageDocument, { filter })).licenses?.edges.map((edge) => edge.node.id);
    for (const filter of [{}, { states: ['ACTIVE'] }, { courseId: shop.courseId }, { learnerId: learner.sub }]) expect([filter, await page(buyer, filter)]).toEqual([filter, [licenseId]]);
    for (const filter of [{ states: ['REVOKED'] }, { courseId: randomUUID() }, { learnerId: randomUUID() }, { learnerId: 'x' }]) expect([filter, await page(buyer, filter)]).toEqual([filter, []]);
    expect(await page(shop.provider, {})).toEqual([]);
    expect((await buyer.http.data(LicensePageDocument, { first: 1 })).licenses).toMatchObject({ totalCount: 1, pageInfo: { hasNextPage: false, startCursor: expect.any(String) as string } });
  });

  it('given it cannot be bought like that: refused with the code, and nothing stored', async () => {
    const by = await person(entrance, ['buyer']);
    const lines = [{ pricingPlanId: shop.plans.single }];
    const input = (more: Partial<PlaceOrderInput> = {}): PlaceOrderInput => ({ idempotencyKey: randomUUID(), currency: 'EUR', lines, ...more });
    const refusal = async (more: Partial<PlaceOrderInput>, who = by) => (await who.http.data(PlaceOrderDocument, { input: input(more) })).placeOrder;
    expect(await refusal({ expectedTotal: EUR('48.00') })).toMatchObject({ order: null, userErrors: [{ code: 'PRICE_CHANGED', path: ['input', 'expectedTotal'], params: [{ name: 'total', value: '49.00' }, { name: 'currency', value: 'EUR' }] }] });
    expect(await refusal({ expectedTotal: EUR('49.001') })).toMatchObject({ order: null, userErrors: [{ code: 'INVALID_INPUT', path: ['input', 'expectedTotal', 'amount'] }] });
    expect(await refusal({}, shop.provider)).toMatchObject({ order: null, userErrors: [{ code: 'FORBIDDEN' }] });
    expect(await orders(by)).toEqual([]);
    const key = randomUUID();
    const id = await place(by, shop.plans.single, { idempotencyKey: key });
    expect(await refusal({ idempotencyKey: key, purchaseReference: 'another' })).toMatchObject({ order: null, userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED', path: ['input', 'idempotencyKey'] }] });
    expect(await refusal({})).toMatchObject({ order: null, userErrors: [{ code: 'ALREADY_LICENSED', path: ['input', 'lines', '0'], params: [{ name: 'learnerIds', value: by.sub }] }] });
    expect(await orders(by)).toEqual([id]);
  });

  describe('as entities of the subgraph', () => {
    const ENTITIES = `query($r: [_Any!]!) { _entities(representations: $r) { __typename
      ... on Course { id purchasable } ... on Listing { id listed: status } ... on PricingPlan { id kind } ... on Order { id placed: status } ... on License { id granted: state } ... on Seat { id state } } }`;
    const entities = async (token: string | undefined, ids: Readonly<Record<string, string>>) => {
      const representations = Object.entries(ids).map(([__typename, id]) => ({ __typename, id }));
      const { data, errors } = await httpClient(world.subgraphUrl, token).send<{ _entities: ({ __typename: string; id: string } | null)[] }>(ENTITIES, { r: representations });
      expect(errors).toEqual([]);
      return Object.fromEntries(Object.keys(ids).map((type, index) => [type, data?._entities[index]?.id ?? null]));
    };
    const all = async () => ({
      Course: shop.courseId, Listing: shop.listingId, PricingPlan: shop.plans.single, Order: orderId, License: licenseId, Seat: (await license(buyer))?.seats.edges[0]?.node.id ?? '',
    });

    it('given one’s own ids: found, each type of entity', async () => {
      const ids = await all();
      expect(await entities(buyer.token, ids)).toEqual(ids);
    });

    it('given foreign ids, or nobody asking: null for what is somebody’s, the shop window for everyone', async () => {
      const ids = await all();
      const window = { ...ids, Order: null, License: null, Seat: null };
      const strangers = [await person(entrance, ['buyer', 'org_admin']), shop.provider, await person(entrance, ['buyer'], { tid: buyer.tid })];
      for (const token of [undefined, ...strangers.map((stranger) => stranger.token)]) expect(await entities(token, ids)).toEqual(window);
    });

    it('given ids that name nothing or are none: null, no error', async () => {
      const types = ['Course', 'Listing', 'PricingPlan', 'Order', 'License', 'Seat'];
      const nothing = randomUUID();
      expect(await entities(buyer.token, Object.fromEntries(types.map((type) => [type, nothing])))).toEqual({ Course: nothing, Listing: null, PricingPlan: null, Order: null, License: null, Seat: null });
      expect(await entities(buyer.token, Object.fromEntries(types.map((type) => [type, "'; drop table listing"])))).toEqual(Object.fromEntries(types.map((type) => [type, null])));
    });
  });
});
