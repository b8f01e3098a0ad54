import { GraphQLError, GraphQLInt, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import type { GraphQLFieldConfig } from 'graphql';
import { CloseCode, createClient } from 'graphql-ws';
import type { Client } from 'graphql-ws';
import { Registry } from 'prom-client';
import { WebSocket } from 'ws';
import type { Caller } from '../../application/actor';
import type { TenantId, UserId } from '../../domain/ids';
import type { Identified } from '../identity/jwt-identity';
import { DEFAULT_OPERATION_LIMITS } from './operation-limits';
import { createServer } from './server';
import type { GraphQLServer, ServerOptions } from './server';
import { DEFAULT_SOCKET_CAPS } from './socket-caps';
import { waitFor } from '../../../test/support/wait';

const { maxAliases: MAX_ALIASES, maxDepth: MAX_DEPTH } = DEFAULT_OPERATION_LIMITS;

interface Context {
  readonly caller: Caller;
}

const PAGE: GraphQLFieldConfig<unknown, unknown> = {
  get type() { return new GraphQLList(NODE); }, args: { first: { type: GraphQLInt } }, resolve: () => [],
};
const NODE: GraphQLObjectType = new GraphQLObjectType({
  name: 'Node',
  fields: () => ({ node: { type: NODE, resolve: () => ({}) }, page: PAGE, name: { type: GraphQLString, resolve: () => 'name' } }),
});
const SCHEMA = new GraphQLSchema({
  query: new GraphQLObjectType<object, Context>({
    name: 'Query',
    fields: {
      node: { type: NODE, resolve: () => ({}) },
      page: PAGE as GraphQLFieldConfig<object, Context>,
      say: { type: GraphQLString, args: { text: { type: GraphQLString } }, resolve: (_root, { text }) => String(text) },
      who: { type: GraphQLString, resolve: (_root, _args, { caller }) => (caller.kind === 'user' ? caller.userId : 'nobody') },
      broken: { type: GraphQLString, resolve: () => { throw new Error('password=secret'); } },
      refused: { type: GraphQLString, resolve: () => { throw new GraphQLError('Not for you.', { extensions: { code: 'FORBIDDEN' } }); } },
      missing: { type: new GraphQLNonNull(GraphQLString), resolve: () => null },
      wrong: { type: GraphQLInt, resolve: () => 'secret text' },
    },
  }),
  subscription: new GraphQLObjectType<object, Context>({
    name: 'Subscription',
    fields: {
      two: { type: new GraphQLList(GraphQLInt), subscribe: async function* () { yield { two: [1] }; yield { two: [2] }; } },
      open: { type: GraphQLInt, subscribe: (_root, _args, _context, _info) => new Waiting() },
      failing: { type: GraphQLInt, subscribe: async function* () { yield { failing: 1 }; throw new Error('password=secret'); } },
    },
  }),
});

/** A stream on which nothing ever happens, until it is left. */
class Waiting implements AsyncIterableIterator<never> {
  private leave: (end: IteratorResult<never>) => void = () => undefined;
  next = (): Promise<IteratorResult<never>> => new Promise((resolve) => { this.leave = resolve; });
  return = (): Promise<IteratorResult<never>> => { this.leave({ done: true, value: undefined }); return Promise.resolve({ done: true, value: undefined }); };
  [Symbol.asyncIterator] = (): this => this;
}

/** "user <seconds that the token lasts>", or nobody. */
function identify(authorization: string | undefined): Promise<Identified> {
  const [, lasts] = authorization?.split(' ') ?? [];
  const caller: Caller = lasts === undefined
    ? { kind: 'anonymous' }
    : { kind: 'user', userId: 'somebody' as UserId, tenantId: 'tenant' as TenantId, roles: new Set(), expiresAtSeconds: Date.now() / 1_000 + Number(lasts) };
  return Promise.resolve({ caller, rejection: null });
}

describe('the server', () => {
  const logged: object[] = [];
  let url: string;
  let readiness: Record<string, string> = { database: 'ok' };
  const clients: Client[] = [];
  const servers: GraphQLServer[] = [];

  const start = async (options: Partial<ServerOptions> = {}): Promise<{ server: GraphQLServer; url: string }> => {
    const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: (facts: object) => { logged.push(facts); } };
    const started = createServer({
      schema: SCHEMA, identify, contextOf: ({ caller }): Context => ({ caller }), readiness: () => Promise.resolve(readiness), logger, registry: new Registry(), production: false, ...options,
    });
    servers.push(started);
    return { server: started, url: await started.listen({ host: '127.0.0.1', port: 0 }) };
  };

  beforeAll(async () => { ({ url } = await start()); });
  afterEach(async () => {
    logged.length = 0;
    for (const client of clients.splice(0)) await client.dispose();
  });
  afterAll(() => Promise.all(servers.map((server) => server.close())));

  const post = async (body: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
    return { status: answer.status, ...((await answer.json()) as { data?: unknown; errors?: { message: string; extensions: { code: string } }[] }) };
  };
  const ask = (query: string, headers?: Record<string, string>) => post(JSON.stringify({ query }), headers);
  const connect = (connectionParams?: Record<string, unknown>, at = url): Client => {
    const client = createClient({ url: `${at.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0, ...(connectionParams && { connectionParams }) });
    clients.push(client);
    return client;
  };
  const closeOf = (client: Client): Promise<{ code: number; reason: string }> =>
    new Promise((closed) => { client.on('closed', (event) => { closed(event as { code: number; reason: string }); }); });
  const overSocket = async (query: string): Promise<unknown> => {
    try {
      return (await connect().iterate({ query }).next()).value;
    } catch (errors) {
      return { errors };
    }
  };
  const DEEP = `{ ${'node { '.repeat(MAX_DEPTH)}name${' }'.repeat(MAX_DEPTH)} }`;

  describe('over HTTP', () => {
    it('answers in the caller’s name', async () => {
      expect(await ask('{ who }', { authorization: 'user 60' })).toEqual({ status: 200, data: { who: 'somebody' } });
      expect(await ask('{ who }')).toEqual({ status: 200, data: { who: 'nobody' } });
    });

    it.each([
      ['a body over 1 MiB', JSON.stringify({ query: '{ who }', padding: 'x'.repeat(1_048_577) }), 413, 'PAYLOAD_TOO_LARGE'],
      ['malformed JSON', '{"query":', 400, 'BAD_REQUEST'],
      ['no body', '', 400, 'BAD_REQUEST'],
      ['malformed GraphQL', '{"query":"{ who"}', 400, 'GRAPHQL_PARSE_FAILED'],
      ['an unknown field', '{"query":"{ whom }"}', 400, 'GRAPHQL_VALIDATION_FAILED'],
      ['too many tokens', JSON.stringify({ query: `{ ${'who '.repeat(6_000)}}` }), 400, 'GRAPHQL_PARSE_FAILED'],
      ['too many aliases', JSON.stringify({ query: `{ ${Array.from({ length: MAX_ALIASES + 1 }, (_, i) => `a${i}: who`).join(' ')} }` }), 400, 'GRAPHQL_VALIDATION_FAILED'],
      ['too deep a query', JSON.stringify({ query: DEEP }), 400, 'GRAPHQL_VALIDATION_FAILED'],
      ['depth hidden in fragments', JSON.stringify({ query: `{ node { ...A } } fragment A on Node { ${'node { '.repeat(6)}...B${' }'.repeat(6)} } fragment B on Node { ${'node { '.repeat(6)}name${' }'.repeat(6)} }` }), 400, 'GRAPHQL_VALIDATION_FAILED'],
      ['fragments in a circle', JSON.stringify({ query: '{ node { ...A } } fragment A on Node { node { ...A } }' }), 400, 'GRAPHQL_VALIDATION_FAILED'],
    ])('refuses %s clearly', async (_what, body, status, code) => {
      const answer = await post(body);
      expect([answer.status, answer.errors?.[0]?.extensions.code]).toEqual([status, code]);
    });

    it('lets an operation pass that is just as deep as it may be', async () => {
      expect((await ask(`{ ${'node { '.repeat(MAX_DEPTH - 1)}name${' }'.repeat(MAX_DEPTH - 1)} }`)).errors).toBeUndefined();
    });

    it('refuses what a foreign web page could send unasked', async () => {
      const answer = await post('{"query":"{ who }"}', { 'content-type': 'text/plain' });
      expect([answer.status, answer.errors?.[0]?.message]).toEqual([400, expect.stringContaining('Cross-Site Request Forgery')]);
    });

    it('answers what is elsewhere in GraphQL’s form', async () => {
      const answer = await fetch(`${url}/nowhere`);
      expect([answer.status, await answer.json()]).toEqual([404, { errors: [{ message: expect.stringContaining('POST /graphql'), extensions: { code: 'NOT_FOUND' } }] }]);
    });

    it.each(['{ broken }', '{ missing }', '{ wrong }'])('masks the fault behind %s and logs it under the id that it tells', async (query) => {
      const [error] = (await ask(query)).errors ?? [];
      const [, id] = /^Internal server error \(id ([0-9a-f-]{36})\)$/.exec(error?.message ?? '') ?? [];
      expect(id).toBeDefined();
      expect(JSON.stringify(error)).not.toMatch(/secret|stack/);
      expect(logged).toEqual([expect.objectContaining({ incident: id, err: expect.any(Error) })]);
    });

    it('passes on what was refused on purpose', async () => {
      const { errors } = await ask('{ refused }');
      expect([errors, logged]).toEqual([[expect.objectContaining({ message: 'Not for you.', extensions: { code: 'FORBIDDEN' } })], []]);
    });
  });

  describe('over WebSocket', () => {
    it('streams to the end', async () => {
      const results: unknown[] = [];
      for await (const { data } of connect().iterate({ query: 'subscription { two }' })) results.push(data);
      expect(results).toEqual([{ two: [1] }, { two: [2] }]);
    });

    it.each(['Authorization', 'authorization', 'AUTHORIZATION'])('takes the token from the connection parameter %s', async (key) => {
      expect((await connect({ [key]: 'user 60' }).iterate({ query: '{ who }' }).next()).value).toEqual({ data: { who: 'somebody' } });
    });

    it('closes with 4403 when the token expires, so that the client comes back with a fresh one', async () => {
      const client = connect({ Authorization: 'user 0.2' });
      const closed = closeOf(client);
      client.iterate({ query: 'subscription { open }' }).next().catch(() => undefined);
      expect(await closed).toMatchObject({ code: CloseCode.Forbidden, reason: 'Token expired' });
    });

    it.each([
      ['malformed GraphQL', '{ who', 'GRAPHQL_PARSE_FAILED'],
      ['an unknown field', '{ whom }', 'GRAPHQL_VALIDATION_FAILED'],
      ['too deep a query', DEEP, 'GRAPHQL_VALIDATION_FAILED'],
      ['too many tokens', `{ ${'who '.repeat(6_000)}}`, 'GRAPHQL_PARSE_FAILED'],
    ])('refuses %s as on HTTP', async (_what, query, code) => {
      expect(await overSocket(query)).toEqual({ errors: [expect.objectContaining({ extensions: expect.objectContaining({ code }) })] });
    });

    it('masks faults as on HTTP', async () => {
      expect(await overSocket('{ broken }')).toEqual({ data: { broken: null }, errors: [expect.objectContaining({ message: expect.stringMatching(/^Internal server error \(id /) })] });
    });

    it('masks a fault in the middle of a stream', async () => {
      const stream = connect().iterate({ query: 'subscription { failing }' });
      expect(await stream.next()).toMatchObject({ value: { data: { failing: 1 } } });
      await expect(stream.next()).rejects.toEqual([expect.objectContaining({ message: expect.stringMatching(/^Internal server error \(id /) })]);
    });
  });

  describe('one caller too many', () => {
    const RATES = { perUser: 3, perTenant: 100, perAddress: 2 };
    const askAt = (at: string, headers: Record<string, string> = {}) => fetch(`${at}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: '{"query":"{ who }"}' });

    it('given a user’s quota is used up: 429, RATE_LIMITED and when to come back, on WebSockets too; others go on', async () => {
      const { url: limited } = await start({ protection: { rates: RATES } });
      for (let i = 0; i < 3; i += 1) expect((await askAt(limited, { authorization: 'user 60' })).status).toBe(200);
      const refused = await askAt(limited, { authorization: 'user 60' });
      expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([429, 20]);
      expect(await refused.json()).toEqual({ errors: [{ message: 'Too many operations; the next one is possible in 20 s.', extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 20 } }] });
      await expect(connect({ Authorization: 'user 60' }, limited).iterate({ query: '{ who }' }).next()).rejects.toEqual([expect.objectContaining({ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 20 } })]);
      expect((await askAt(limited)).status).toBe(200);
    });

    it('given no token: counted by address, past our own proxies', async () => {
      const { url: limited } = await start({ protection: { rates: RATES } });
      const from = async (address: string) => (await askAt(limited, { 'x-forwarded-for': address })).status;
      expect([await from('192.0.2.1'), await from('192.0.2.1'), await from('192.0.2.1'), await from('192.0.2.2')]).toEqual([200, 200, 429, 200]);
    });

    it('given too many sockets of a user: closed with 4429; one that leaves makes room', async () => {
      const { url: capped } = await start({ protection: { sockets: { ...DEFAULT_SOCKET_CAPS, maxSocketsPerPrincipal: 1 } } });
      const first = connect({ Authorization: 'user 60' }, capped);
      const open = new Promise((done) => { first.on('connected', done); });
      first.iterate({ query: 'subscription { open }' }).next().catch(() => undefined);
      await open;
      const second = connect({ Authorization: 'user 60' }, capped);
      const closed = closeOf(second);
      second.iterate({ query: '{ who }' }).next().catch(() => undefined);
      expect(await closed).toMatchObject({ code: 4_429, reason: 'Too many sockets' });
      expect((await connect(undefined, capped).iterate({ query: '{ who }' }).next()).value).toEqual({ data: { who: 'nobody' } });
      await first.dispose();
      const room = () => connect({ Authorization: 'user 60' }, capped).iterate({ query: '{ who }' }).next().catch(() => undefined);
      expect((await waitFor(room, { withinMs: 5_000, what: 'room for another socket' })).value).toEqual({ data: { who: 'somebody' } });
    });

    it('given too many sockets in all: the handshake is refused', async () => {
      const { url: capped } = await start({ protection: { sockets: { ...DEFAULT_SOCKET_CAPS, maxSockets: 1 } } });
      const holder = connect({ Authorization: 'user 60' }, capped).iterate({ query: 'subscription { two }' });
      await holder.next();
      const refused = new WebSocket(`${capped.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
      const status = await new Promise((resolve) => { refused.on('unexpected-response', (_request, response) => { resolve(response.statusCode); response.destroy(); }); refused.on('error', () => undefined); });
      expect(status).toBe(503);
      await holder.return?.();
    });

    it.each([['one socket', { maxSubscriptionsPerSocket: 2 }], ['a user', { maxSubscriptionsPerPrincipal: 2 }]])('given too many subscriptions of %s: TOO_MANY_SUBSCRIPTIONS; one that ends makes room', async (_what, caps) => {
      const { url: capped } = await start({ protection: { sockets: { ...DEFAULT_SOCKET_CAPS, ...caps } } });
      const client = connect({ Authorization: 'user 60' }, capped);
      const streams = [0, 1].map(() => client.iterate({ query: 'subscription { open }' }));
      for (const stream of streams) stream.next().catch(() => undefined);
      const another = () => client.iterate({ query: 'subscription { two }' }).next();
      await expect(another()).rejects.toEqual([expect.objectContaining({ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } })]);
      await streams[0]?.return?.();
      expect((await waitFor(() => another().catch(() => undefined), { withinMs: 5_000, what: 'room for another subscription' })).value).toEqual({ data: { two: [1] } });
    });
  });

  describe('what is refused on HTTP and WebSocket alike', () => {
    const small = { maxTokens: 200, maxDepth: 4, maxAliases: 3, maxDirectives: 3, maxCost: 6 };
    const page = (inner: string, first = 3): string => `page(first: ${first}) { ${inner} }`;

    it.each([
      ['a deep one', `{ ${'node { '.repeat(5)}name${' }'.repeat(5)} }`, 'GRAPHQL_VALIDATION_FAILED', { limit: 'depth', max: 4, found: 6 }],
      ['a wide one', `{ ${'who '.repeat(300)} }`, 'GRAPHQL_PARSE_FAILED', {}],
      ['one with aliases', '{ a: who b: who c: who d: who }', 'GRAPHQL_VALIDATION_FAILED', { limit: 'aliases', max: 3, found: 4 }],
      ['one with directives', '{ a: who @skip(if: true) b: who @skip(if: true) who @skip(if: true) @include(if: true) }', 'GRAPHQL_VALIDATION_FAILED', { limit: 'directives', max: 3, found: 4 }],
      ['a circular one', '{ node { ...A } } fragment A on Node { node { ...B } } fragment B on Node { node { ...A } }', 'GRAPHQL_VALIDATION_FAILED', {}],
      ['a costly one', `{ ${page(page('name'))} }`, 'OPERATION_TOO_COSTLY', { limit: 'cost', max: 6, found: 12 }],
      ['one with a card number', '{ say(text: "4111 1111 1111 1111") }', 'CARD_NUMBER_REFUSED', { argument: 'A value in the operation’s text' }],
      ['one that names no operation', 'query A { who } query B { who }', 'OPERATION_RESOLUTION_FAILURE', {}],
    ])('%s', async (_what, query, code, figures) => {
      const { url: strict } = await start({ protection: { operations: small } });
      const answer = await fetch(`${strict}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) });
      const { errors } = (await answer.json()) as { errors: { extensions: object }[] };
      expect([answer.status, errors[0]?.extensions]).toEqual([400, { code, ...figures }]);
      const refused: unknown = await connect(undefined, strict).iterate({ query }).next().catch((reason: unknown) => reason);
      expect(refused).toEqual([expect.objectContaining({ extensions: { code, ...figures } })]);
      expect(JSON.stringify([errors, refused])).not.toContain('4111');
    });

    it('lets pass what is just as costly as it may be', async () => {
      const { url: strict } = await start({ protection: { operations: small } });
      const answer = await fetch(`${strict}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: `{ ${page(page('name', 1))} }` }) });
      expect(await answer.json()).toEqual({ data: { page: [] } });
    });
  });

  describe('its probes', () => {
    const status = async (path: string): Promise<[number, unknown]> => {
      const answer = await fetch(url + path);
      return [answer.status, await answer.json()];
    };

    it('say that the process is up, whatever else is', async () => {
      readiness = { database: 'gone' };
      expect(await status('/healthz')).toEqual([200, { status: 'ok' }]);
    });

    it('say what is not ready', async () => {
      readiness = { database: 'gone', nats: 'ok' };
      expect(await status('/readyz')).toEqual([503, { status: 'not ready', database: 'gone', nats: 'ok' }]);
      readiness = { database: 'ok', nats: 'ok' };
      expect(await status('/readyz')).toEqual([200, { status: 'ok', database: 'ok', nats: 'ok' }]);
    });
  });

  it('given production, tells nobody its schema', async () => {
    const closed = await start({ production: true });
    const query = '{ __schema { queryType { name } } }';
    const answer = await fetch(`${closed.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) });
    const overWebSocket: unknown = await connect(undefined, closed.url).iterate({ query }).next().catch((errors: unknown) => errors);
    expect([answer.status, overWebSocket]).toEqual([400, expect.arrayContaining([expect.objectContaining({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })])]);
  });

  it('given it stops, sends subscribers elsewhere and frees its port', async () => {
    const stopping = await start();
    const client = connect(undefined, stopping.url);
    const closed = closeOf(client);
    const opened = new Promise((done) => { client.on('connected', done); });
    client.iterate({ query: 'subscription { open }' }).next().catch(() => undefined);
    await opened;
    await stopping.server.close();
    expect(await closed).toMatchObject({ code: 1001 });
    await expect(fetch(`${stopping.url}/healthz`)).rejects.toThrow('fetch failed');
  });
});
