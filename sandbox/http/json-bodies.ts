import type { FastifyInstance } from 'fastify';
import { messageOf } from '../process/program';
import { Problem } from './problem';

/** Reads JSON, and takes an empty body for no body: a POST whose path says it all needs none. */
export function acceptEmptyJsonBodies(app: FastifyInstance): void {
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    const text = body.toString();
    if (text.trim() === '') return done(null, undefined);
    try {
      return done(null, JSON.parse(text));
    } catch (error) {
      return done(new Problem(400, 'malformed-json', messageOf(error)));
    }
  });
}
