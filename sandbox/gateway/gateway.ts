import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { resolve } from 'node:path';
import { createGatewayRuntime, getGraphQLWSOptions } from '@graphql-hive/gateway-runtime';
import type { GatewayConfigSupergraph, GatewayRuntime } from '@graphql-hive/gateway-runtime';
import http from '@graphql-mesh/transport-http';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { messageOf } from '../process/program';
import type { RunningProgram } from '../process/program';
import type { GatewaySettings } from './gateway-settings';
import { replicaFetch } from './replica-fetch';
import { ReplicaTurns } from './replica-turns';
import { authorizationIn } from './request-context';
import type { GatewayContextValue } from './request-context';
import { subscriptionTransport } from './subscription-transport';

const ENDPOINT = '/graphql';
const MAX_BODY_BYTES = 1024 * 1024;
/** Stands for all replicas; replica-fetch and subscription-transport put one of them in its place. */
const LOGICAL_SUBGRAPH_URL = 'http://marketplace.invalid/graphql';

interface ClientSocket {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
}

/**
 * Serves the supergraph over HTTP and graphql-ws. Starts whether or not the subgraphs are up.
 * @throws Error when the supergraph cannot be read or the port is taken.
 */
export async function startGateway(settings: GatewaySettings): Promise<RunningProgram> {
  const runtime = createGatewayRuntime(runtimeConfig(settings));
  const server = createServer((request, response) => {
    // The one who connected, whatever the request claims: here the gateway is the outermost proxy.
    request.headers['x-forwarded-for'] = request.socket.remoteAddress ?? '';
    if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) refuseBody(response);
    else void runtime(request, response);
  });
  await listen(server, settings);
  const sockets = serveWebSockets(server, runtime);
  return {
    url: `http://${settings.host}:${settings.port}${ENDPOINT}`,
    stop: async () => {
      for (const socket of sockets.clients) socket.close(1_001, 'gateway stops');
      server.close();
      server.closeAllConnections();
      await runtime.dispose();
    },
  };
}

function runtimeConfig({ supergraphFile, replicaUrls, catalogUrl }: GatewaySettings): GatewayConfigSupergraph {
  const turns = new ReplicaTurns(replicaUrls);
  return {
    supergraph: readSupergraph(supergraphFile),
    graphqlEndpoint: ENDPOINT,
    healthCheckEndpoint: '/healthz',
    logging: 'error',
    landingPage: false,
    fetchAPI: { fetch: replicaFetch(LOGICAL_SUBGRAPH_URL, turns) as typeof fetch },
    transports: { http, ws: subscriptionTransport(turns) },
    transportEntries: {
      // Equal queries of two callers must stay two requests.
      '*.http': { options: { deduplicateInflightRequests: false } },
      marketplace: { location: LOGICAL_SUBGRAPH_URL, options: { subscriptions: { kind: 'ws', location: ENDPOINT } } },
      catalog: { location: catalogUrl },
    },
    propagateHeaders: {
      fromClientToSubgraphs({ request }) {
        const passedOn = ['authorization', 'x-forwarded-for'].map((name) => [name, request.headers.get(name)] as const);
        return Object.fromEntries(passedOn.flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
      },
    },
  };
}

function readSupergraph(file: string): string {
  try {
    return readFileSync(resolve(file), 'utf8');
  } catch (error) {
    throw new Error(`cannot read the supergraph (${messageOf(error)}); compose it or set SUPERGRAPH_FILE`);
  }
}

function serveWebSockets(server: Server, runtime: GatewayRuntime): WebSocketServer {
  const sockets = new WebSocketServer({ server, path: ENDPOINT, maxPayload: MAX_BODY_BYTES });
  useServer(
    getGraphQLWSOptions<Record<string, unknown>, ClientSocket>(runtime, ({ connectionParams, extra }) => ({
      ...contextOf(authorizationIn(connectionParams), extra.socket),
    })),
    sockets,
  );
  return sockets;
}

/** A WebSocket operation looks to the runtime like a request with the socket's token. */
function contextOf(authorization: string | undefined, socket: WebSocket): GatewayContextValue {
  const headers = new Headers(authorization === undefined ? {} : { authorization });
  return { request: new Request(LOGICAL_SUBGRAPH_URL, { method: 'POST', headers }), socket };
}

function refuseBody(response: ServerResponse): void {
  const error = { message: 'The body is larger than 1 MiB.', extensions: { code: 'PAYLOAD_TOO_LARGE' } };
  response.writeHead(413, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify({ errors: [error] }));
}

function listen(server: Server, { host, port }: GatewaySettings): Promise<void> {
  return new Promise((listening, failed) => {
    server.once('error', failed);
    server.listen(port, host, () => listening());
  });
}
