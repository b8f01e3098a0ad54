import type { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { type Actor, WORKER } from '../../../src/application/actor';
import type { OrderId, SagaId } from '../../../src/domain/ids';
import { createDataSource } from '../../../src/infrastructure/postgres/data-source';
import { PostgresSagaReader, sagasWithTransitions } from '../../../src/infrastructure/postgres/saga-reader';
import { PostgresUnitOfWork } from '../../../src/infrastructure/postgres/unit-of-work';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { anOffer, aPurchase, somePeople } from '../isolation/two-tenants';

/** Sagas are found through entities and paged through SQL: both have to tell the same of a saga. */
let database: TestDatabase;
let sources: DataSource[];
let unitOfWork: PostgresUnitOfWork;
const reader = new PostgresSagaReader();
const [people, strangers] = [somePeople(), somePeople()];

beforeAll(async () => {
  database = await createTestDatabase();
  sources = await Promise.all((['marketplace_api', 'marketplace_worker'] as const).map((role) => createDataSource({ url: database.url, role, poolSize: 1 }).initialize()));
  unitOfWork = new PostgresUnitOfWork(sources[0]!, sources[1]!);
  await unitOfWork.run(WORKER, async (tx) => {
    for (const { buyer, learner } of [people, strangers]) await aPurchase(tx, buyer, learner.userId, await anOffer(tx, people.tenantId, 'LIVE'));
  }, { commit: 'order.place' });
});
afterAll(async () => {
  for (const source of sources) await source.destroy();
  await database.drop();
});

const paged = async (actor: Actor) => (await unitOfWork.run(actor, (tx) => reader.page(tx, {}, { first: 10, after: null }))).nodes;

describe('a saga, read', () => {
  it('is the same by its id, by what it is about, and in a page', async () => {
    const sagas = await paged(WORKER);
    expect(sagas).toHaveLength(2);
    const byId = await unitOfWork.run(WORKER, (tx) => reader.byIds(tx, sagas.map((saga) => saga.id)));
    expect(byId).toHaveLength(2);
    expect(byId).toEqual(expect.arrayContaining([...sagas]));
    const about = await unitOfWork.run(WORKER, (tx) => sagasWithTransitions(tx, sagas.map((saga) => saga.correlationId)));
    expect(about.map(({ saga }) => saga)).toEqual(expect.arrayContaining([...sagas]));
    for (const { saga, transitions } of about) {
      expect(transitions.map(({ sagaId, version, toStep }) => [sagaId, version, toStep])).toEqual([[saga.id, 1, 'payment'], [saga.id, 2, 'fulfilment']]);
    }
  });

  it('is the caller\'s own or not there', async () => {
    const all = await paged(WORKER);
    const [own, ...others] = await unitOfWork.run(people.buyer, (tx) => reader.byIds(tx, all.map((saga) => saga.id)));
    expect([own?.tenantId, others]).toEqual([people.tenantId, []]);
    expect(await paged(people.buyer)).toEqual([own]);
  });

  it('wakes at the earlier of its call and its timer', async () => {
    const [id] = (await paged(people.buyer)).map((saga) => saga.id);
    const wakesAt = async (callDueAt: string | null, wakeAt: string | null) => {
      await sources[1]!.query('update marketplace.saga set call_due_at = $2, wake_at = $3 where id = $1', [id, callDueAt, wakeAt]);
      const [saga] = await unitOfWork.run(WORKER, (tx) => reader.byIds(tx, [id as SagaId]));
      expect((await paged(people.buyer))[0]).toEqual(saga);
      return saga?.nextWakeAt?.toISOString() ?? null;
    };
    const [sooner, later] = ['2026-01-05T09:00:00.000Z', '2026-01-06T09:00:00.000Z'];
    expect(await wakesAt(sooner, later)).toBe(sooner);
    expect(await wakesAt(later, sooner)).toBe(sooner);
    expect(await wakesAt(null, later)).toBe(later);
    expect(await wakesAt(sooner, null)).toBe(sooner);
    expect(await wakesAt(null, null)).toBeNull();
  });

  it('of nobody is nothing', async () => {
    expect(await unitOfWork.run(WORKER, (tx) => reader.byIds(tx, []))).toEqual([]);
    expect(await unitOfWork.run(WORKER, (tx) => sagasWithTransitions(tx, [v7() as OrderId]))).toEqual([]);
  });
});
