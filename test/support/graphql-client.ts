import { print, type DocumentNode, type ExecutionResult, type GraphQLFormattedError } from 'graphql';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { createClient, type ClientOptions } from 'graphql-ws';
import { WebSocket } from 'ws';
import { recordAnswer } from './coordinates';

/** Either a generated operation, which knows its types, or the text of one. */
export type Operation<TData, TVariables> = TypedDocumentNode<TData, TVariables> | DocumentNode | string;
type Plain = Record<string, unknown>;

export interface HttpAnswer<TData> {
  readonly status: number;
  readonly data: TData | null | undefined;
  readonly errors: readonly GraphQLFormattedError[];
}

export interface HttpClient {
  /** Sends one operation and returns what came back, errors included: only the network can make it throw. */
  send<TData = Plain, TVariables = Plain>(
    operation: Operation<TData, TVariables>,
    variables?: TVariables,
  ): Promise<HttpAnswer<TData>>;
  /** As `send`, for when anything but data is a failure of the test. */
  data<TData = Plain, TVariables = Plain>(
    operation: Operation<TData, TVariables>,
    variables?: TVariables,
  ): Promise<TData>;
}

/** A GraphQL client over HTTP, as thin as can be: what the wire says is what the test sees. `timeoutMs`: none by default. */
export function httpClient(url: string, token?: string, timeoutMs?: number): HttpClient {
  const send: HttpClient['send'] = async <TData, TVariables>(
    operation: Operation<TData, TVariables>,
    variables?: TVariables,
  ): Promise<HttpAnswer<TData>> => {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query: textOf(operation), variables }),
      ...(timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(timeoutMs) }),
    });
    const body = (await answer.json()) as { data?: TData | null; errors?: GraphQLFormattedError[] };
    recordAnswer(operation as DocumentNode | string, variables, body);
    return { status: answer.status, data: body.data, errors: body.errors ?? [] };
  };
  const data: HttpClient['data'] = async (operation, variables) => {
    const answer = await send(operation, variables);
    if (answer.errors.length > 0 || answer.data == null) {
      throw new Error(`HTTP ${answer.status}: ${JSON.stringify(answer.errors)}`);
    }
    return answer.data;
  };
  return { send, data };
}

export interface SocketClosure {
  readonly code: number;
  readonly reason: string;
}

export interface WsClient {
  /** Subscribes; ends with the stream, throws what the server said is wrong. Leaving the loop unsubscribes. */
  subscribe<TData = Plain, TVariables extends Plain = Plain>(
    operation: Operation<TData, TVariables>,
    variables?: TVariables,
  ): AsyncIterableIterator<ExecutionResult<TData>>;
  /** Resolves with the code and reason of the first time that the socket closes. */
  readonly closed: Promise<SocketClosure>;
  dispose(): Promise<void>;
}

/** A graphql-ws client on the `ws` package. It does not come back by itself, so that a test sees every closure. */
export function wsClient(url: string, token?: string, options: Partial<ClientOptions> = {}): WsClient {
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(token === undefined ? {} : { connectionParams: { Authorization: `Bearer ${token}` } }),
    ...options,
  });
  const closed = new Promise<SocketClosure>((resolve) => {
    client.on('closed', (event) => {
      const { code, reason } = event as { code: number; reason: string };
      resolve({ code, reason });
    });
  });
  return {
    subscribe: <TData, TVariables extends Plain>(operation: Operation<TData, TVariables>, variables?: TVariables) =>
      recorded(operation as DocumentNode | string, variables, client.iterate<TData>({
        query: textOf(operation),
        ...(variables === undefined ? {} : { variables }),
      }) as AsyncIterableIterator<ExecutionResult<TData>>),
    closed,
    dispose: async () => client.dispose(),
  };
}

/** The same results, each recorded as it comes, as are the errors that end them. */
function recorded<TData>(operation: DocumentNode | string, variables: unknown, results: AsyncIterableIterator<ExecutionResult<TData>>): AsyncIterableIterator<ExecutionResult<TData>> {
  const next = async (): Promise<IteratorResult<ExecutionResult<TData>>> => {
    try {
      const result = await results.next();
      if (result.done !== true) recordAnswer(operation, variables, result.value);
      return result;
    } catch (error) {
      if (Array.isArray(error)) recordAnswer(operation, variables, { errors: error as GraphQLFormattedError[] });
      throw error;
    }
  };
  const iterator: AsyncIterableIterator<ExecutionResult<TData>> = {
    next,
    return: async (value?: unknown) => (await results.return?.(value)) ?? { done: true, value: undefined },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}

function textOf(operation: Operation<never, never> | DocumentNode | string): string {
  return typeof operation === 'string' ? operation : print(operation);
}
