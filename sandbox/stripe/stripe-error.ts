import type { FastifyError, FastifyInstance } from 'fastify';

/** An error in Stripe's own shape. */
export class StripeError extends Error {
  constructor(
    readonly status: number,
    readonly type: 'invalid_request_error' | 'idempotency_error' | 'api_error' | 'rate_limit_error',
    readonly code: string | null,
    message: string,
  ) {
    super(message);
  }

  get body(): object {
    return { error: { type: this.type, ...(this.code === null ? {} : { code: this.code }), message: this.message } };
  }
}

export function answerStripeErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | StripeError, _request, reply) => {
    const told = error instanceof StripeError ? error : new StripeError(error.statusCode ?? 500, 'api_error', null, error.message);
    return reply.status(told.status).send(told.body);
  });
}
