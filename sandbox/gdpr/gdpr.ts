import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { parse } from '../http/problem';
import type { Neighbour, NeighbourContext } from '../neighbour';

const requested = z.object({
  subjectId: z.uuid(),
  kind: z.enum(['erasure', 'access']),
  /** Said again under the same name: another event, the same request. */
  requestId: z.string().min(1).optional(),
  tid: z.uuid().optional(),
});

/** Whoever collects what persons ask for by law: passes it on to every service, by event. */
export function gdpr({ outlet }: NeighbourContext): Neighbour {
  return {
    prefix: '/gdpr',
    controls: async (app) => {
      app.post('/gdpr', async ({ body }, reply) => {
        const { subjectId, kind, requestId = randomUUID(), tid = randomUUID() } = parse(requested, body);
        const chain = randomUUID();
        const eventId = outlet.publish({
          type: 'gdpr.subject_request.received.v1', subject: requestId, source: '/gdpr-service', tenantId: tid,
          correlationId: chain, causationId: chain, data: { requestId, subjectId, kind },
        });
        return reply.status(202).send({ requestId, eventId });
      });
    },
  };
}
