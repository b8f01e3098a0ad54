import { createHmac, randomUUID } from 'node:crypto';
import { connect } from 'nats';
import { CancelOrderDocument, PlaceOrderDocument, UpdateListingDocument } from './operations/generated';
import type { PlaceOrderInput } from './operations/generated';
import { recordAnswer } from '../support/coordinates';
import { exampleEnvelope } from '../support/event-examples';
import { httpClient, wsClient } from '../support/graphql-client';
import { outcomeOf } from '../support/outcome';
import { freePort } from '../support/ports';
import { Replica } from '../support/replica';
import { openShop, person, place } from '../support/shop';
import type { Person, Shop } from '../support/shop';
import { waitFor } from '../support/wait';
import { startWorld } from '../support/world';
import type { World } from '../support/world';

/*
 * Whatever comes in, through the gateway or straight at the subgraph, over HTTP or WebSocket, or as an event: a clear
 * error, nothing of what is inside, and the service goes on working.
 */
const MIB = 1024 * 1024;
/** Of nothing and nobody. */
const NOTHING = '0197d7a0-0000-7000-8000-00000000dead';
/** What belongs into a log and never into an answer. */
const INSIDES = /node_modules|\/(src|dist|sandbox|work|home)\/|\.[jt]s:\d|\bat \S+ \(|ECONN|ENOTFOUND|\bselect\b.+\bfrom\b|relation "|marketplace\.[a-z]|postgres|typeorm/i;

let world: World;
let shop: Shop;
let buyer: Person;
let stranger: Person;
let orderId: string;
let licenseId: string;
let waitingOrderId: string;
let replicaPid: number | undefined;
beforeAll(async () => {
  world = await startWorld();
  replicaPid = world.replicas[0]?.pid;
  const entrance = { url: world.supergraphUrl, sandbox: world.sandbox };
  shop = await openShop(entrance);
  buyer = await person(entrance, ['buyer', 'org_admin']);
  stranger = await person(entrance, ['buyer', 'org_admin']);
  orderId = await place(buyer, shop.plans.single);
  licenseId = (await outcomeOf(world, buyer, orderId)).order.licenses[0]?.id ?? '';
  await world.sandbox.behaviour(buyer.tid, { payment: 'never' });
  waitingOrderId = await place(buyer, shop.plans.pack, { learnerIds: [] });
});
afterAll(() => world.stop());

interface Answer {
  readonly status: number;
  readonly codes: readonly unknown[];
  readonly messages: readonly string[];
  readonly data: Readonly<Record<string, unknown>> | null;
}
interface Failed { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> }

function read(operation: string, status: number, { data = null, errors = [] }: { readonly data?: Answer['data']; readonly errors?: readonly Failed[] }): Answer {
  expect(JSON.stringify(errors)).not.toMatch(INSIDES);
  recordAnswer(operation, {}, { data, errors });
  return { status, data, codes: errors.map((error) => error.extensions?.['code']), messages: errors.map((error) => error.message) };
}

/** Bytes as they are, for what no client would send. */
async function post(url: string, body: string, headers: Readonly<Record<string, string>> = {}, operation = ''): Promise<Answer> {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
  const text = await answer.text();
  expect(answer.status).toBeLessThan(500);
  expect(text).not.toMatch(INSIDES);
  return read(operation, answer.status, (JSON.parse(text === '' ? 'null' : text) as Parameters<typeof read>[2] | null) ?? {});
}

const ask = (url: string, query: string, variables: unknown = {}, token: string | undefined = buyer.token): Promise<Answer> =>
  post(url, JSON.stringify({ query, variables }), token === undefined ? {} : { authorization: `Bearer ${token}` }, query);

/** The first thing that a socket says to an operation. */
async function askSocket(url: string, query: string, variables: Record<string, unknown>, authorization: string | undefined): Promise<Answer> {
  const client = wsClient(url, undefined, authorization === undefined ? {} : { connectionParams: { Authorization: authorization } });
  try {
    const first = await client.subscribe(query, variables).next();
    return read(query, 0, first.done === true ? {} : (first.value as Parameters<typeof read>[2]));
  } catch (error) {
    if (Array.isArray(error)) return read(query, 0, { errors: error as Failed[] });
    throw error;
  } finally {
    await client.dispose();
  }
}

const WATCH = 'subscription($o: ID!, $v: Int) { orderStatusChanged(orderId: $o, afterVersion: $v) { status } }';
const LISTINGS = 'query($first: Int, $after: String) { listings(first: $first, after: $after) { totalCount edges { node { id } } } }';
const ORDERS = 'query($f: OrderFilter) { orders(filter: $f) { totalCount edges { node { id } } } }';
const QUOTE = 'query($i: QuoteInput!) { quote(input: $i) { total { amount } problems { code } } }';
const PLACE = 'mutation($i: PlaceOrderInput!) { placeOrder(input: $i) { order { id } userErrors { code path message } } }';
const DEEP = `{ listings { edges { node { ${'course { listings { edges { node { '.repeat(3)} id ${'} } } }'.repeat(3)} } } } }`;
const ALIASES = `{ ${Array.from({ length: 101 }, (_, i) => `a${i}: listing(id: "x") { id }`).join(' ')} }`;
const WIDE = `{ ${'listings { totalCount } '.repeat(2_000)} }`;

describe.each([['gateway', () => world.supergraphUrl], ['subgraph', () => world.subgraphUrl]] as const)('at the %s', (place_, urlOf) => {
  const atGateway = place_ === 'gateway';

  describe('what is no operation', () => {
    it.each([['cut off', '{"query": '], ['a list', '[]'], ['null', 'null'], ['an empty object', '{}'], ['a number', '42']])('given JSON that is %s: BAD_REQUEST', async (_what, body) => {
      expect((await post(urlOf(), body)).codes).toEqual(['BAD_REQUEST']);
    });

    it('given another type of content: refused as such', async () => {
      const answer = await post(urlOf(), '<listings/>', { 'content-type': 'application/xml' });
      expect(answer).toMatchObject({ status: 415, codes: atGateway ? [] : ['UNSUPPORTED_MEDIA_TYPE'] });
      expect((await post(urlOf(), '{ listings { totalCount } }', { 'content-type': 'text/plain' })).status).toBe(atGateway ? 415 : 400);
    });

    it('given another path: 404', async () => {
      expect(await post(urlOf().replace('/graphql', '/admin'), '{}')).toMatchObject({ status: 404, codes: atGateway ? [] : ['NOT_FOUND'] });
    });

    it('given a body over 1 MiB: 413 and how much is possible', async () => {
      const answer = await post(urlOf(), JSON.stringify({ query: '{ __typename }', variables: { x: 'x'.repeat(MIB) } }));
      expect(answer).toMatchObject({ status: 413, codes: ['PAYLOAD_TOO_LARGE'], messages: [expect.stringContaining('larger than 1 MiB')] });
      const client = wsClient(urlOf(), buyer.token);
      await expect(client.subscribe(LISTINGS, { after: 'x'.repeat(MIB) }).next()).rejects.toMatchObject({ code: 1_009 });
      await client.dispose();
    });
  });

  describe('operations that do not fit the schema', () => {
    it.each([
      ['malformed', '{ listing(', 'GRAPHQL_PARSE_FAILED'], ['with an unknown field', '{ listing(id: "1") { nothing } }', 'GRAPHQL_VALIDATION_FAILED'],
      ['with a literal of the wrong type', '{ listings(first: "x") { totalCount } }', 'GRAPHQL_VALIDATION_FAILED'], ['without a needed argument', '{ listing { id } }', 'GRAPHQL_VALIDATION_FAILED'],
      ['too deep', DEEP, 'GRAPHQL_VALIDATION_FAILED'],
    ])('given one that is %s: its code, over HTTP and WebSocket', async (_what, query, code) => {
      expect(await ask(urlOf(), query)).toMatchObject({ codes: [code], data: null });
      expect((await askSocket(urlOf(), query, {}, `Bearer ${buyer.token}`)).codes).toEqual([code]);
    });

    it('given more than a hundred aliases, or thousands of fields: refused before anything is asked', async () => {
      expect(new Set((await ask(urlOf(), ALIASES)).messages)).toEqual(new Set(['The operation has more than 100 aliases.']));
      expect((await ask(urlOf(), WIDE)).codes).toEqual([atGateway ? 'GRAPHQL_VALIDATION_FAILED' : 'GRAPHQL_PARSE_FAILED']);
    });

    it.each([
      ['a text for a number', LISTINGS, { first: 'x' }, 'Int cannot represent'], ['a number beyond 32 bits', QUOTE, { i: { currency: 'EUR', lines: [{ pricingPlanId: 'x', quantity: 2 ** 40 }] } }, '32-bit'],
      ['an unknown enum value', ORDERS, { f: { statuses: ['NOPE'] } }, 'does not exist in "OrderStatus"'], ['a variable left out', QUOTE, {}, 'was not provided'],
      ['a field that the input lacks', QUOTE, { i: { currency: 'EUR', lines: [], gift: true } }, 'not defined by type "QuoteInput"'],
    ])('given %s: says which variable and why, over HTTP and WebSocket', async (_what, query, variables, message) => {
      // The gateway knows these types itself, and gives such errors no code.
      const expected = { codes: [atGateway ? undefined : 'BAD_USER_INPUT'], messages: [expect.stringContaining(message)], data: null };
      expect(await ask(urlOf(), query, variables)).toMatchObject({ ...expected, status: 400 });
      expect(await askSocket(urlOf(), query, variables, `Bearer ${buyer.token}`)).toMatchObject(expected);
    });

    it.each([
      ['a currency', QUOTE, { i: { currency: 'euro', lines: [] } }, 'ISO 4217'], ['a day that does not exist', ORDERS, { f: { placedAfter: '2026-02-30T00:00:00Z' } }, 'RFC 3339'],
      ['an amount with an exponent', PLACE, { i: { idempotencyKey: 'k', currency: 'EUR', lines: [], expectedTotal: { amount: '1e3', currency: 'EUR' } } }, 'without an exponent'],
      ['no web address', PLACE, { i: { idempotencyKey: 'k', currency: 'EUR', lines: [], paymentReturnUrl: 'home' } }, 'complete web address'],
    ])('given %s where a scalar is due: BAD_USER_INPUT and what would do', async (_what, query, variables, message) => {
      expect(await ask(urlOf(), query, variables)).toMatchObject({ codes: ['BAD_USER_INPUT'], messages: [expect.stringContaining(message)] });
    });
  });

  describe('values that cannot be', () => {
    it.each([0, 101, -1, 2_147_483_647])('given first: %d: BAD_USER_INPUT with the bounds', async (first) => {
      expect(await ask(urlOf(), LISTINGS, { first })).toMatchObject({ codes: ['BAD_USER_INPUT'], messages: [`“first” is from 1 to 100; this is ${first}.`] });
    });

    it.each(['nonsense', '', 'WyJhIiwiYiJd', '\u0000', Buffer.from(JSON.stringify(["2026-01-01' or true", NOTHING])).toString('base64url')])('given the cursor %j: BAD_USER_INPUT', async (after) => {
      expect(await ask(urlOf(), LISTINGS, { after })).toMatchObject({ codes: ['BAD_USER_INPUT'], messages: ['“after” is no cursor of this list.'] });
    });

    it.each(['x', '', 'a\u0000b', "'; drop table listing; --", NOTHING])('given the id %j: nothing, and no error', async (id) => {
      const answer = await ask(urlOf(), 'query($id: ID!) { listing(id: $id) { id } order(id: $id) { id } license(id: $id) { id } saga(id: $id) { id } }', { id });
      expect(answer).toMatchObject({ status: 200, codes: [], data: { listing: null, order: null, license: null, saga: null } });
    });

    it('given halves of characters and NUL in texts: no such order; nothing that is stored', async () => {
      const nowhere = await post(urlOf(), `{"query":${JSON.stringify(ORDERS)},"variables":{"f":{"number":"\\ud800","purchaseReference":"\\u0000"}}}`, { authorization: `Bearer ${buyer.token}` });
      expect(nowhere).toMatchObject({ codes: [], data: { orders: { totalCount: 0, edges: [] } } });
      const { data } = await ask(urlOf(), PLACE, { i: { idempotencyKey: 'a\u0000\ud800', purchaseReference: '\udfff', currency: 'EUR', lines: [{ pricingPlanId: shop.plans.single }] } });
      expect(data).toMatchObject({ placeOrder: { order: null, userErrors: [{ code: 'INVALID_INPUT', path: ['input', 'idempotencyKey'] }, { code: 'INVALID_INPUT', path: ['input', 'purchaseReference'] }] } });
    });

    it('given quantities out of all bounds, or ten thousand learners: QUANTITY_OUT_OF_RANGE with the bound', async () => {
      const line = (more: object) => ({ i: { idempotencyKey: randomUUID(), currency: 'EUR', lines: [{ pricingPlanId: shop.plans.site, ...more }] } satisfies PlaceOrderInput });
      const learnerIds = Array.from({ length: 10_000 }, () => randomUUID());
      for (const [more, field] of [[{ quantity: -1 }, 'quantity'], [{ quantity: 0 }, 'quantity'], [{ quantity: 2_147_483_647 }, 'quantity'], [{ learnerIds }, 'learnerIds']] as const) {
        expect((await ask(urlOf(), PLACE, line(more))).data).toMatchObject({ placeOrder: { order: null, userErrors: [{ code: 'QUANTITY_OUT_OF_RANGE', path: ['input', 'lines', '0', field] }] } });
      }
    });
  });

  describe('tokens', () => {
    const part = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url');
    const made = async (more: object) => `Bearer ${(await world.sandbox.token({ sub: buyer.sub, tid: buyer.tid, roles: ['buyer'], ...more })).accessToken}`;
    /** Signed by nothing, or by the public key as if it were a secret. */
    async function homemade(alg: 'none' | 'HS256'): Promise<string> {
      const jwks = await (await fetch(`${world.sandboxUrl}/identity/.well-known/jwks.json`)).text();
      const { keys: [key] } = JSON.parse(jwks) as { keys: [{ kid: string }] };
      const claims = { sub: buyer.sub, tid: buyer.tid, roles: ['platform_admin'], iss: `${world.sandboxUrl}/identity`, aud: 'marketplace', exp: 4_000_000_000 };
      const text = `${part({ alg, kid: key.kid })}.${part(claims)}`;
      return `Bearer ${text}.${alg === 'none' ? '' : createHmac('sha256', JSON.stringify(key)).update(text).digest('base64url')}`;
    }
    const TOKENS: readonly (readonly [string, string, () => Promise<string | undefined>])[] = [
      ['none', 'This needs a token', async () => undefined], ['nonsense', 'malformed', async () => 'Bearer x.y.z'], ['another scheme', '“Bearer” and a token', async () => 'Basic eDp5'],
      ['an expired one', 'has expired', () => made({ expiresInSeconds: -10 })], ['a forged one', 'signature is wrong', () => made({ forged: true })],
      ['one for another audience', 'another audience', () => made({ audience: 'billing' })], ['one from another issuer', 'another issuer', () => made({ issuer: 'https://identity.example' })],
      ['one that names nobody', 'must be UUIDs', () => made({ sub: 'me' })],
      ['one with alg none', 'must be signed by RS256 or ES256', () => homemade('none')], ['one signed with the public key', 'must be signed by RS256 or ES256', () => homemade('HS256')],
    ];

    it.each(TOKENS)('given %s: what is public answers, the rest is UNAUTHENTICATED and says “%s”; over HTTP and WebSocket', async (_what, reason, token) => {
      const authorization = await token();
      const body = JSON.stringify({ query: `{ listings { totalCount } order(id: "${orderId}") { id } }` });
      const answer = await post(urlOf(), body, authorization === undefined ? {} : { authorization });
      expect(answer).toMatchObject({ codes: ['UNAUTHENTICATED'], messages: [expect.stringContaining(reason)], data: { listings: { totalCount: 1 }, order: null } });
      expect(await askSocket(urlOf(), WATCH, { o: orderId }, authorization)).toMatchObject({ codes: ['UNAUTHENTICATED'], messages: [expect.stringContaining(reason)] });
    });

    it('given one that expires while it is watched with: the socket closes with 4403, for the client to come back', async () => {
      const { accessToken } = await world.sandbox.token({ sub: buyer.sub, tid: buyer.tid, roles: ['buyer'], expiresInSeconds: 2 });
      const client = wsClient(urlOf(), accessToken);
      const updates = client.subscribe(WATCH, { o: waitingOrderId });
      expect((await updates.next()).done).toBe(false);
      await expect(updates.next()).rejects.toMatchObject({ code: 4_403 });
      await client.dispose();
    });
  });

  describe('what is somebody else’s', () => {
    it('given foreign ids in queries: null, and no entry in any list', async () => {
      const query = `{ order(id: "${orderId}") { id } license(id: "${licenseId}") { id } orders(filter: { buyerId: "${buyer.sub}" }) { totalCount } licenses(filter: { learnerId: "${buyer.sub}" }) { totalCount } }`;
      expect(await ask(urlOf(), query, {}, stranger.token)).toMatchObject({ codes: [], data: { order: null, license: null, orders: { totalCount: 0 }, licenses: { totalCount: 0 } } });
      expect((await ask(urlOf(), query)).data).toMatchObject({ order: { id: orderId }, license: { id: licenseId }, orders: { totalCount: 2 }, licenses: { totalCount: 1 } });
    });

    it('given foreign ids in mutations: NOT_FOUND, nothing changed', async () => {
      const strange = httpClient(urlOf(), stranger.token);
      for (const id of [waitingOrderId, randomUUID(), 'x']) {
        expect((await strange.data(CancelOrderDocument, { id })).cancelOrder).toMatchObject({ order: null, userErrors: [{ code: 'NOT_FOUND', path: ['id'] }] });
      }
      const otherProvider = await person({ url: urlOf(), sandbox: world.sandbox }, ['provider']);
      expect((await otherProvider.http.data(UpdateListingDocument, { input: { id: shop.listingId, title: 'Mine' } })).updateListing).toMatchObject({ listing: null, userErrors: [{ code: 'FORBIDDEN' }] });
      expect((await ask(urlOf(), `{ order(id: "${waitingOrderId}") { status } }`)).data).toEqual({ order: { status: 'AWAITING_PAYMENT' } });
    });

    it('given a foreign or unknown order to watch: NOT_FOUND; given a version that cannot be: BAD_USER_INPUT', async () => {
      for (const o of [orderId, randomUUID(), 'x']) {
        expect(await askSocket(urlOf(), WATCH, { o }, `Bearer ${stranger.token}`)).toMatchObject({ codes: ['NOT_FOUND'], messages: ['No such order.'] });
      }
      expect((await askSocket(urlOf(), WATCH, { o: orderId, v: -1 }, `Bearer ${buyer.token}`)).codes).toEqual(['BAD_USER_INPUT']);
    });
  });

  it('given a fault of our own: an id to ask about, and nothing of what went wrong', async () => {
    await world.sql('alter table marketplace.orders rename to orders_away');
    try {
      const fault = { codes: ['INTERNAL_SERVER_ERROR'], messages: [expect.stringMatching(/^Internal server error \(id [0-9a-f-]{36}\)$/)], data: { orders: null } };
      expect(await ask(urlOf(), ORDERS)).toMatchObject({ ...fault, status: 200 });
      expect(await askSocket(urlOf(), ORDERS, {}, `Bearer ${buyer.token}`)).toMatchObject(fault);
    } finally {
      await world.sql('alter table marketplace.orders_away rename to orders');
    }
  });

  it('after all of it: still the same process, which sells', async () => {
    const happy = await person({ url: world.supergraphUrl, sandbox: world.sandbox }, ['buyer']);
    const placed = await httpClient(urlOf(), happy.token).data(PlaceOrderDocument, { input: { idempotencyKey: randomUUID(), currency: 'EUR', lines: [{ pricingPlanId: shop.plans.single }] } });
    expect((await outcomeOf(world, happy, placed.placeOrder.order?.id ?? '')).order.status).toBe('FULFILLED');
    expect(world.replicas[0]).toMatchObject({ running: true, pid: replicaPid });
  });
});

describe('a neighbour that is away', () => {
  const withOne = async (env: Readonly<Record<string, string>>, work: (url: string) => Promise<void>) => {
    const replica = await Replica.start('lonely', 'bad-input', { ...world.replicas[0]?.env, ...env, ROLES: 'api' });
    try {
      await work(replica.graphqlUrl);
    } finally {
      await replica.stop();
    }
  };

  it('given catalog or tenant-service cannot be asked: refused with TEMPORARILY_UNAVAILABLE and which one, nothing changed', async () => {
    const away = `http://127.0.0.1:${await freePort()}`;
    const refusal = (service: string) => ({ listing: null, userErrors: [{ code: 'TEMPORARILY_UNAVAILABLE', params: [{ name: 'service', value: service }] }] });
    const answer = 'listing { id version } userErrors { code message params { name value } }';
    await withOne({ TENANT_URL: away, CATALOG_URL: away }, async (url) => {
      const { provider, admin } = shop;
      const course = await world.sandbox.course({ tid: provider.tid });
      const input = { courseId: course.courseId, courseVersionId: course.courseVersionId, title: 'Logs', description: 'All of them.' };
      const create = `mutation($input: CreateListingInput!) { createListing(input: $input) { ${answer} } }`;
      const made = await waitFor(async () => ((await ask(url, create, { input }, provider.token)).data as { createListing: { listing: { id: string } | null } }).createListing.listing, { withinMs: 5_000, what: 'the version to be known by its event' });
      await ask(url, 'mutation($input: CreatePricingPlanInput!) { createPricingPlan(input: $input) { userErrors { code } } }', { input: { listingId: made.id, kind: 'ONE_TIME', name: 'One', prices: [{ amount: '5.00', currency: 'EUR' }] } }, provider.token);
      const submitted = (await ask(url, `mutation { submitListing(id: "${made.id}") { ${answer} } }`, {}, provider.token)).data as { submitListing: { listing: { version: number } } };
      const approve = `mutation { approveListing(id: "${made.id}", expectedVersion: ${submitted.submitListing.listing.version}) { ${answer} } }`;
      expect((await ask(url, approve, {}, admin.token)).data).toMatchObject({ approveListing: refusal('tenant') });
      expect((await ask(url, create, { input: { ...input, courseVersionId: randomUUID() } }, provider.token)).data).toMatchObject({ createListing: refusal('catalog') });
    });
  });
});

describe('events that cannot be read', () => {
  const TYPES = ['billing.payment.succeeded.v1', 'enrollment.created.v1', 'content.play_package.built.v1', 'catalog.course_version.published.v1'] as const;

  it.each(TYPES)('given %s that is no JSON, no envelope, against its schema or not storable: dead letters that say why, and the next one is taken in', async (type) => {
    const stream = type.slice(0, type.indexOf('.'));
    const good = exampleEnvelope(type);
    const junk: readonly (readonly [Buffer, RegExp])[] = [
      [Buffer.from('not json'), /^the message is not JSON/], [Buffer.from([0xff, 0xfe, 0x00]), /not UTF-8/], [Buffer.from('null'), /not a JSON object/], [Buffer.from('{}'), /required property/],
      [Buffer.from(JSON.stringify({ ...good, id: randomUUID(), data: { nothing: true } })), new RegExp(`${type.replaceAll('.', '\\.')}: /data .*required property`)],
      [Buffer.from(JSON.stringify({ ...good, id: randomUUID(), subject: 'a\u0000b' })), /cannot be stored|subject/],
    ];
    const connection = await connect({ servers: world.nats.url });
    try {
      const jetstream = connection.jetstream();
      for (const [bytes] of junk) await jetstream.publish(type, bytes);
      const id = randomUUID();
      await jetstream.publish(type, Buffer.from(JSON.stringify({ ...good, id })));
      await waitFor(async () => (await world.sql('select 1 from marketplace.inbox where event_id = $1', [id])).length === 1, { withinMs: 10_000, what: 'the good event to be taken in' });
      const letters = await waitFor(async () => {
        const rows = await world.sql<{ consumer: string; error: string; payload: string }>('select consumer, error, payload from marketplace.dead_letter where subject = $1 order by stream_sequence', [type]);
        return rows.length >= junk.length ? rows : undefined;
      }, { withinMs: 10_000, what: 'the dead letters' });
      expect(letters.map((letter) => letter.error)).toEqual(junk.map(([, error]) => expect.stringMatching(error) as string));
      expect(letters[0]).toMatchObject({ payload: 'not json', consumer: expect.stringContaining(stream) as string });
      const manager = await connection.jetstreamManager();
      const settled = await waitFor(async () => {
        const info = await manager.consumers.info(stream.toUpperCase(), `marketplace-${stream}`);
        return info.num_pending === 0 && info.num_ack_pending === 0 ? info : undefined;
      }, { withinMs: 10_000, what: 'every message to be settled' });
      expect(settled.num_redelivered).toBe(0);
    } finally {
      await connection.close();
    }
  });

  it('after all of them: a purchase, which needs every stream, still goes through', async () => {
    const happy = await person({ url: world.supergraphUrl, sandbox: world.sandbox }, ['buyer']);
    expect((await outcomeOf(world, happy, await place(happy, shop.plans.single))).order.status).toBe('FULFILLED');
  });
});
