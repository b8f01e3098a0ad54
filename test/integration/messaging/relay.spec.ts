import { setTimeout as pause } from 'node:timers/promises';
import type { NatsConnection } from 'nats';
import { v7 } from 'uuid';
import { WORKER } from '../../../src/application/actor';
import type { EventCodec } from '../../../src/application/events/event-codec';
import type { NewEvent } from '../../../src/application/events/event-envelope';
import type { OutboxSource } from '../../../src/application/ports/outbox-source';
import { connectNats, ensureMarketplaceStream } from '../../../src/infrastructure/nats/connection';
import { createEventCodec } from '../../../src/infrastructure/nats/envelope';
import { Relay } from '../../../src/infrastructure/nats/relay';
import { PostgresOutboxSource } from '../../../src/infrastructure/postgres/outbox-source';
import { startNats } from '../../support/nats';
import type { TestNats } from '../../support/nats';
import { openPurchaseWorld, SILENT } from '../../support/purchase-world';
import type { PurchaseWorld } from '../../support/purchase-world';
import { waitFor } from '../../support/wait';

const codec = createEventCodec();
let world: PurchaseWorld;
let nats: TestNats;
let connection: NatsConnection;
const relays: Relay[] = [];

beforeEach(async () => {
  nats = await startNats();
  connection = await connectNats(nats.url, 'relay-spec', SILENT);
  await ensureMarketplaceStream(connection);
  world = await openPurchaseWorld({ replicas: 2, working: false, onEvents: () => { for (const relay of relays) relay.wake(); } });
});
afterEach(async () => {
  await Promise.all(relays.splice(0).map((relay) => relay.stop()));
  await connection.close();
  await world.close();
  await nats.stop();
});

const within = { withinMs: 20_000 };
const event = (aggregateId: string, attempt: number): NewEvent => ({ type: 'marketplace.enrollment.requested.v1', subject: aggregateId, tenantId: v7(), data: { licenseId: aggregateId, attempt, assignments: [{ assignmentId: v7(), seatId: v7(), learnerId: v7() }] } });
const append = (events: readonly NewEvent[], replica = 0) => world.replicas[replica]!.unitOfWork.run(WORKER, (tx) => world.replicas[replica]!.outbox.append(tx, events), { commit: 'consume.enrollment' });
const sourceOf = (replica: number, id: string = v7()) => new PostgresOutboxSource(world.replicas[replica]!.unitOfWork, id);
const unpublished = async () => (await world.sql<{ n: number }>('select count(*)::int as n from marketplace.outbox where published_at is null'))[0]!.n;
const allPublished = () => waitFor(async () => (await unpublished()) === 0, { ...within, what: 'everything published' });
const holders = () => world.sql<{ replica_id: string | null; shards: number }>('select replica_id, count(*)::int as shards from marketplace.outbox_lease group by replica_id');

function startRelay(replica = 0, source: OutboxSource = sourceOf(replica), encoding: EventCodec = codec): Relay {
  const relay = new Relay({ connection, source, codec: encoding, logger: SILENT });
  relays.push(relay);
  relay.start();
  return relay;
}
async function stopRelay(relay: Relay): Promise<void> {
  relays.splice(relays.indexOf(relay), 1);
  await relay.stop();
}
/** Everything in the stream, in its order. */
async function inStream() {
  const manager = await connection.jetstreamManager();
  const { state } = await manager.streams.info('MARKETPLACE');
  const messages = [];
  for (let sequence = state.first_seq; sequence <= state.last_seq && state.messages > 0; sequence++) {
    const message = await manager.streams.getMessage('MARKETPLACE', { seq: sequence });
    messages.push(JSON.parse(message.string()) as { id: string; subject: string; aggregateversion: string; data: { attempt: number } });
  }
  return messages;
}
/** First occurrences, by aggregate. */
function versionsByAggregate(messages: Awaited<ReturnType<typeof inStream>>): Map<string, number[]> {
  const seen = new Set<string>();
  const versions = new Map<string, number[]>();
  for (const { id, subject, aggregateversion } of messages) {
    if (seen.has(id)) continue;
    seen.add(id);
    versions.set(subject, [...(versions.get(subject) ?? []), Number(aggregateversion)]);
  }
  return versions;
}
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
const AGGREGATES = Array.from({ length: 12 }, () => v7());
/** Ten events for each aggregate, in transactions of three aggregates, at both replicas. */
async function appendMany(rounds = 10): Promise<void> {
  for (let round = 1; round <= rounds; round++) {
    await Promise.all(Array.from({ length: 4 }, (_, i) => append(AGGREGATES.slice(i * 3, i * 3 + 3).map((aggregate) => event(aggregate, round)), i % 2)));
  }
}
const expectAllInOrder = async (rounds = 10) => {
  const versions = versionsByAggregate(await inStream());
  for (const aggregate of AGGREGATES) expect(versions.get(aggregate)).toEqual(upTo(rounds));
};

