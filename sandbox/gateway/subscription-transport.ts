import type { ExecutionRequest, ExecutionResult, Executor } from '@graphql-tools/utils';
import { print } from 'graphql';
import type { GraphQLError } from 'graphql';
import { createClient } from 'graphql-ws';
import type { Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { ReplicaTurns } from './replica-turns';
import { authorizationOf } from './request-context';
import type { GatewayContextValue } from './request-context';

const SERVICE_RESTART = 1012;
const TRY_AGAIN_LATER = 1013;

interface OpenStream {
  readonly client: Client;
  readonly results: AsyncIterableIterator<ExecutionResult>;
}
interface Closed { readonly code: number; readonly reason: string }

/**
 * Carries one subscription over one graphql-ws socket of its own to the replica whose turn it is:
 * no socket, and so no token, is ever shared. A replica that is down is passed over. When the
 * stream breaks, the client's socket is closed with a code that makes it come back, rather than
 * reconnecting here in secret: only the client knows what it has seen (`afterVersion`).
 */
export function subscriptionTransport(turns: ReplicaTurns): { getSubgraphExecutor: () => Executor } {
  const execute = async (request: ExecutionRequest): Promise<AsyncIterableIterator<ExecutionResult>> => {
    const context = request.context as Partial<GatewayContextValue> | undefined;
    try {
      return streamTo(context, await openAtAnyReplica(turns, request, authorizationOf(context)));
    } catch (error) {
      closeClient(context, isClosed(error) ? error : { code: TRY_AGAIN_LATER, reason: 'no replica answers' });
      throw new Error('the subscription could not be opened: no replica of the subgraph answers');
    }
  };
  return { getSubgraphExecutor: () => execute as Executor };
}

async function openAtAnyReplica(turns: ReplicaTurns, request: ExecutionRequest, authorization: string | undefined): Promise<OpenStream> {
  let failure: unknown;
  for (const url of turns.next()) {
    try {
      return await open(url.replace(/^http/, 'ws'), request, authorization);
    } catch (error) {
      failure = error;
      // A refusal (4401, 4403 …) is an answer; another replica would give the same.
      if (isClosed(error) && error.code >= 4_000) break;
    }
  }
  throw failure;
}

/** Resolves once the replica has acknowledged the connection; rejects with the close event or error. */
async function open(url: string, request: ExecutionRequest, authorization: string | undefined): Promise<OpenStream> {
  const client = createClient({
    url,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(authorization === undefined ? {} : { connectionParams: { Authorization: authorization } }),
  });
  const acknowledged = new Promise<void>((resolve, reject) => {
    client.on('connected', () => resolve());
    client.on('closed', reject);
    client.on('error', reject);
  });
  const { operationName, variables, document } = request;
  const results = client.iterate<Record<string, unknown>, unknown>({
    query: print(document),
    ...(operationName == null ? {} : { operationName }),
    ...(variables == null ? {} : { variables: variables as Record<string, unknown> }),
  }) as AsyncIterableIterator<ExecutionResult>;
  await acknowledged;
  return { client, results };
}

/** The replica's results; ends at once when the client leaves, also while none is on its way. */
function streamTo(context: Partial<GatewayContextValue> | undefined, { client, results }: OpenStream): AsyncIterableIterator<ExecutionResult> {
  const end: IteratorReturnResult<undefined> = { done: true, value: undefined };
  const leave = async (): Promise<IteratorResult<ExecutionResult>> => {
    await results.return?.();
    await client.dispose();
    return end;
  };
  let refused = false;
  return {
    async next() {
      if (refused) return leave();
      try {
        return await results.next();
      } catch (error) {
        if (isRefusal(error)) {
          refused = true;
          return { done: false, value: { errors: error } };
        }
        closeClient(context, isClosed(error) ? error : { code: SERVICE_RESTART, reason: 'subgraph went away' });
        return end;
      }
    },
    return: leave,
    throw: leave,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Hands on what the replica meant for its client (4403: come back with a fresh token); all else is a restart. */
function closeClient(context: Partial<GatewayContextValue> | undefined, { code, reason }: Closed): void {
  const handedOn = code >= 4_000 || code === TRY_AGAIN_LATER ? code : SERVICE_RESTART;
  context?.socket?.close(handedOn, reason.slice(0, 100) || 'subgraph went away');
}

/** The subgraph's `error` message: GraphQL errors before the first result. */
function isRefusal(error: unknown): error is readonly GraphQLError[] {
  return Array.isArray(error);
}

function isClosed(error: unknown): error is Closed {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number' && 'reason' in error;
}
