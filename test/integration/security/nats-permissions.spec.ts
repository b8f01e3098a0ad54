import { connect } from 'nats';
import type { NatsConnection, QueuedIterator, Status } from 'nats';
import { startNats } from '../../support/nats';
import type { TestNats } from '../../support/nats';

/* Each service of the development stack may announce under its own name only (scripts/stack/nats.conf). */
let nats: TestNats;
const connections: NatsConnection[] = [];
beforeAll(async () => { nats = await startNats(); });
afterAll(async () => {
  await Promise.all(connections.map((connection) => connection.close()));
  await nats.stop();
});

async function connectedAs(service: string): Promise<NatsConnection> {
  const connection = await connect({ servers: nats.url, ...(service !== '' && { user: service, pass: service }) });
  connections.push(connection);
  return connection;
}

/** What the server has to say to a message on the subject: null, or its refusal. */
async function refusal(connection: NatsConnection, subject: string): Promise<string | null> {
  const status = connection.status() as QueuedIterator<Status>;
  connection.publish(subject, '{}');
  await connection.flush(); // a refusal comes before the answer to this
  await connection.flush();
  const seen: string[] = [];
  const ended = (async () => { for await (const { data, permissionContext } of status) seen.push(permissionContext?.subject ?? String(data)); })();
  status.stop();
  await ended;
  return seen.find((about) => about === subject) ?? null;
}

describe('what each service may publish', () => {
  it.each([
    ['marketplace', 'marketplace.order.placed.v1', true], ['marketplace', 'billing.payment.succeeded.v1', false], ['marketplace', 'enrollment.created.v1', false],
    ['marketplace', 'catalog.course_version.published.v1', false], ['marketplace', 'gdpr.subject_request.received.v1', false], ['marketplace', '$JS.API.STREAM.DELETE.MARKETPLACE', false],
    ['marketplace', '$JS.API.STREAM.PURGE.BILLING', false], ['marketplace', '$JS.API.CONSUMER.DURABLE.CREATE.BILLING.other', false], ['marketplace', '$SYS.REQ.SERVER.PING', false],
    ['billing', 'billing.payment.succeeded.v1', true], ['billing', 'marketplace.order.placed.v1', false], ['enrollment', 'enrollment.created.v1', true], ['enrollment', 'billing.payment.succeeded.v1', false],
    ['catalog', 'catalog.course_version.published.v1', true], ['catalog', 'content.play_package.built.v1', false], ['content', 'content.play_package.built.v1', true],
    ['sandbox', 'billing.payment.succeeded.v1', true], ['sandbox', 'marketplace.order.placed.v1', false], ['', 'billing.payment.succeeded.v1', true],
  ])('%s, %s: %s', async (service, subject, allowed) => {
    expect(await refusal(await connectedAs(service), subject)).toBe(allowed ? null : subject);
  });

  it('nobody comes in under a name that is not theirs', async () => {
    await expect(connect({ servers: nats.url, user: 'marketplace', pass: 'guess' })).rejects.toThrow(/AUTHORIZATION/i);
  });
});
