import type { ExecutionRequest, ExecutionResult, Executor } from '@graphql-tools/utils';
import { GraphQLError, print } from 'graphql';
import { CloseCode, createClient } from 'graphql-ws';
import type { Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { ReplicaTurns } from './replica-turns';
import { authorizationOf } from './request-context';
import type { GatewayContextValue } from './request-context';

const SERVICE_RESTART = 1012;
const TRY_AGAIN_LATER = 1013;
/** Close codes from here on are graphql-ws's and ours, below are the protocol's. */
const FIRST_OWN_CODE = 4_000;
/** A replica that takes the socket and then says nothing counts as down. */
const ACKNOWLEDGED_WITHIN_MS = 3_000;

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
      return broken(context, isRefusedConnection(error) ? error : { code: TRY_AGAIN_LATER, reason: 'no replica answers' });
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
      if (isRefusedConnection(error)) break;
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
    connectionAckWaitTimeout: ACKNOWLEDGED_WITHIN_MS,
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
  let rest = results;
  const leave = async (): Promise<IteratorResult<ExecutionResult>> => {
    await results.return?.();
    await client.dispose();
    return { done: true, value: undefined };
  };
  return {
    async next() {
      try {
        return await rest.next();
      } catch (error) {
        rest = isOperationError(error)
          ? lastResult({ errors: error })
          : broken(context, isClosed(error) ? error : { code: SERVICE_RESTART, reason: '' });
        return rest.next();
      }
    },
    return: leave,
    throw: leave,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/**
 * What is left of a stream whose replica is gone. A client's socket is closed: with the code that the
 * replica meant for it (4403: come back with a fresh token), else as for a restart. A client without
 * one (server-sent events) gets an error as the last result.
 */
function broken(context: Partial<GatewayContextValue> | undefined, { code, reason }: Closed): AsyncIterableIterator<ExecutionResult> {
  const socket = context?.socket;
  if (socket === undefined) {
    return lastResult({ errors: [new GraphQLError('The subscription broke; subscribe again.', { extensions: { code: 'SUBGRAPH_CONNECTION_LOST' } })] });
  }
  socket.close(code >= FIRST_OWN_CODE || code === TRY_AGAIN_LATER ? code : SERVICE_RESTART, reason.slice(0, 100) || 'subgraph went away');
  return lastResult();
}

async function* lastResult(result?: ExecutionResult): AsyncGenerator<ExecutionResult> {
  if (result !== undefined) yield result;
}

/** The subgraph's `error` message: GraphQL errors in place of results. */
function isOperationError(error: unknown): error is readonly GraphQLError[] {
  return Array.isArray(error);
}

/** The replica was there and said no, with one of graphql-ws's own codes. */
function isRefusedConnection(error: unknown): error is Closed {
  return isClosed(error) && error.code >= FIRST_OWN_CODE && error.code !== CloseCode.ConnectionAcknowledgementTimeout;
}

function isClosed(error: unknown): error is Closed {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number' && 'reason' in error;
}
