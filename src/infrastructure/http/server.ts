import { ApolloServer } from '@apollo/server';
import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import Fastify from 'fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import type { Registry } from 'prom-client';
import { inSpan } from '../../application/tracing';
import type { Logger } from '../../application/ports/logger';
import type { Identified } from '../identity/jwt-identity';
import { cacheControl } from './cache-control';
import { correlateRequests } from './correlate-requests';
import { errorMask } from './error-mask';
import type { ErrorMask } from './error-mask';
import { serveSockets } from './graphql-sockets';
import { keepToStage } from './life-stages';
import { operationGate } from './operation-gate';
import type { OperationGate } from './operation-gate';
import { failedRequests, httpOutcomes } from './operation-outcomes';
import type { OnOperation } from './operation-outcomes';
import { addressOf, rateRefusal } from './principal';
import type { AddressOf } from './principal';
import { serveProbes } from './probes';
import type { Readiness } from './probes';
import { defaultProtection } from './protection';
import type { Protection } from './protection';
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
  /** What is left out has its default. */
  readonly protection?: Partial<Protection>;
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
  const { operations, sockets: caps, rates, trustedProxies, rateLimits } = { ...defaultProtection(), ...options.protection };
  const gate = operationGate(operations, !production);
  const whence = addressOf(trustedProxies);
  const overRate = ({ caller }: Identified, address: string): GraphQLError | null => rateRefusal(rateLimits, rates, caller, address);
  const mask = errorMask(logger);
  const app = Fastify({ bodyLimit: BODY_LIMIT_BYTES, logger: false, return503OnClosing: false });
  keepToStage(app, PATH, stage);
  correlateRequests(app);
  failedRequests(app, PATH, onOperation);
  answerRequestErrors(app, mask, BODY_LIMIT_BYTES);
  serveProbes(app, readiness, registry);
  const apollo = apolloServer({ schema, mask, logger, gate, introspection: !production, onOperation });
  let sockets: { close(): Promise<void> } | undefined;
  let closed: Promise<void> | undefined;
  const closeOnce = async (): Promise<void> => {
    await Promise.all([app.close(), sockets?.close()]);
    await apollo.stop();
  };
  return {
    async listen(address) {
      await apollo.start();
      serveHttp(app, apollo, { identify, contextOf, addressOf: whence, rateRefusal: overRate });
      const url = await app.listen(address);
      sockets = serveSockets({
        server: app.server, path: PATH, schema, identify, contextOf, mask, maxPayloadBytes: BODY_LIMIT_BYTES, gate, caps, addressOf: whence, rateRefusal: overRate,
        onOperation,
        accepting: () => stage() === 'serving',
      });
      return url;
    },
    close: () => (closed ??= closeOnce()),
  };
}

interface ApolloParts extends Pick<ServerOptions, 'schema' | 'logger'> {
  readonly mask: ErrorMask;
  readonly gate: OperationGate;
  readonly introspection: boolean;
  readonly onOperation: OnOperation;
}

function apolloServer({ schema, mask, logger, gate, introspection, onOperation }: ApolloParts): ApolloServer<object> {
  return new ApolloServer<object>({
    schema, introspection,
    plugins: [ApolloServerPluginCacheControlDisabled(), cacheControl(), gateOf(gate), httpOutcomes(onOperation)],
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: gate.maxTokens },
    validationRules: [...gate.rules],
    formatError: (_formatted, error) => mask(error),
    logger: {
      debug: () => undefined,
      info: () => undefined,
      warn: (message: unknown) => { logger.warn({}, String(message)); },
      error: (message: unknown) => { logger.error({}, String(message)); },
    },
  });
}

/** The same gate as on WebSockets, at the place where Apollo has the operation and its variables. */
function gateOf(gate: OperationGate): ApolloServerPlugin {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, request }) {
          const refusal = operation ? gate.refusal({ schema, document, operation, variables: request.variables ?? {} }) : null;
          if (refusal) throw new GraphQLError(refusal.message, { extensions: { ...refusal.extensions, http: { status: 400 } } });
        },
      };
    },
  };
}

interface HttpCallers extends Pick<ServerOptions, 'identify' | 'contextOf'> {
  readonly addressOf: AddressOf;
  readonly rateRefusal: (identified: Identified, address: string) => GraphQLError | null;
}

/** Who asks is known, and counted, before GraphQL sees the request. */
function serveHttp(app: FastifyInstance, apollo: ApolloServer<object>, { identify, contextOf, addressOf: whence, rateRefusal: overRate }: HttpCallers): void {
  const callers = new WeakMap<FastifyRequest, Identified>();
  const handle = fastifyApolloHandler(apollo, { context: async (request) => contextOf(callers.get(request) ?? (await identify(request.headers.authorization))) });
  app.post(PATH, {
    async preHandler(request, reply) {
      const identified = await identify(request.headers.authorization);
      const refusal = overRate(identified, whence(request.raw));
      if (refusal) return reply.code(429).header('retry-after', String(refusal.extensions['retryAfterSeconds'])).send({ errors: [refusal.toJSON()] });
      callers.set(request, identified);
      return undefined;
    },
  }, function traced(request, reply) {
    const { traceparent } = request.headers;
    return inSpan('POST /graphql', { kind: 'server', parent: typeof traceparent === 'string' ? traceparent : undefined }, async () => handle.call(this, request as Parameters<typeof handle>[0], reply as Parameters<typeof handle>[1]));
  });
}
