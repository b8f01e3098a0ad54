import { randomUUID } from 'node:crypto';
import { CancelOrderDocument, PlaceOrderDocument } from './operations/generated';
import { httpClient, wsClient } from '../support/graphql-client';
import { outcomeOf } from '../support/outcome';
import { Replica } from '../support/replica';
import { openShop, person, place } from '../support/shop';
import type { Entrance, Person, Shop } from '../support/shop';
import { waitFor } from '../support/wait';
import { startWorld } from '../support/world';
import type { World } from '../support/world';

/*
 * What an attacker tries, beyond the bad input of bad-input.spec.ts: too much at once, what is another's, card data,
 * the schema in production. Before two replicas with small quotas.
 */
const PER_MINUTE = 400;
const CARD = '4111 1111 1111 1111';
const ATTACKED = { RATE_LIMIT_PER_MINUTE: String(PER_MINUTE), MAX_SUBSCRIPTIONS_PER_USER: '3' };

let world: World;
let entrance: Entrance;
let shop: Shop;
let buyer: Person;
let stranger: Person;
let orderId: string;
let waitingOrderId: string;
beforeAll(async () => {
  world = await startWorld({ replicas: 2, env: ATTACKED });
  entrance = { url: world.supergraphUrl, sandbox: world.sandbox };
  shop = await openShop(entrance);
  buyer = await person(entrance, ['buyer', 'org_admin']);
  stranger = await person(entrance, ['buyer', 'org_admin', 'provider']);
  orderId = await place(buyer, shop.plans.single);
  await outcomeOf(world, buyer, orderId);
  await world.sandbox.behaviour(buyer.tid, { payment: 'never' });
  waitingOrderId = await place(buyer, shop.plans.pack, { learnerIds: [] });
});
afterAll(() => world.stop());

interface Refusal { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> | undefined }

async function overHttp(url: string, query: string, variables: Record<string, unknown> = {}, token = buyer.token): Promise<readonly Refusal[]> {
  return (await httpClient(url, token).send(query, variables)).errors as readonly Refusal[];
}
async function overSocket(url: string, query: string, variables: Record<string, unknown> = {}, token = buyer.token): Promise<readonly Refusal[]> {
  const client = wsClient(url, token);
  try {
    const first = await client.subscribe(query, variables).next();
    return first.done === true ? [] : ((first.value.errors ?? []) as readonly Refusal[]);
  } catch (errors) {
    if (Array.isArray(errors)) return errors as Refusal[];
    throw errors;
  } finally {
    await client.dispose();
  }
}
const codes = (errors: readonly Refusal[]) => [...new Set(errors.map((error) => error.extensions?.['code']))];

const page = (inner: string): string => `listings(first: 100) { edges { node { ${inner} } } }`;
const COSTLY = `{ ${page(`course { ${page(`course { ${page('id')} }`)} }`)} }`;
const CIRCULAR = '{ listings { ...A } } fragment A on ListingConnection { edges { node { course { listings { ...A } } } } }';
const ALIASED = `{ ${Array.from({ length: 101 }, (_, i) => `a${i}: listing(id: "x") { id }`).join(' ')} }`;
const WIDE = `{ ${'listings { totalCount } '.repeat(1_400)} }`;
const WITH_DIRECTIVES = `{ ${Array.from({ length: 51 }, (_, i) => `a${i}: __typename @include(if: true)`).join(' ')} listings { totalCount } }`;
const VALIDATION = ['GRAPHQL_VALIDATION_FAILED'];

