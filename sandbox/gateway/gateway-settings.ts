import { projectFile } from '../process/project-root';
import { portFrom } from '../settings';

/** What one gateway process needs to know; read from the environment only. */
export interface GatewaySettings {
  readonly host: string;
  readonly port: number;
  /** GraphQL endpoints of the marketplace's replicas, asked in turn. */
  readonly replicaUrls: readonly string[];
  readonly catalogUrl: string;
  readonly supergraphFile: string;
}

/** @throws Error naming the variable that is not usable. */
export function gatewaySettings(env: NodeJS.ProcessEnv): GatewaySettings {
  const replicaUrls = (env['SUBGRAPH_URLS'] ?? 'http://127.0.0.1:4001/graphql').split(',').map((url) => url.trim());
  const catalogUrl = env['CATALOG_SUBGRAPH_URL'] ?? 'http://127.0.0.1:4010/catalog/graphql';
  const unusable = [...replicaUrls, catalogUrl].find((url) => !URL.canParse(url));
  if (unusable !== undefined) throw new Error(`SUBGRAPH_URLS and CATALOG_SUBGRAPH_URL take URLs, not "${unusable}"`);
  return {
    host: env['HOST'] ?? '127.0.0.1',
    port: portFrom(env, 'GATEWAY_PORT', 4000),
    replicaUrls,
    catalogUrl,
    supergraphFile: env['SUPERGRAPH_FILE'] ?? projectFile('schema', 'supergraph.graphql'),
  };
}
