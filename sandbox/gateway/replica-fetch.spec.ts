import { replicaFetch } from './replica-fetch';
import type { Fetch } from './replica-fetch';
import { ReplicaTurns } from './replica-turns';

const LOGICAL = 'http://marketplace.invalid/graphql';
const QUERY = { method: 'POST', body: JSON.stringify({ query: '{ listing(id: "1") { id } }' }) };
const MUTATION = { method: 'POST', body: JSON.stringify({ query: 'mutation { cancelOrder(id: "1") { order { id } } }' }) };

function networkError(code: string): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}

/** Replica a fails with the code, the others answer with their name. */
function world(code: string): { asked: string[]; fetch: Fetch } {
  const asked: string[] = [];
  const one: Fetch = async (url) => {
    asked.push(url);
    if (url === 'a') throw networkError(code);
    return new Response(url);
  };
  return { asked, fetch: replicaFetch(LOGICAL, new ReplicaTurns(['a', 'b']), one) };
}

async function codeIn(answer: Response): Promise<unknown> {
  const { errors } = (await answer.json()) as { errors: readonly { extensions: { code: string } }[] };
  return errors[0]?.extensions.code;
}

describe('a request to a replica that is down', () => {
  it.each([['a query', QUERY], ['a mutation', MUTATION]])('given no connection was made, %s goes to the next', async (_what, init) => {
    const { fetch } = world('ECONNREFUSED');
    expect(await (await fetch(LOGICAL, init)).text()).toBe('b');
  });

  it('given the connection broke, a query goes to the next', async () => {
    const { fetch } = world('ECONNRESET');
    expect(await (await fetch(LOGICAL, QUERY)).text()).toBe('b');
  });

  it('given the connection broke, a mutation fails: it may have taken effect', async () => {
    const { asked, fetch } = world('ECONNRESET');
    expect(await codeIn(await fetch(LOGICAL, MUTATION))).toBe('SUBGRAPH_CONNECTION_LOST');
    expect(asked).toEqual(['a']);
  });

  it('given it is just starting, a mutation goes to the next; given all are, their answer is told', async () => {
    const starting = (): Response => new Response('starting', { status: 503, headers: { 'retry-after': '1' } });
    const one: Fetch = async (url) => (url === 'a' ? starting() : new Response(url));
    expect(await (await replicaFetch(LOGICAL, new ReplicaTurns(['a', 'b']), one)(LOGICAL, MUTATION)).text()).toBe('b');
    expect((await replicaFetch(LOGICAL, new ReplicaTurns(['a']), one)(LOGICAL, MUTATION)).status).toBe(503);
  });

  it('given all are down, the answer says so', async () => {
    const down: Fetch = async () => { throw networkError('ECONNREFUSED'); };
    const answer = await replicaFetch(LOGICAL, new ReplicaTurns(['a', 'b']), down)(LOGICAL, MUTATION);
    expect(await codeIn(answer)).toBe('SUBGRAPH_UNAVAILABLE');
  });

  it('given the client went away, nobody else is asked', async () => {
    const { asked, fetch } = world('ECONNREFUSED');
    await expect(fetch(LOGICAL, { ...QUERY, signal: AbortSignal.abort() })).rejects.toThrow('fetch failed');
    expect(asked).toEqual(['a']);
  });

  it('leaves other addresses alone', async () => {
    const { asked, fetch } = world('ECONNREFUSED');
    await fetch('http://catalog.invalid/graphql', QUERY);
    expect(asked).toEqual(['http://catalog.invalid/graphql']);
  });
});
