import { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Registry } from 'prom-client';
import { inSpan } from '../../application/tracing';
import type { Logger } from '../../application/ports/logger';
import type { Identified } from '../identity/jwt-identity';
import { correlateRequests } from './correlate-requests';
import { errorMask } from './error-mask';
import type { ErrorMask } from './error-mask';
import { serveSockets } from './graphql-sockets';
import { keepToStage } from './life-stages';
import { MAX_TOKENS, operationLimits } from './operation-limits';
import { failedRequests, httpOutcomes } from './operation-outcomes';
import type { OnOperation } from './operation-outcomes';
import { PRIVATE_ANSWERS } from './private-answers';
import { serveProbes } from './probes';
import type { Readiness } from './probes';
import { answerRequestErrors } from './request-errors';
import type { Stage } from '../telemetry/readiness';

const PATH = '/graphql';
const BODY_LIMIT_BYTES = 1024 * 1024;

export interface ServerOptions {
  readonly schema: GraphQLSchema;
  readonly identify: (authorization: string | undefined) => Promise<Identified>;
  /** A new one for each operation. */
  readonly contextOf: (identified: Identified) => object;
  readonly readiness: Readiness;
  /** Where this replica is in its life. Default: it serves. */
  readonly stage?: () => Stage;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Told how each operation ended. Default: nobody counts. */
  readonly onOperation?: OnOperation;
  /** In production the schema is not told to whoever asks. */
  readonly production: boolean;
}

export interface GraphQLServer {
  /** @returns where it listens, without a path @throws when the port is taken */
  listen(address: { readonly host: string; readonly port: number }): Promise<string>;
  /** Stops listening, sends WebSocket clients elsewhere and finishes the requests in hand; once, however often it is asked. */
  close(): Promise<void>;
}

/** HTTP and graphql-ws on `/graphql`, and the probes beside it. */
export function createServer(options: ServerOptions): GraphQLServer {
  const { schema, identify, contextOf, readiness, logger, registry, production, stage = () => 'serving', onOperation = () => undefined } = options;
  const mask = errorMask(logger);
  const app = Fastify({ bodyLimit: BODY_LIMIT_BYTES, logger: false, return503OnClosing: false });
  keepToStage(app, PATH, stage);
  correlateRequests(app);
  failedRequests(app, PATH, onOperation);
  answerRequestErrors(app, mask, BODY_LIMIT_BYTES);
  serveProbes(app, readiness, registry);
  const apollo = apolloServer(schema, mask, logger, !production, onOperation);
  let sockets: { close(): Promise<void> } | undefined;
  let closed: Promise<void> | undefined;
  const closeOnce = async (): Promise<void> => {
    await Promise.all([app.close(), sockets?.close()]);
    await apollo.stop();
  };
  return {
    async listen(address) {
      await apollo.start();
      serveHttp(app, apollo, async (authorization) => contextOf(await identify(authorization)));
      const url = await app.listen(address);
      sockets = serveSockets({
        server: app.server, path: PATH, schema, identify, contextOf, mask, maxPayloadBytes: BODY_LIMIT_BYTES, introspection: !production,
        onOperation,
        accepting: () => stage() === 'serving',
      });
      return url;
    },
    close: () => (closed ??= closeOnce()),
  };
}

function apolloServer(schema: GraphQLSchema, mask: ErrorMask, logger: Logger, introspection: boolean, onOperation: OnOperation): ApolloServer<object> {
  return new ApolloServer<object>({
    schema, introspection,
    plugins: [PRIVATE_ANSWERS, httpOutcomes(onOperation)],
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: MAX_TOKENS },
    validationRules: [operationLimits],
    formatError: (_formatted, error) => mask(error),
    logger: {
      debug: () => undefined,
      info: () => undefined,
      warn: (message: unknown) => { logger.warn({}, String(message)); },
      error: (message: unknown) => { logger.error({}, String(message)); },
    },
  });
}

function serveHttp(app: FastifyInstance, apollo: ApolloServer<object>, contextOf: (authorization: string | undefined) => Promise<object>): void {
  const handle = fastifyApolloHandler(apollo, { context: ({ headers }) => contextOf(headers.authorization) });
  app.post(PATH, function traced(request, reply) {
    const { traceparent } = request.headers;
    return inSpan('POST /graphql', { kind: 'server', parent: typeof traceparent === 'string' ? traceparent : undefined }, async () => handle.call(this, request as Parameters<typeof handle>[0], reply as Parameters<typeof handle>[1]));
  });
}
