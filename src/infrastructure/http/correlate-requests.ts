import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { correlated } from '../../application/correlation';
import { parseId } from '../../domain/ids';

const HEADER = 'x-correlation-id';

/** Each request has an id: the caller's, where it is a UUID, else a new one. It stands in the log and in events, and is answered. */
export function correlateRequests(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const given = request.headers[HEADER];
    const id = (typeof given === 'string' ? parseId(given) : null) ?? randomUUID();
    reply.header(HEADER, id);
    correlated(id, done);
  });
}
