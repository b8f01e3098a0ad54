import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { connect } from 'nats';
import type { NatsConnection } from 'nats';
import { behaviourControls, BehaviourRegister } from './behaviour/behaviour-register';
import { billing } from './billing/billing';
import { catalog } from './catalog/catalog';
import { enrollment } from './enrollment/enrollment';
import { EventOutlet } from './events/event-outlet';
import { EventSchemas } from './events/event-schemas';
import { EventWitness } from './events/event-witness';
import { MarketplaceFeed } from './events/marketplace-feed';
import { marketplaceReader } from './events/marketplace-reader';
import { ensureNeighbourStreams } from './events/streams';
import { inTraceOf } from './events/trace-context';
import { Violations } from './events/violations';
import { gdpr } from './gdpr/gdpr';
import { acceptEmptyJsonBodies } from './http/json-bodies';
import { answerProblems } from './http/problem';
import { fx } from './fx/fx';
import { identity } from './identity/identity';
import type { Neighbour, NeighbourContext } from './neighbour';
import { messageOf } from './process/program';
import type { RunningProgram } from './process/program';
import { projectFile } from './process/project-root';
import type { SandboxSettings } from './settings';
import { search } from './search/search';
import { stripe } from './stripe/stripe';
import { tenants } from './tenants/tenants';

/**
 * Starts every neighbour on one port and one NATS connection.
 * @throws Error when NATS does not answer or the port is taken.
 */
export async function startSandbox(settings: SandboxSettings): Promise<RunningProgram> {
  const baseUrl = `http://${settings.host}:${settings.port}`;
  const behaviour = new BehaviourRegister();
  const violations = new Violations();
  const witness = new EventWitness();
  const schemas = EventSchemas.fromDirectory(projectFile('schema', 'events'));

  const connection = await connectToNats(settings.natsUrl);
  const outlet = new EventOutlet(() => connection.jetstream(), schemas, violations, behaviour);
  const neighbours = await playNeighbours({ behaviour, outlet, baseUrl });
  const feed = new MarketplaceFeed(connection, marketplaceReader(schemas, violations, witness, neighbours));

  const app = Fastify({ forceCloseConnections: true, bodyLimit: 4 * 1024 * 1024 });
  app.addHook('onRequest', ({ headers: { traceparent } }, _reply, done) => { inTraceOf(typeof traceparent === 'string' ? traceparent : undefined, done); });
  answerProblems(app);
  acceptEmptyJsonBodies(app);
  serveNeighbours(app, neighbours);
  await app.register(behaviourControls(behaviour), { prefix: '/sandbox' });
  await app.register(violations.controls, { prefix: '/sandbox' });
  await app.register(witness.controls, { prefix: '/sandbox' });
  app.get('/healthz', async () => ({ status: 'ok', nats: !connection.isClosed(), violations: violations.count, undelivered: outlet.undelivered }));

  const stop = async (): Promise<void> => {
    feed.stop();
    outlet.close();
    for (const neighbour of neighbours) neighbour.stop?.();
    await app.close();
    await connection.close();
  };
  try {
    await app.listen({ host: settings.host, port: settings.port });
  } catch (error) {
    await stop();
    throw error;
  }
  void feed.run();
  return { url: baseUrl, stop };
}

/** Every neighbour there is; a new one is one more line here. */
async function playNeighbours(context: NeighbourContext): Promise<Neighbour[]> {
  return [await identity(context), tenants(context), billing(context), catalog(context), enrollment(context), search(), stripe(context), fx(), gdpr(context)];
}

function serveNeighbours(app: FastifyInstance, neighbours: readonly Neighbour[]): void {
  for (const { prefix, api, controls } of neighbours) {
    if (api !== undefined) void app.register(api, { prefix });
    if (controls !== undefined) void app.register(controls, { prefix: '/sandbox' });
  }
}

/** Without a user in its URL it connects as the server lets anybody. */
function serverOf(url: string): { servers: string; user?: string; pass?: string } {
  const { protocol, host, username: user, password: pass } = new URL(url);
  return { servers: `${protocol}//${host}`, ...(user !== '' && { user, pass }) };
}

async function connectToNats(url: string): Promise<NatsConnection> {
  const connection = await connect({ ...serverOf(url), name: 'sandbox', maxReconnectAttempts: -1, reconnectTimeWait: 250 }).catch(
    (error: unknown) => {
      throw new Error(`NATS at ${url} does not answer (${messageOf(error)}); set NATS_URL`);
    },
  );
  await ensureNeighbourStreams(await connection.jetstreamManager());
  void restoreStreamsOnReconnect(connection);
  return connection;
}

/** A server that came back with an empty disk has lost the streams that are ours to create. */
async function restoreStreamsOnReconnect(connection: NatsConnection): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type !== 'reconnect') continue;
    await connection
      .jetstreamManager()
      .then(ensureNeighbourStreams)
      .catch((error: unknown) => console.error(`sandbox: streams after reconnect: ${messageOf(error)}`));
  }
}
