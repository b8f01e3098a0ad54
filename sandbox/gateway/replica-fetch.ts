import { OperationTypeNode, parse } from 'graphql';
import type { ReplicaTurns } from './replica-turns';

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/**
 * A fetch that sends what goes to the logical address to the replica whose turn it is,
 * and to the next one when that is down: always where no connection was made, but after a
 * connection broke only with queries, because a mutation may have taken effect. A replica that
 * is just starting says that it has begun nothing, and when to come back: the next is asked too.
 */
export function replicaFetch(logicalUrl: string, turns: ReplicaTurns, fetchOne: Fetch = fetch): Fetch {
  return async (url, init) => {
    if (url !== logicalUrl) return fetchOne(url, init);
    let failure: unknown;
    let refusal: Response | undefined;
    for (const replica of turns.next()) {
      try {
        const answer = await fetchOne(replica, init);
        if (!isNotBegun(answer)) return answer;
        refusal = answer;
      } catch (error) {
        failure = error;
        if (!mayAskAnother(error, init)) break;
      }
    }
    return refusal ?? unavailable(failure, init);
  };
}

function isNotBegun({ status, headers }: Response): boolean {
  return status === 503 && headers.has('retry-after');
}

const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT']);
const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

function mayAskAnother(error: unknown, init: RequestInit | undefined): boolean {
  const code = networkCodeOf(error);
  if (code === undefined || init?.signal?.aborted === true) return false;
  return NEVER_CONNECTED.has(code) || (BROKEN.has(code) && isQuery(init?.body));
}

/**
 * The answer in place of a replica's: a GraphQL error that a client can act on.
 * @throws the failure itself when it is not the network's, such as the client going away.
 */
function unavailable(failure: unknown, init: RequestInit | undefined): Response {
  const code = networkCodeOf(failure);
  if (code === undefined || init?.signal?.aborted === true) throw failure;
  const error = NEVER_CONNECTED.has(code)
    ? { message: 'The marketplace is not available; try again.', extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }
    : { message: 'The connection to the marketplace broke; the operation may have taken effect.', extensions: { code: 'SUBGRAPH_CONNECTION_LOST' } };
  return Response.json({ errors: [error] }, { status: 503 });
}

/** fetch wraps the network's error as the cause of its own. */
function networkCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return networkCodeOf(error.cause);
}

function isQuery(body: unknown): boolean {
  if (typeof body !== 'string') return false;
  try {
    const { query } = JSON.parse(body) as { query: string };
    return parse(query).definitions.every(
      (definition) => definition.kind !== 'OperationDefinition' || definition.operation === OperationTypeNode.QUERY,
    );
  } catch {
    return false;
  }
}
