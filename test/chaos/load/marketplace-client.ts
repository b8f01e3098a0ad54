import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { WebSocket } from 'ws';
import { httpClient, wsClient, type HttpAnswer, type HttpClient, type WsClient } from '../../support/graphql-client';
import type { Role } from '../../support/sandbox-client';
import { waitFor } from '../../support/wait';
import type { World } from '../../support/world';

/** A replica that says nothing for so long is given up, as a load balancer would. */
const PATIENCE_MS = 6_000;

/** Somebody who asks one replica after the other until there is an answer, as a client behind a load balancer does. */
export interface Patron {
  readonly sub: string;
  readonly tid: string;
  insist<TData, TVariables>(operation: TypedDocumentNode<TData, TVariables>, variables: TVariables): Promise<TData>;
  /** A socket to the next replica. */
  socket(): WsClient;
}

/** Gives a replica up that takes the connection and then says nothing. */
class ImpatientSocket extends WebSocket {
  constructor(url: string, protocols: string) {
    super(url, protocols, { handshakeTimeout: 3_000 });
  }
}

let turn = 0;

export async function patronOf(world: Pick<World, 'sandbox' | 'replicas'>, roles: readonly Role[], ids: { readonly sub?: string; readonly tid?: string } = {}): Promise<Patron> {
  const { accessToken, sub, tid } = await world.sandbox.token({ ...ids, roles, expiresInSeconds: 14_400 });
  const clients: readonly HttpClient[] = world.replicas.map((replica) => httpClient(replica.graphqlUrl, accessToken, PATIENCE_MS));
  const next = (): number => turn++ % world.replicas.length;
  return {
    sub, tid,
    insist: (operation, variables) => insist(() => clients[next()]!.send(operation, variables)),
    socket: () => wsClient(world.replicas[next()]!.graphqlUrl, accessToken, { webSocketImpl: ImpatientSocket, connectionAckWaitTimeout: 3_000, keepAlive: 2_000 }),
  };
}

/** A replica that is away or cannot serve is passed by; a question that nobody will ever understand is a mistake of the test. */
async function insist<TData>(ask: () => Promise<HttpAnswer<TData>>): Promise<TData> {
  const { status, data, errors } = await waitFor(async () => {
    const answer = await ask();
    if (answer.status === 400 || (answer.errors.length === 0 && answer.data != null)) return answer;
    throw new Error(`HTTP ${answer.status}: ${JSON.stringify(answer.errors)}`);
  }, { withinMs: 300_000, what: 'an answer from any replica', everyMs: 50 });
  if (data == null) throw new Error(`HTTP ${status}: ${JSON.stringify(errors)}`);
  return data;
}