describe.each([['gateway', () => world.supergraphUrl], ['subgraph', () => world.subgraphUrl]] as const)('at the %s', (place_, urlOf) => {
  it.each([
    ['costly', COSTLY, ['OPERATION_TOO_COSTLY']], ['circular', CIRCULAR, VALIDATION], ['aliased', ALIASED, VALIDATION],
    // the gateway merges equal fields: nothing of a wide one is left for us to refuse
    ...(place_ === 'gateway' ? [] : [['wide', WIDE, ['GRAPHQL_PARSE_FAILED']] as const]),
  ] as (readonly [string, string, string[]])[])('given an operation that is %s: refused, over HTTP and WebSocket', async (_what, query, expected) => {
    expect(codes(await overHttp(urlOf(), query))).toEqual(expected);
    expect(codes(await overSocket(urlOf(), query))).toEqual(expected);
  });

  it('given pages of 100 with all that a storefront shows of them: answered', async () => {
    const plans = 'plans { id name kind prices { amount currency } refundPolicy { windowDays partial } }';
    expect(await overHttp(urlOf(), `{ ${page(`id title tags ${plans} lowestPrice(currency: "EUR") { price { amount } plan { id } } course { id purchasable }`)} }`)).toEqual([]);
    expect(await overHttp(urlOf(), '{ orders(first: 100) { edges { node { id lines { id total { amount } } licenses { id seats(first: 50) { edges { node { id state } } } } } } } }')).toEqual([]);
  });

  it('given a card number in a variable or a literal: refused, repeated nowhere and stored nowhere', async () => {
    const input = { idempotencyKey: randomUUID(), currency: 'EUR', lines: [{ pricingPlanId: shop.plans.single }], purchaseReference: `card ${CARD}` };
    const mutation = 'mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } userErrors { code } } }';
    const literal = `mutation { cancelOrder(id: "${CARD}") { order { id } } }`;
    for (const errors of [await overHttp(urlOf(), mutation, { input }), await overSocket(urlOf(), mutation, { input }), await overHttp(urlOf(), literal), await overSocket(urlOf(), literal)]) {
      expect(codes(errors)).toEqual(['CARD_NUMBER_REFUSED']);
      expect(JSON.stringify(errors)).not.toContain('1111');
    }
    expect(await world.sql('select 1 from marketplace.orders where purchase_reference is not null')).toEqual([]);
  });

  it('given a coupon code of nearly 1 MiB: refused as a code that nobody has, without repeating it', async () => {
    const { data, errors } = await httpClient(urlOf(), buyer.token).send<{ quote: { problems: { code: string; message: string }[] } }>(
      'query($i: QuoteInput!) { quote(input: $i) { problems { code message path } } }', { i: { currency: 'EUR', couponCode: 'A'.repeat(1_000_000), lines: [{ pricingPlanId: shop.plans.single }] } });
    expect(errors).toEqual([]);
    const problem = data?.quote.problems.find(({ code }) => code.startsWith('COUPON') || code === 'INVALID_INPUT');
    expect(problem).toBeDefined();
    expect(JSON.stringify(problem).length).toBeLessThan(1_000);
  });

  it('given foreign ids to cancel or refund: NOT_FOUND, nothing changed', async () => {
    const strange = httpClient(urlOf(), stranger.token);
    expect((await strange.data(CancelOrderDocument, { id: waitingOrderId })).cancelOrder).toMatchObject({ order: null, userErrors: [{ code: 'NOT_FOUND' }] });
    const { data } = await strange.send<{ requestRefund: object }>('mutation($id: ID!) { requestRefund(orderId: $id) { order { id } userErrors { code } } }', { id: orderId });
    expect(data?.requestRefund).toEqual({ order: null, userErrors: [{ code: 'NOT_FOUND' }] });
    expect(codes(await overSocket(urlOf(), 'subscription($o: ID!) { orderStatusChanged(orderId: $o) { status } }', { o: orderId }, stranger.token))).toEqual(['NOT_FOUND']);
  });
});

describe('`_entities`, which a gateway asks', () => {
  const ENTITIES = 'query($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Order { id } ... on License { id } ... on Seat { id } ... on Coupon { id code } } }';
  const asked = async (who: Person) => {
    const [license] = await world.sql<{ id: string }>('select id from marketplace.license where order_id = $1', [orderId]);
    const [seat] = await world.sql<{ id: string }>('select id from marketplace.seat where license_id = $1', [license?.id]);
    const representations = [{ __typename: 'Order', id: orderId }, { __typename: 'License', id: license?.id }, { __typename: 'Seat', id: seat?.id }];
    const url = world.subgraphUrl;
    const overHttps = await httpClient(url, who.token).data<{ _entities: unknown[] }>(ENTITIES, { r: representations });
    const client = wsClient(url, who.token);
    const socket = await client.subscribe<{ _entities: unknown[] }>(ENTITIES, { r: representations }).next();
    await client.dispose();
    expect((socket.value as { data: unknown }).data).toEqual(overHttps);
    return overHttps._entities;
  };

  it('given foreign ids: null for each; given one’s own: what they name', async () => {
    expect(await asked(stranger)).toEqual([null, null, null]);
    expect(await asked(buyer)).toEqual([expect.objectContaining({ id: orderId }), expect.objectContaining({ __typename: 'License' }), expect.objectContaining({ __typename: 'Seat' })]);
  });

  it('given more objects than may be asked for: OPERATION_TOO_COSTLY', async () => {
    const query = 'query($r: [_Any!]!) { _entities(representations: $r) { ... on Course { listings(first: 100) { edges { node { plans { id } } } } } } }';
    const r = Array.from({ length: 200 }, () => ({ __typename: 'Course', id: shop.courseId }));
    for (const errors of [await overHttp(world.subgraphUrl, query, { r }), await overSocket(world.subgraphUrl, query, { r })]) {
      expect(errors).toEqual([expect.objectContaining({ extensions: expect.objectContaining({ code: 'OPERATION_TOO_COSTLY', limit: 'cost', max: 100_000 }) as object })]);
    }
  });
});

