import type { WebSocket } from 'ws';

/** What the gateway knows about a client's operation, on HTTP and WebSocket alike. */
export interface GatewayContextValue {
  /** Carries the caller's Authorization header; on a WebSocket it is made from the connection parameters. */
  readonly request: Request;
  /** The client's socket, where there is one. */
  readonly socket?: WebSocket;
}

/** The caller's token as it was sent, scheme included. */
export function authorizationOf(context: Partial<GatewayContextValue> | undefined): string | undefined {
  return context?.request?.headers.get('authorization') ?? undefined;
}

/** A token among connection parameters; clients write the key in any case. */
export function authorizationIn(connectionParams: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const entry = Object.entries(connectionParams ?? {}).find(([key]) => key.toLowerCase() === 'authorization');
  return typeof entry?.[1] === 'string' ? entry[1] : undefined;
}
