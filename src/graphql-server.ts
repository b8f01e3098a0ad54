import type { Registry } from 'prom-client';
import { OperationContext } from '../resolvers/operation-context';
import { buildSubgraph } from '../resolvers/subgraph';
import type { ApplicationCore } from './application/application';
import type { ListingUseCases } from './application/listing';
import type { Logger } from './application/ports/logger';
import type { OnOperation } from './infrastructure/http/operation-outcomes';
import type { Protection } from './infrastructure/http/protection';
import { createServer } from './infrastructure/http/server';
import type { GraphQLServer } from './infrastructure/http/server';
import { JwtIdentity } from './infrastructure/identity/jwt-identity';
import type { IdentitySettings } from './infrastructure/identity/jwt-identity';
import type { ReadinessBoard } from './infrastructure/telemetry/readiness';

export interface GraphQLServerOptions {
  /** What is behind the graph, once it is put together; before that no operation gets as far. */
  readonly graph: () => { readonly application: ApplicationCore; readonly listings: ListingUseCases };
  readonly identity: IdentitySettings;
  readonly board: ReadinessBoard;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly onOperation: OnOperation;
  readonly production: boolean;
  readonly protection?: Protection;
}

/** The graph over the application, served: resolvers and HTTP know nothing of each other but here. */
export function createGraphQLServer({ graph, identity, board, ...rest }: GraphQLServerOptions): GraphQLServer & { loadKeys(): Promise<void> } {
  const tokens = new JwtIdentity(identity, rest.logger);
  const server = createServer({
    ...rest,
    readiness: () => board.read(),
    stage: () => board.stage,
    schema: buildSubgraph(),
    identify: (authorization) => tokens.identify(authorization),
    contextOf: (identification) => {
      const { application, listings } = graph();
      return new OperationContext({ ...application, listings }, identification);
    },
  });
  return { ...server, loadKeys: () => tokens.loadKeys() };
}