describe('at the subgraph alone', () => {
  it('given too many directives: refused, over HTTP and WebSocket', async () => {
    expect(codes(await overHttp(world.subgraphUrl, WITH_DIRECTIVES))).toEqual(VALIDATION);
    expect(codes(await overSocket(world.subgraphUrl, WITH_DIRECTIVES))).toEqual(VALIDATION);
  });

  it('given two operations and no name: OPERATION_RESOLUTION_FAILURE', async () => {
    const both = 'query A { listings { totalCount } } query B { listings { totalCount } }';
    expect([codes(await overHttp(world.subgraphUrl, both)), codes(await overSocket(world.subgraphUrl, both))]).toEqual([['OPERATION_RESOLUTION_FAILURE'], ['OPERATION_RESOLUTION_FAILURE']]);
  });
});

describe('quantities that cannot be', () => {
  const HOSTILE = [-1, 0, 2_147_483_647, -2_147_483_648];
  const input = (more: object) => ({ tenantId: buyer.tid, listingId: shop.listingId, pricingPlanId: shop.plans.pack, reason: 'test', ...more });
  const cases: readonly (readonly [string, () => Person, string, (n: number) => object])[] = [
    ['seats of a granted licence', () => shop.admin, 'mutation($i: GrantLicenseInput!) { answer: grantLicense(input: $i) { license { id } userErrors { code } } }', (seats) => input({ seats })],
    ['redemptions of a coupon', () => shop.provider, 'mutation($i: CreateCouponInput!) { answer: createCoupon(input: $i) { coupon { id } userErrors { code } } }', (maxRedemptions) => ({ code: `N${maxRedemptions}`, percentOff: '10', maxRedemptions })],
    ['seats of a plan', () => shop.provider, 'mutation($i: CreatePricingPlanInput!) { answer: createPricingPlan(input: $i) { plan { id } userErrors { code } } }', (seatsIncluded) => ({ listingId: shop.listingId, kind: 'SEAT_PACK', name: 'N', prices: [{ amount: '1.00', currency: 'EUR' }], seatsIncluded })],
    ['days of access', () => shop.provider, 'mutation($i: CreatePricingPlanInput!) { answer: createPricingPlan(input: $i) { plan { id } userErrors { code } } }', (accessDays) => ({ listingId: shop.listingId, kind: 'ONE_TIME', name: 'N', prices: [{ amount: '1.00', currency: 'EUR' }], accessDays })],
    ['percent off', () => shop.provider, 'mutation($i: CreateCouponInput!) { answer: createCoupon(input: $i) { coupon { id } userErrors { code } } }', (percentOff) => ({ code: `P${percentOff}`, percentOff: String(percentOff) })],
  ];

  it.each(cases)('given %s that are negative, nothing or without end: refused with what is possible, or taken as they are; never a fault', async (_what, who, mutation, inputOf) => {
    for (const n of HOSTILE) {
      const { data, errors } = await httpClient(world.supergraphUrl, who().token).send<{ answer: { userErrors: { code: string }[] } }>(mutation, { i: inputOf(n) });
      expect([n, errors]).toEqual([n, []]);
      if (n < 0) expect([n, data?.answer.userErrors.map(({ code }) => code)]).not.toEqual([n, []]);
    }
  });
});

