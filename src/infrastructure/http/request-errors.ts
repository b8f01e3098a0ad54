import type { FastifyError, FastifyInstance } from 'fastify';
import type { ErrorMask } from './error-mask';

const CODES: Readonly<Record<number, string>> = { 400: 'BAD_REQUEST', 404: 'NOT_FOUND', 413: 'PAYLOAD_TOO_LARGE', 415: 'UNSUPPORTED_MEDIA_TYPE' };

/** What goes wrong before GraphQL sees a request is answered in GraphQL's form all the same. */
export function answerRequestErrors(app: FastifyInstance, mask: ErrorMask, bodyLimitBytes: number): void {
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 400 || status >= 500) return reply.code(500).send({ errors: [mask(error)] });
    const message = status === 413 ? `The request’s body is larger than ${bodyLimitBytes / 1024 / 1024} MiB.` : error.message;
    return reply.code(status).send(answer(message, status));
  });
  app.setNotFoundHandler((request, reply) => reply.code(404).send(answer(`There is nothing at ${request.method} ${request.url.slice(0, 200)}; GraphQL is at POST /graphql.`, 404)));
}

function answer(message: string, status: number) {
  return { errors: [{ message, extensions: { code: CODES[status] ?? 'BAD_REQUEST' } }] };
}
