import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';

/** Each part that requests need, with 'ok' or what is wrong with it. */
export type Readiness = () => Promise<Readonly<Record<string, string>>>;

/** `/healthz`: the process is up. `/readyz`: it can take requests. `/metrics`: for Prometheus. */
export function serveProbes(app: FastifyInstance, readiness: Readiness, registry: Registry): void {
  app.get('/healthz', () => ({ status: 'ok' }));

  app.get('/readyz', async (_request, reply) => {
    const parts = await readiness();
    const ready = Object.values(parts).every((part) => part === 'ok');
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'not ready', ...parts });
  });

  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
}
