import type { NatsConnection } from 'nats';
import { v7 } from 'uuid';
import { WORKER } from '../../../src/application/actor';
import type { NewEvent } from '../../../src/application/events/event-envelope';
import { connectNats, ensureMarketplaceStream } from '../../../src/infrastructure/nats/connection';
import { createEventCodec } from '../../../src/infrastructure/nats/envelope';
import { Relay } from '../../../src/infrastructure/nats/relay';
import { PostgresOutboxSource } from '../../../src/infrastructure/postgres/outbox-source';
import { republish, selectionFrom } from '../../../src/republish';
import { startNats } from '../../support/nats';
import type { TestNats } from '../../support/nats';
import { openPurchaseWorld, SILENT } from '../../support/purchase-world';
import type { PurchaseWorld } from '../../support/purchase-world';
import { waitFor } from '../../support/wait';

/* Events that the stream has lost are sent again under their own ids, past what the stream remembers of them. */
const codec = createEventCodec();
let world: PurchaseWorld;
let nats: TestNats;
let connection: NatsConnection;
let relay: Relay;
const said: string[] = [];

beforeAll(async () => {
  nats = await startNats();
  connection = await connectNats(nats.url, 'republish-spec', SILENT);
  await ensureMarketplaceStream(connection);
  world = await openPurchaseWorld({ replicas: 1, working: false, onEvents: () => { relay.wake(); } });
  relay = new Relay({ connection, source: new PostgresOutboxSource(world.replica.unitOfWork, v7()), codec, logger: SILENT });
  relay.start();
});
afterAll(async () => {
  await relay.stop();
  await connection.close();
  await world.close();
  await nats.stop();
});

const event = (aggregateId: string, attempt: number): NewEvent => ({ type: 'marketplace.enrollment.requested.v1', subject: aggregateId, tenantId: v7(), data: { licenseId: aggregateId, attempt, assignments: [{ assignmentId: v7(), seatId: v7(), learnerId: v7() }] } });

async function publishThree(): Promise<{ readonly aggregate: string; readonly ids: readonly string[] }> {
  const aggregate = v7();
  await world.replica.unitOfWork.run(WORKER, (tx) => world.replica.outbox.append(tx, [1, 2, 3].map((attempt) => event(aggregate, attempt))), { commit: 'consume.enrollment' });
  await waitFor(async () => (await world.sql('select 1 from marketplace.outbox where published_at is null')).length === 0, { withinMs: 10_000, what: 'everything to be published' });
  const rows = await world.sql<{ id: string }>('select id from marketplace.outbox where aggregate_id = $1 order by sequence', [aggregate]);
  return { aggregate, ids: rows.map((row) => row.id) };
}

/** Everything that the stream has, oldest first. */
async function inStream(): Promise<string[]> {
  const manager = await connection.jetstreamManager();
  const { state } = await manager.streams.info('MARKETPLACE');
  const ids: string[] = [];
  for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq++) {
    const decoded = codec.decode((await manager.streams.getMessage('MARKETPLACE', { seq })).data);
    if (decoded.ok) ids.push(decoded.envelope.id);
  }
  return ids;
}
const wipe = async () => (await connection.jetstreamManager()).streams.purge('MARKETPLACE');
const run = (args: readonly string[]) => republish({ ...selectionFrom(args), databaseUrl: world.databaseUrl, natsUrl: nats.url, say: (line) => { said.push(line); } });
const audited = () => world.sql<{ before: object; after: object; reason: string | null; actor: string; actor_id: null }>(`select before, after, reason, actor, actor_id from marketplace.operator_action where action = 'outbox.republish' order by id`);

it('given the stream lost everything a moment ago: what is asked for is there again, in order, under the same ids', async () => {
  const { aggregate, ids } = await publishThree();
  await publishThree();
  await wipe();
  expect(await run(['--aggregate', aggregate, '--reason', 'a wiped store'])).toBe(3);
  expect(await inStream()).toEqual(ids);
  expect(await audited()).toMatchObject([{ before: { aggregateId: aggregate }, after: { events: 3 }, reason: 'a wiped store', actor: 'COMMAND', actor_id: null }]);
});

it('given ids or a range: those alone; twice: sent twice', async () => {
  const { ids } = await publishThree();
  await wipe();
  expect(await run(ids.slice(1).flatMap((id) => ['--id', id]))).toBe(2);
  expect(await run(['--id', ids[1] ?? ''])).toBe(1);
  expect(await inStream()).toEqual([ids[1], ids[2], ids[1]]);
  const [moved] = await world.sql<{ at: Date }>(`update marketplace.outbox set created_at = created_at + interval '1 day' where id = $1 returning created_at as at`, [ids[0]]);
  await wipe();
  expect(await run(['--since', moved?.at.toISOString() ?? ''])).toBe(1);
  expect(await run(['--since', '2020-01-01', '--until', '2020-01-02'])).toBe(0);
  expect(await inStream()).toEqual([ids[0]]);
});

it('given --dry-run: says what would be sent, sends nothing, leaves no trace', async () => {
  const { aggregate, ids } = await publishThree();
  await wipe();
  const before = await audited();
  said.length = 0;
  expect(await run(['--aggregate', aggregate, '--dry-run'])).toBe(3);
  expect(said.map((line) => line.split(' id ')[1])).toEqual(ids);
  expect(await inStream()).toEqual([]);
  expect(await audited()).toEqual(before);
});

it('given what was never published: it is left to the relay', async () => {
  const { aggregate, ids } = await publishThree();
  await world.sql(`update marketplace.outbox set published_at = null, shard = 99 where id = $1`, [ids[0]]);
  expect(await run(['--aggregate', aggregate])).toBe(2);
  await world.sql('update marketplace.outbox set published_at = clock_timestamp() where published_at is null');
});

it.each([[[]], [['--id', 'x']], [['--since', 'yesterday']], [['--until', '2026-01-01']], [['--everything']]])('given %j: refuses before anything is done', (args) => {
  expect(() => selectionFrom(args)).toThrow();
});

it('forgets what is past its use, and nothing else', async () => {
  const { ids } = await publishThree();
  const [old, fresh] = [v7(), v7()];
  await world.sql(`insert into marketplace.inbox (consumer, event_id, type, received_at) values ('spec', $1, 't', clock_timestamp() - interval '31 days'), ('spec', $2, 't', clock_timestamp() - interval '29 days')`, [old, fresh]);
  await world.sql(`update marketplace.outbox set created_at = created_at - interval '40 days', published_at = case when id = $2 then null else published_at end, shard = 99 where id in ($1, $2)`, [ids[0], ids[1]]);
  await new PostgresOutboxSource(world.replica.unitOfWork, v7()).maintain();
  expect(await world.sql(`select event_id from marketplace.inbox where consumer = 'spec'`)).toEqual([{ event_id: fresh }]);
  expect((await world.sql<{ id: string }>('select id from marketplace.outbox where id = any ($1::uuid[]) order by sequence', [ids])).map((row) => row.id)).toEqual(ids.slice(1));
});

it('what operators did is never changed nor removed; only who it was can be forgotten', async () => {
  await expect(world.sql(`update marketplace.operator_action set reason = 'another'`)).rejects.toMatchObject({ code: '23514' });
  await expect(world.sql('delete from marketplace.operator_action')).rejects.toMatchObject({ code: '23514' });
  await world.sql('update marketplace.operator_action set actor_id = gen_random_uuid()');
});
