import { RetentionPolicy } from 'nats';
import type { NatsConnection } from 'nats';
import { v7 } from 'uuid';
import type { EventHandlers } from '../../../src/application/consumers/event-handler';
import { connectNats } from '../../../src/infrastructure/nats/connection';
import { createEventCodec } from '../../../src/infrastructure/nats/envelope';
import { StreamConsumer } from '../../../src/infrastructure/nats/stream-consumer';
import { startNats } from '../../support/nats';
import type { TestNats } from '../../support/nats';
import { openPurchaseWorld, SILENT } from '../../support/purchase-world';
import type { PurchaseWorld } from '../../support/purchase-world';
import { messageOf } from '../../support/scripted-billing';
import { waitFor } from '../../support/wait';

const codec = createEventCodec();
const BUILT = 'content.play_package.built.v1';
let world: PurchaseWorld;
let nats: TestNats;
let connection: NatsConnection;
let handled: string[];
let failOn: (packageId: string) => Error | null;
/** What a handler waits for. */
let gate: Promise<void>;
const consumers: StreamConsumer[] = [];

beforeEach(async () => {
  handled = [];
  failOn = () => null;
  gate = Promise.resolve();
  nats = await startNats();
  connection = await connectNats(nats.url, 'consumer-spec', SILENT);
  world = await openPurchaseWorld({ replicas: 2, working: false });
});
afterEach(async () => {
  await Promise.all(consumers.splice(0).map((consumer) => consumer.stop()));
  await connection.close();
  await world.close();
  await nats.stop();
});

const within = { withinMs: 20_000 };
const makeStream = async () => void (await (await connection.jetstreamManager()).streams.add({ name: 'CONTENT', subjects: ['content.>'], retention: RetentionPolicy.Limits }));
function consume(replica = 0): StreamConsumer {
  const handlers: EventHandlers = {
    [BUILT]: async (_tx, events) => {
      await gate;
      for (const { data } of events) {
        const failure = failOn(data.playPackageId);
        if (failure) throw failure;
      }
      handled.push(...events.map(({ data }) => data.playPackageId));
    },
  };
  const intake = world.replicas[replica]!.intake({ consumer: 'marketplace-content', handlers });
  const consumer = new StreamConsumer({ connection, stream: 'CONTENT', filter: 'content.>', types: new Set([BUILT]), intake, codec, logger: SILENT });
  consumers.push(consumer);
  consumer.start();
  return consumer;
}
async function publish(playPackageId: string, subject: string = BUILT): Promise<void> {
  const { decoded } = messageOf(BUILT, { courseVersionId: v7(), playPackageId, format: 'CMI5' });
  await connection.jetstream().publish(subject, JSON.stringify(decoded.ok ? decoded.envelope : {}));
}
const publishRaw = (text: string) => connection.jetstream().publish(BUILT, text);
const settled = () => waitFor(async () => {
  const { num_pending, num_ack_pending } = await (await connection.jetstreamManager()).consumers.info('CONTENT', 'marketplace-content');
  return num_pending === 0 && num_ack_pending === 0;
}, { ...within, what: 'nothing left to deliver or to acknowledge' });
const handledAll = (count: number) => waitFor(() => handled.length >= count, { ...within, what: `${count} events handled` });
const packages = (count: number) => Array.from({ length: count }, (_, index) => `package-${index}`);

it('takes everything in once, however many replicas compete for it', async () => {
  await makeStream();
  consume(0);
  consume(1);
  for (const name of packages(300)) await publish(name);
  await handledAll(300);
  await settled();
  expect([...handled].sort()).toEqual(packages(300).sort());
});

it('ends a message that cannot be read, keeps it as a dead letter, and goes on', async () => {
  await makeStream();
  await publishRaw('{"id": 7}');
  await publish('good');
  await publishRaw('not even JSON');
  consume();
  await handledAll(1);
  await settled();
  expect(handled).toEqual(['good']);
  expect(await world.sql('select payload from marketplace.dead_letter order by stream_sequence')).toEqual([{ payload: '{"id": 7}' }, { payload: 'not even JSON' }]);
});

it('passes over what is not for us', async () => {
  await makeStream();
  await publish('other', 'content.play_package.viewed.v1');
  await publish('ours');
  consume();
  await handledAll(1);
  await settled();
  expect(handled).toEqual(['ours']);
});

it('is delivered again what could not be taken in', async () => {
  await makeStream();
  let failures = 2;
  failOn = (name) => (name === 'slow' && failures-- > 0 ? new Error('not yet') : null);
  consume();
  await publish('slow');
  await publish('quick');
  await handledAll(2);
  await settled();
  expect([...handled].sort()).toEqual(['quick', 'slow']);
});

it('waits for a stream that is not there yet', async () => {
  consume();
  await makeStream();
  await publish('late');
  await handledAll(1);
});

it('begins again when its durable consumer is deleted', async () => {
  await makeStream();
  consume();
  await publish('before');
  await handledAll(1);
  await settled();
  await (await connection.jetstreamManager()).consumers.delete('CONTENT', 'marketplace-content');
  await publish('after');
  await waitFor(() => handled.includes('after'), { ...within, what: 'the event after' });
  expect(handled.filter((name) => name === 'before')).toHaveLength(1); // delivered again, known by the inbox
});

it('goes on after NATS was down', async () => {
  await makeStream();
  consume();
  await publish('before');
  await handledAll(1);
  await nats.kill();
  await nats.restart();
  await waitFor(() => publish('after').then(() => true), { ...within, what: 'NATS taking events again' });
  await waitFor(() => handled.includes('after'), { ...within, what: 'the event after' });
});

it('stops with what it has in hand done; the rest goes to others at once', async () => {
  await makeStream();
  let open = (): void => undefined;
  gate = new Promise((resolve) => { open = resolve; });
  const first = consume(0);
  for (const name of packages(50)) await publish(name);
  // Its answer comes behind the messages on the same connection: all of them are at the first consumer
  await waitFor(async () => (await (await connection.jetstreamManager()).consumers.info('CONTENT', 'marketplace-content')).num_ack_pending === 50, { ...within, what: 'all of it delivered to the first' });
  consumers.splice(0);
  const stopped = first.stop();
  open();
  await stopped;
  const inHand = handled.length;
  const info = async () => ((await connection.jetstreamManager()).consumers.info('CONTENT', 'marketplace-content'));
  for (let i = 0; i < 8; i++) { const { num_pending, num_ack_pending, num_redelivered, num_waiting } = await info(); console.log('AT', inHand, handled.length, JSON.stringify({ num_pending, num_ack_pending, num_redelivered, num_waiting }), packages(50).filter((one) => !handled.includes(one)).slice(0, 3)); await new Promise((r) => setTimeout(r, 300)); if (i === 3) consume(1); }
  expect(inHand).toBeLessThan(50);
  consume(1);
  await handledAll(50);
  await settled();
  expect([...handled].sort()).toEqual(packages(50).sort());
});
