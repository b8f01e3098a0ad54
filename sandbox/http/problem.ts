import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

/** An answer that the caller caused, as RFC 9457 problem details. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
  ) {
    super(detail);
  }
}

/** Every error of every neighbour leaves as application/problem+json. */
export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, _request, reply) => sendProblem(reply, asProblem(error)));
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, new Problem(404, 'no-such-route', `nothing at ${request.method} ${request.url}`)),
  );
}

/** @throws Problem 422 that names the first field that is wrong. */
export function parse<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input ?? {});
  if (parsed.success) return parsed.data;
  throw new Problem(422, 'invalid-body', z.prettifyError(parsed.error).replaceAll('\n', ' '));
}

/** @throws Problem 400 when the POST has no Idempotency-Key. */
export function idempotencyKeyOf(request: FastifyRequest): string {
  const key = request.headers['idempotency-key'];
  if (typeof key === 'string' && key !== '') return key;
  throw new Problem(400, 'idempotency-key-missing', 'every POST needs an Idempotency-Key header');
}

function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply
    .status(problem.status)
    .type('application/problem+json')
    .send(JSON.stringify({
      type: `urn:ghasi:problems:${problem.code}`,
      title: problem.code,
      status: problem.status,
      detail: problem.message,
    }));
}

function asProblem(error: FastifyError | Problem): Problem {
  if (error instanceof Problem) return error;
  const status = error.statusCode ?? 500;
  if (status >= 500) console.error(`sandbox: ${error.stack ?? error.message}`);
  return new Problem(status, status >= 500 ? 'internal' : 'bad-request', error.message);
}
