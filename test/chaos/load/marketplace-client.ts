import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { httpClient, wsClient, type HttpClient, type WsClient } from '../../support/graphql-client';
import type { Role } from '../../support/sandbox-client';
import { waitFor } from '../../support/wait';
import type { ChaosWorld } from '../world/chaos-world';

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

let turn = 0;

export async function patronOf(world: ChaosWorld, roles: readonly Role[], ids: { readonly sub?: string; readonly tid?: string } = {}): Promise<Patron> {
  const { accessToken, sub, tid } = await world.sandbox.token({ ...ids, roles, expiresInSeconds: 14_400 });
  const clients: readonly HttpClient[] = world.replicas.map((replica) => httpClient(replica.graphqlUrl, accessToken, PATIENCE_MS));
  const next = (): number => turn++ % world.replicas.length;
  return {
    sub, tid,
    insist: (operation, variables) => waitFor(async () => ({ answer: await clients[next()]!.data(operation, variables) }), { withinMs: 120_000, what: 'an answer from any replica', everyMs: 50 }).then(({ answer }) => answer),
    socket: () => wsClient(world.replicas[next()]!.graphqlUrl, accessToken, { connectionAckWaitTimeout: 3_000, keepAlive: 2_000 }),
  };
}