it('publishes what was committed, in order for each aggregate, and marks it', async () => {
  startRelay();
  await appendMany();
  await allPublished();
  await expectAllInOrder();
  expect((await inStream()).length).toBe(120);
});

it('publishes nothing that was rolled back', async () => {
  startRelay();
  const [lost, kept] = [v7(), v7()];
  await expect(world.replica.unitOfWork.run(WORKER, async (tx) => {
    await world.replica.outbox.append(tx, [event(lost, 1)]);
    throw new Error('rolled back');
  }, { commit: 'consume.enrollment' })).rejects.toThrow('rolled back');
  await append([event(kept, 1)]);
  await allPublished();
  expect((await inStream()).map(({ subject }) => subject)).toEqual([kept]);
});

it('shares the work among replicas, an aggregate’s events staying in order', async () => {
  startRelay(0);
  startRelay(1);
  await waitFor(async () => {
    const held = await holders();
    return held.length === 2 && held.every(({ replica_id, shards }) => replica_id !== null && shards === 4);
  }, { ...within, what: 'an equal share for both' });
  await appendMany();
  await allPublished();
  await expectAllInOrder();
});

it('leaves its shards to the others when it stops', async () => {
  const first = startRelay(0);
  startRelay(1);
  await appendMany(3);
  await stopRelay(first);
  await appendMany(3);
  await allPublished();
  await expectAllInOrder(6);
  await waitFor(async () => (await holders()).every(({ shards }) => shards === 8), { ...within, what: 'all shards with the other' });
});

it('dies after publishing and before marking: another takes over, and the stream holds each event once', async () => {
  const real = sourceOf(0);
  const dying: OutboxSource = {
    holdShards: () => real.holdShards(), unpublished: (shards, ofEach, but) => real.unpublished(shards, ofEach, but),
    markPublished: () => Promise.reject(new Error('killed')), release: () => Promise.resolve(), maintain: () => Promise.resolve(),
  };
  const dead = startRelay(0, dying);
  await appendMany(3);
  await waitFor(async () => (await inStream()).length === 36, { ...within, what: 'published, not marked' });
  await stopRelay(dead);
  expect(await unpublished()).toBe(36);
  startRelay(1);
  await world.sql(`update marketplace.outbox_lease set held_until = clock_timestamp() - interval '1 second'`);
  await world.sql(`update marketplace.replica set seen_at = clock_timestamp() - interval '10 seconds'`);
  await allPublished();
  await appendMany(2);
  await allPublished();
  await expectAllInOrder(5);
  expect(await inStream()).toHaveLength(60);
});

it('given the stream refuses some while the next are being read: none overtakes one of its aggregate that came before', async () => {
  const aggregates = Array.from({ length: 40 }, () => v7());
  const rounds = 40;
  for (let round = 1; round <= rounds; round++) await append(aggregates.map((aggregate) => event(aggregate, round)));
  const real = sourceOf(0);
  let reads = 0;
  const slow: OutboxSource = {
    holdShards: () => real.holdShards(), markPublished: (events) => real.markPublished(events), release: () => real.release(), maintain: () => real.maintain(),
    unpublished: async (shards, ofEach, but) => {
      const read = await real.unpublished(shards, ofEach, but);
      if (++reads % 2 === 0) await pause(reads * 20 % 300); // sometimes longer than a refused one is held back
      return read;
    },
  };
  let tries = 0;
  const moody: EventCodec = { ...codec, encode: (envelope) => { if (++tries % 61 === 0) throw new Error('not now'); return codec.encode(envelope); } };
  startRelay(0, slow, moody);
  await allPublished();
  const versions = versionsByAggregate(await inStream());
  for (const aggregate of aggregates) expect(versions.get(aggregate)).toEqual(upTo(rounds));
}, 60_000);

it('reads of each of its shards a part, oldest first, and not what is on its way already', async () => {
  await append(Array.from({ length: 200 }, (_, n) => event(v7(), n + 1)));
  const stored = await world.sql<{ id: string; shard: number }>('select id, shard from marketplace.outbox order by sequence');
  const [onItsWay] = stored;
  const read = await sourceOf(0).unpublished([0, 3, 5], 4, [onItsWay!.id]);
  for (const shard of [0, 3, 5]) {
    const expected = stored.filter((row) => row.shard === shard && row.id !== onItsWay!.id).slice(0, 4).map((row) => row.id);
    expect(expected).toHaveLength(4);
    expect(read.filter((one) => one.shard === shard).map((one) => one.envelope.id)).toEqual(expected);
  }
  expect(read).toHaveLength(12);
});

it('publishes everything when NATS comes back', async () => {
  startRelay(0);
  await appendMany(2);
  await allPublished();
  await nats.kill();
  await appendMany(3);
  expect(await unpublished()).toBe(36);
  await nats.restart();
  await allPublished();
  await expectAllInOrder(5);
});

it('makes the stream again when it is gone', async () => {
  startRelay(0);
  await (await connection.jetstreamManager()).streams.delete('MARKETPLACE');
  await appendMany(2);
  await allPublished();
  await expectAllInOrder(2);
});
