import { randomUUID } from 'node:crypto';
import { GraphQLError, Kind } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from '../../application/ports/logger';
import { withoutCardNumbers } from '../../domain/card-number';

export type ErrorMask = (error: unknown) => GraphQLFormattedError;

/**
 * What a client may know of an error, on HTTP and WebSocket alike. Errors of ours with a code and those about the
 * operation's text pass; anything else is logged under an id, and only the id is told.
 */
export function errorMask(logger: Logger): ErrorMask {
  return (error) => {
    if (error instanceof GraphQLError && isExpected(error)) {
      const { message, locations, path, extensions } = error.toJSON();
      return { message: withoutCardNumbers(message), ...(locations && { locations }), ...(path && { path }), extensions: { ...publicPart(extensions), code: extensions?.code ?? 'BAD_USER_INPUT' } };
    }
    const incident = randomUUID();
    logger.error({ err: rootOf(error), incident, ...(error instanceof GraphQLError && { path: error.path }) }, 'an operation failed');
    const path = error instanceof GraphQLError ? error.path : undefined;
    return { message: `Internal server error (id ${incident})`, ...(path && { path }), extensions: { code: 'INTERNAL_SERVER_ERROR', id: incident } };
  };
}

/** Raised on purpose: by us with a code, or by GraphQL about an argument. A value that did not fit a field is our fault. */
function isExpected(error: GraphQLError): boolean {
  if (!(rootOf(error) instanceof GraphQLError)) return false;
  const code = error.extensions.code;
  if (code !== undefined) return code !== 'INTERNAL_SERVER_ERROR';
  return !(error.path && error.nodes?.some((node) => node.kind === Kind.FIELD));
}

/** GraphQL wraps what resolvers throw. */
function rootOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? rootOf(error.originalError) : error;
}

/** Apollo's directions to its own HTTP layer are not for clients. */
function publicPart({ http: _http, stacktrace: _stacktrace, ...rest }: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return rest;
}
