import type { FastifyInstance } from 'fastify';
import type { Stage } from '../telemetry/readiness';

/** With this header a 503 says that nothing was begun: whoever sent the request may send it to another replica at once. */
const NOT_BEGUN = { 'retry-after': '1' };

/**
 * A replica that starts answers no operation yet. One that drains answers everything that still comes, and each answer
 * tells the client to open its next connection elsewhere, so that none is left when they are closed.
 */
export function keepToStage(app: FastifyInstance, path: string, stage: () => Stage): void {
  app.addHook('onRequest', async (request, reply) => {
    if (stage() === 'draining') reply.header('connection', 'close');
    if (stage() !== 'starting' || !request.url.startsWith(path)) return;
    await reply.code(503).headers(NOT_BEGUN).send({ errors: [{ message: 'This replica is starting; try again.', extensions: { code: 'TEMPORARILY_UNAVAILABLE' } }] });
  });
}
