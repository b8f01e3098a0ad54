import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import { getOperationAST, GraphQLError } from 'graphql';
import type { ExecutionArgs, GraphQLSchema } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { correlated } from '../../application/correlation';
import type { Identified } from '../identity/jwt-identity';
import type { ErrorMask } from './error-mask';
import { KnownDocuments } from './known-documents';
import type { OperationGate } from './operation-gate';
import { outcomeOf } from './operation-outcomes';
import type { OnOperation } from './operation-outcomes';
import { principalOf } from './principal';
import { SocketPlaces } from './socket-caps';
import type { SocketCaps, SocketPlace } from './socket-caps';

export interface SocketOptions {
  readonly server: Server;
  readonly path: string;
  readonly schema: GraphQLSchema;
  readonly identify: (authorization: string | undefined) => Promise<Identified>;
  /** A new one for each operation. */
  readonly contextOf: (identified: Identified) => object;
  readonly mask: ErrorMask;
  readonly maxPayloadBytes: number;
  readonly gate: OperationGate;
  readonly caps: SocketCaps;
  /** Where a socket comes from, past our own proxies. */
  readonly addressOf: (request: IncomingMessage) => string;
  /** Takes one operation out of the caller's quotas. */
  readonly rateRefusal: (identified: Identified, address: string) => GraphQLError | null;
  readonly onOperation: OnOperation;
  /** Whether sockets may be opened now; where not, the client's next try finds another replica. */
  readonly accepting: () => boolean;
}

// A type, because graphql-ws wants one that is open to further properties, which an interface is not.
type Connection = {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  /** What the log calls everything that this socket asked for. */
  correlationId?: string;
  identified?: Identified;
  expiry?: NodeJS.Timeout;
  place?: SocketPlace;
};

const INIT_WAIT_MS = 5_000;
/** Clients come back with a fresh token after 4403; 4401 would be final for them. */
const TOKEN_EXPIRED = 4_403;
/** Final for clients, as it should be: coming back at once would not help. */
const TOO_MANY = 4_429;
const CLOSE_WAIT_MS = 2_000;
/** Node's timers cannot wait longer; a token that lives longer is looked at again when the client returns. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** GraphQL over WebSocket (graphql-transport-ws), with the limits, the masking and the identities of HTTP. */
export function serveSockets(options: SocketOptions): { close(): Promise<void> } {
  const { server, path, schema, mask, maxPayloadBytes, caps } = options;
  const sockets: WebSocketServer = new WebSocketServer({
    server, path, maxPayload: maxPayloadBytes,
    verifyClient: (_info, done) => { if (options.accepting() && sockets.clients.size < caps.maxSockets) done(true); else done(false, 503, 'Not here, not now', { 'retry-after': '5' }); },
  });
  const places = new SocketPlaces(caps);
  const documents = new KnownDocuments(schema, options.gate);
  const told = ({ correlationId }: Connection, errors: readonly GraphQLError[] | undefined) => {
    const masked = correlated(correlationId, () => errors?.map(mask));
    options.onOperation('ws', outcomeOf(masked));
    return masked;
  };
  const disposable = useServer<Record<string, unknown>, Connection>({
    schema,
    connectionInitWaitTimeout: INIT_WAIT_MS,
    onConnect: ({ connectionParams, extra }) => admit(options, places, extra, authorizationIn(connectionParams)),
    onClose: ({ extra }) => { clearTimeout(extra.expiry); extra.place?.leave(); },
    onSubscribe: ({ extra }, _id, payload) => operation(options, documents, payload, extra),
    onComplete: ({ extra }) => { extra.place?.end(); },
    onNext: ({ extra }, _id, _payload, _args, { data, errors }) => {
      const masked = told(extra, errors);
      return masked ? { ...(data !== undefined && { data }), errors: masked } : undefined;
    },
    onError: ({ extra }, _id, _payload, errors) => told(extra, errors as readonly GraphQLError[]) ?? [],
  }, sockets);
  return { close: () => closeAll(sockets, disposable) };
}

/** False: it is closed, with a code that says why. */
async function admit({ identify, addressOf }: SocketOptions, places: SocketPlaces, connection: Connection, authorization: string | undefined): Promise<boolean> {
  connection.correlationId = randomUUID();
  const identified = await identify(authorization);
  const place = places.take(principalOf(identified.caller, addressOf(connection.request)));
  if (place === null) {
    connection.socket.close(TOO_MANY, 'Too many sockets');
    return false;
  }
  connection.identified = identified;
  connection.place = place;
  closeOnExpiry(connection, identified);
  if (connection.socket.readyState !== connection.socket.OPEN) place.leave();
  return true;
}

/** The operation, parsed, checked as on HTTP and counted, or what is wrong with it. */
function operation(options: SocketOptions, documents: KnownDocuments, payload: SubscribePayload, { identified, place, request }: Connection): ExecutionArgs | readonly GraphQLError[] {
  if (!identified || !place) throw new Error('an operation came before its connection was acknowledged');
  const refusal = options.rateRefusal(identified, options.addressOf(request));
  if (refusal) return [refusal];
  const ready = readOperation(options, documents, payload, options.contextOf(identified));
  return 'document' in ready && !place.begin() ? [tooManySubscriptions()] : ready;
}

function readOperation({ schema, gate }: SocketOptions, documents: KnownDocuments, { query, operationName, variables }: SubscribePayload, contextValue: object): ExecutionArgs | readonly GraphQLError[] {
  const document = documents.read(query);
  if (!('kind' in document)) return document;
  const operation = getOperationAST(document, operationName);
  if (!operation) return [new GraphQLError('The operation’s name does not say which one is meant.', { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } })];
  const refusal = gate.refusal({ schema, document, operation, variables: variables ?? {} });
  if (refusal) return [refusal];
  return { schema, document, contextValue, ...(operationName != null && { operationName }), ...(variables != null && { variableValues: variables }) };
}

function tooManySubscriptions(): GraphQLError {
  return new GraphQLError('Too many subscriptions are open already; end one first.', { extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } });
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

/** Everybody is told to come back (1001), to another replica; who does not answer is cut off. */
async function closeAll(sockets: WebSocketServer, disposable: { dispose: () => void | Promise<void> }): Promise<void> {
  const cutOff = setTimeout(() => { for (const socket of sockets.clients) socket.terminate(); }, CLOSE_WAIT_MS);
  await disposable.dispose();
  clearTimeout(cutOff);
}