describe('too much of one caller', () => {
  it('given a minute’s operations are used up, over both replicas: RATE_LIMITED and when to come back; others are served', async () => {
    const greedy = await person(entrance, ['buyer']);
    const ask = (url = world.supergraphUrl) => httpClient(url, greedy.token).send('{ orders(first: 1) { totalCount } }');
    const refused = await waitFor(async () => {
      const answers = await Promise.all(Array.from({ length: 50 }, () => ask()));
      return answers.find(({ errors }) => errors.some((error) => error.extensions?.['code'] === 'RATE_LIMITED'));
    }, { withinMs: 60_000, what: 'the quota to be used up' });
    expect(refused.errors).toEqual([expect.objectContaining({ extensions: expect.objectContaining({ code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) as number }) as object })]);
    expect(await overHttp(world.supergraphUrl, '{ orders(first: 1) { totalCount } }')).toEqual([]);
  });

  it('given too many subscriptions: TOO_MANY_SUBSCRIPTIONS; one that ends makes room', async () => {
    const clients = Array.from({ length: 3 }, () => wsClient(world.subgraphUrl, buyer.token));
    const watch = 'subscription($o: ID!) { orderStatusChanged(orderId: $o) { status } }';
    for (const client of clients) expect((await client.subscribe(watch, { o: waitingOrderId }).next()).value).toMatchObject({ data: { orderStatusChanged: { status: 'AWAITING_PAYMENT' } } });
    expect(codes(await overSocket(world.subgraphUrl, watch, { o: waitingOrderId }))).toEqual(['TOO_MANY_SUBSCRIPTIONS']);
    await clients[0]?.dispose();
    await waitFor(async () => (await overSocket(world.subgraphUrl, watch, { o: waitingOrderId })).length === 0, { withinMs: 10_000, what: 'room for another subscription' });
    for (const client of clients) await client.dispose();
  });

  it('given Redis is away: served all the same, and each replica keeps its own quota', async () => {
    const replica = await Replica.start('without-redis', 'security', { ...world.replicas[0]?.env, REDIS_URL: 'redis://127.0.0.1:1', ROLES: 'api', RATE_LIMIT_PER_MINUTE: '20' });
    try {
      const greedy = await person(entrance, ['buyer']);
      const statuses: number[] = [];
      for (let i = 0; i < 25; i += 1) statuses.push((await httpClient(replica.graphqlUrl, greedy.token).send('{ orders(first: 1) { totalCount } }')).status);
      expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 200));
      expect(statuses).toContain(429);
    } finally {
      await replica.stop();
    }
  });
});

describe('in production', () => {
  it('given questions about the schema: refused, over HTTP and WebSocket, and no stack in any answer', async () => {
    const replica = await Replica.start('production', 'security', { ...world.replicas[0]?.env, NODE_ENV: 'production', ROLES: 'api' });
    try {
      for (const query of ['{ __schema { types { name } } }', '{ __type(name: "Order") { name } }', '{ _service { sdl } }']) {
        for (const errors of [await overHttp(replica.graphqlUrl, query), await overSocket(replica.graphqlUrl, query)]) {
          expect(codes(errors)).toEqual(VALIDATION);
          expect(JSON.stringify(errors)).not.toMatch(/stack|node_modules/);
        }
      }
      expect(await overHttp(replica.graphqlUrl, '{ listings { totalCount __typename } }')).toEqual([]);
    } finally {
      await replica.stop();
    }
  });
});

it('what the replicas have logged of all this holds no token, no card number and no fault', () => {
  for (const log of world.replicas.map((replica) => replica.logTail(100_000))) {
    expect(log).toContain('"msg":"ready"');
    expect(log).not.toMatch(/eyJ[\w-]{10,}\.|4111[ -]?1111|an operation failed/);
    for (const who of [buyer, stranger]) expect(log).not.toContain(who.token);
  }
});

it('after all of it: a purchase still goes through', async () => {
  const happy = await person(entrance, ['buyer']);
  const placed = await happy.http.data(PlaceOrderDocument, { input: { idempotencyKey: randomUUID(), currency: 'EUR', lines: [{ pricingPlanId: shop.plans.single }] } });
  expect((await outcomeOf(world, happy, placed.placeOrder.order?.id ?? '')).order.status).toBe('FULFILLED');
});
