import type { Registry } from 'prom-client';
import { OperationContext } from '../resolvers/operation-context';
import { buildSubgraph } from '../resolvers/subgraph';
import type { ApplicationCore } from './application/application';
import type { ListingUseCases } from './application/listing';
import type { Logger } from './application/ports/logger';
import type { Readiness } from './infrastructure/http/probes';
import type { Protection } from './infrastructure/http/protection';
import { createServer } from './infrastructure/http/server';
import type { GraphQLServer } from './infrastructure/http/server';
import { JwtIdentity } from './infrastructure/identity/jwt-identity';
import type { IdentitySettings } from './infrastructure/identity/jwt-identity';

export interface GraphQLServerOptions {
  readonly application: ApplicationCore;
  readonly listings: ListingUseCases;
  readonly identity: IdentitySettings;
  readonly readiness: Readiness;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly production: boolean;
  readonly protection?: Protection;
}

/** The graph over the application, served: resolvers and HTTP know nothing of each other but here. */
export function createGraphQLServer({ application, listings, identity, ...rest }: GraphQLServerOptions): GraphQLServer {
  const tokens = new JwtIdentity(identity, rest.logger);
  return createServer({
    ...rest,
    schema: buildSubgraph(),
    identify: (authorization) => tokens.identify(authorization),
    contextOf: (identification) => new OperationContext({ ...application, listings }, identification),
  });
}
