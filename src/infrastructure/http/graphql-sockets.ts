import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { GraphQLError, NoSchemaIntrospectionCustomRule, parse, specifiedRules, validate } from 'graphql';
import type { DocumentNode, ExecutionArgs, GraphQLSchema } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { correlated } from '../../application/correlation';
import type { Identified } from '../identity/jwt-identity';
import type { ErrorMask } from './error-mask';
import { outcomeOf } from './operation-outcomes';
import type { OnOperation } from './operation-outcomes';
import { MAX_TOKENS, operationLimits } from './operation-limits';

export interface SocketOptions {
  readonly server: Server;
  readonly path: string;
  readonly schema: GraphQLSchema;
  readonly identify: (authorization: string | undefined) => Promise<Identified>;
  /** A new one for each operation. */
  readonly contextOf: (identified: Identified) => object;
  readonly mask: ErrorMask;
  readonly maxPayloadBytes: number;
  readonly introspection: boolean;
  readonly onOperation: OnOperation;
  /** Whether sockets may be opened now; where not, the client's next try finds another replica. */
  readonly accepting: () => boolean;
}

// A type, because graphql-ws wants one that is open to further properties, which an interface is not.
type Connection = {
  readonly socket: WebSocket;
  /** What the log calls everything that this socket asked for. */
  correlationId?: string;
  identified?: Identified;
  expiry?: NodeJS.Timeout;
};

const INIT_WAIT_MS = 5_000;
/** Clients come back with a fresh token after 4403; 4401 would be final for them. */
const TOKEN_EXPIRED = 4_403;
const CLOSE_WAIT_MS = 2_000;
/** Node's timers cannot wait longer; a token that lives longer is looked at again when the client returns. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** GraphQL over WebSocket (graphql-transport-ws), with the limits, the masking and the identities of HTTP. */
export function serveSockets(options: SocketOptions): { close(): Promise<void> } {
  const { server, path, schema, identify, contextOf, mask, maxPayloadBytes } = options;
  const sockets = new WebSocketServer({
    server, path, maxPayload: maxPayloadBytes,
    verifyClient: (_request: unknown, answer: (verdict: boolean, status?: number) => void) => { answer(options.accepting(), 503); },
  });
  const disposable = useServer<Record<string, unknown>, Connection>({
    schema,
    connectionInitWaitTimeout: INIT_WAIT_MS,
    onConnect: async ({ connectionParams, extra }) => {
      extra.correlationId = randomUUID();
      extra.identified = await identify(authorizationIn(connectionParams));
      closeOnExpiry(extra, extra.identified);
    },
    onClose: ({ extra }) => { clearTimeout(extra.expiry); },
    onSubscribe: ({ extra }, _id, payload) => operation(options, payload, contextOf(extra.identified ?? nobody())),
    onNext: ({ extra }, _id, _payload, _args, { data, errors }) => {
      const told = correlated(extra.correlationId, () => errors?.map(mask));
      options.onOperation('ws', outcomeOf(told));
      return told ? { ...(data !== undefined && { data }), errors: told } : undefined;
    },
    onError: ({ extra }, _id, _payload, errors) => {
      const told = correlated(extra.correlationId, () => (errors as readonly GraphQLError[]).map(mask));
      options.onOperation('ws', outcomeOf(told));
      return told;
    },
  }, sockets);
  return { close: () => closeAll(sockets, disposable) };
}

/** The operation, parsed and checked as on HTTP, or what is wrong with it. */
function operation({ schema, introspection }: SocketOptions, { query, operationName, variables }: SubscribePayload, contextValue: object): ExecutionArgs | readonly GraphQLError[] {
  const document = parseBounded(query);
  if (document instanceof GraphQLError) return [document];
  const rules = [...specifiedRules, operationLimits, ...(introspection ? [] : [NoSchemaIntrospectionCustomRule])];
  const errors = validate(schema, document, rules);
  if (errors.length > 0) return errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED'));
  return { schema, document, contextValue, ...(operationName != null && { operationName }), ...(variables != null && { variableValues: variables }) };
}

function parseBounded(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query, { maxTokens: MAX_TOKENS });
  } catch (error) {
    return error instanceof GraphQLError ? withCode(error, 'GRAPHQL_PARSE_FAILED') : new GraphQLError('The operation cannot be read.', { extensions: { code: 'GRAPHQL_PARSE_FAILED' } });
  }
}

function withCode(error: GraphQLError, code: string): GraphQLError {
  const { message, nodes, source, positions, extensions } = error;
  return new GraphQLError(message, { nodes: nodes ?? null, source, positions, extensions: { ...extensions, code } });
}

function closeOnExpiry(connection: Connection, { caller }: Identified): void {
  if (caller.kind !== 'user') return;
  const leftMs = caller.expiresAtSeconds * 1_000 - Date.now();
  connection.expiry = setTimeout(() => { connection.socket.close(TOKEN_EXPIRED, 'Token expired'); }, Math.min(Math.max(leftMs, 0), LONGEST_TIMER_MS));
}

/** A token among connection parameters; clients write the key in any case. */
function authorizationIn(parameters: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const [, value] = Object.entries(parameters ?? {}).find(([key]) => key.toLowerCase() === 'authorization') ?? [];
  return value == null ? undefined : String(value);
}

function nobody(): never {
  throw new Error('an operation came before its connection was acknowledged');
}

/** Everybody is told to come back (1001), to another replica; who does not answer is cut off. */
async function closeAll(sockets: WebSocketServer, disposable: { dispose: () => void | Promise<void> }): Promise<void> {
  const cutOff = setTimeout(() => { for (const socket of sockets.clients) socket.terminate(); }, CLOSE_WAIT_MS);
  await disposable.dispose();
  clearTimeout(cutOff);
}

