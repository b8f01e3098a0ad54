import { v7 } from 'uuid';
import { WORKER } from '../../../src/application/actor';
import type { Lease } from '../../../src/application/ports/saga-store';
import type { PurchaseProtocol } from '../../../src/application/order/purchase-protocol';
import type { SagaInstance } from '../../../src/application/saga/instance';
import type { Tx } from '../../../src/application/ports/unit-of-work';
import type { SagaId, TenantId } from '../../../src/domain/ids';
import { openPurchaseWorld } from '../../support/purchase-world';
import type { PurchaseWorld } from '../../support/purchase-world';

let world: PurchaseWorld;
beforeAll(async () => { world = await openPurchaseWorld({ replicas: 2, working: false }); });
afterAll(() => world.close());

type Saga = SagaInstance<PurchaseProtocol>;
const MINUTE = 60_000;
const call = { name: 'find-payment', request: { orderId: 'order', idempotencyKey: 'key' } } as const;
const aLease = (durationMs = 30_000): Lease => ({ token: v7(), durationMs });
const inTx = <T>(work: (tx: Tx) => Promise<T>, replica = 0): Promise<T> => world.replicas[replica]!.unitOfWork.run(WORKER, work, { commit: 'saga.claim' });

/** Names keep the sagas of one spec from those of another. */
function aSaga(details: Partial<Saga> = {}): Saga {
  return {
    id: v7() as SagaId, name: `test.${v7()}`, definitionVersion: 1, correlationId: v7(), tenantId: v7() as TenantId, buyerId: null, state: 'RUNNING', step: 'payment', attempt: 1,
    data: { orderId: 'order' } as PurchaseProtocol['data'], call: null, callDelayMs: 0, timers: {}, lastError: null, version: 1, startedAt: new Date(), ...details,
  };
}
const moved = (saga: Saga) => ({ version: saga.version, fromState: 'RUNNING', fromStep: 'payment', toState: saga.state, toStep: saga.step, cause: 'test', actorId: null } as const);
async function stored(details: Partial<Saga>, lease: Lease | null = null): Promise<Saga> {
  const saga = aSaga(details);
  await inTx((tx) => world.replica.store.insert(tx, saga, moved(saga), lease));
  return saga;
}
const save = (saga: Saga, lease: Lease | null = null) => inTx((tx) => world.replica.store.save(tx, { ...saga, version: saga.version + 1 }, [{ ...moved(saga), version: saga.version + 1 }], lease));
const claim = (name: string, lease = aLease(), limit = 10, replica = 0) => inTx((tx) => world.replica.store.claimDue(tx, name, [1], lease, limit), replica);
const held = (saga: Saga, lease: Lease) => inTx((tx) => world.replica.store.lockLeased(tx, saga.id, lease.token));

describe('a saga as stored', () => {
  it('comes back as it was, with its history', async () => {
    const saga = await stored({ call, timers: { deadline: '2026-03-01T10:30:00.000Z', ask: '2026-03-01T10:00:01.000Z' }, lastError: 'no answer' });
    const [back] = await inTx((tx) => world.replica.store.lockByCorrelation(tx, saga.name, [saga.correlationId]));
    expect(back).toEqual(saga);
    await save(saga);
    expect(await world.sql('select version, from_state, to_state, cause from marketplace.saga_transition where saga_id = $1 order by version', [saga.id])).toEqual([
      { version: 1, from_state: 'RUNNING', to_state: 'RUNNING', cause: 'test' }, { version: 2, from_state: 'RUNNING', to_state: 'RUNNING', cause: 'test' },
    ]);
    expect(await world.sql('select wake_at, deadline from marketplace.saga where id = $1', [saga.id])).toEqual([{ wake_at: new Date('2026-03-01T10:00:01.000Z'), deadline: new Date('2026-03-01T10:30:00.000Z') }]);
  });

  it('is one for each thing that it is about', async () => {
    const saga = await stored({});
    await expect(stored({ name: saga.name, correlationId: saga.correlationId })).rejects.toMatchObject({ code: '23505' });
  });

  it('is locked by ascending id, so that two who lock the same ones never wait for each other', async () => {
    const one = await stored({});
    const two = await stored({ name: one.name });
    const locked = await Promise.all([[one, two], [two, one]].map((sagas, replica) =>
      inTx((tx) => world.replica.store.lockByCorrelation(tx, one.name, sagas.map((saga) => saga.correlationId)), replica)));
    for (const sagas of locked) expect(sagas.map((saga) => saga.id)).toEqual([one.id, two.id]);
  });
});

describe('a lease', () => {
  it('is held until it is used; the result of its call is taken by its token', async () => {
    const lease = aLease();
    const saga = await stored({ call }, lease);
    expect(await held(saga, lease)).toMatchObject({ id: saga.id });
    expect(await held(saga, aLease())).toBeNull();
  });

  it('is lost to an event that is taken in meanwhile: a late result is refused', async () => {
    const lease = aLease();
    const saga = await stored({ call }, lease);
    const fresh = aLease();
    await save(saga, fresh);
    expect(await held(saga, lease)).toBeNull();
    expect(await held(saga, fresh)).not.toBeNull();
  });

  it('is lost by whoever stalls, once another has taken it over', async () => {
    const stalled = aLease();
    const saga = await stored({ call }, stalled);
    expect(await claim(saga.name)).toEqual([]);
    await world.sql(`update marketplace.saga set lease_until = clock_timestamp() - interval '1 millisecond' where id = $1`, [saga.id]);
    const successor = aLease();
    expect(await claim(saga.name, successor)).toMatchObject([{ id: saga.id, call }]);
    expect(await held(saga, stalled)).toBeNull();
    expect(await held(saga, successor)).not.toBeNull();
  });
});

describe('what is due', () => {
  it('is a call whose pause is over', async () => {
    const saga = await stored({ call, callDelayMs: 3_600_000 });
    expect(await claim(saga.name)).toEqual([]);
    await world.sql(`update marketplace.saga set call_due_at = clock_timestamp() where id = $1`, [saga.id]);
    expect(await claim(saga.name)).toMatchObject([{ id: saga.id }]);
  });

  it('is a timer whose business time has come, not its real one', async () => {
    const [clock] = await world.sql<{ now: Date }>('select marketplace.clock() as now');
    const saga = await stored({ state: 'WAITING', timers: { deadline: new Date(clock!.now.getTime() + 30 * MINUTE).toISOString() } });
    expect(await claim(saga.name)).toEqual([]);
    await world.shiftClock(30 * MINUTE);
    expect(await claim(saga.name)).toMatchObject([{ id: saga.id, timers: saga.timers }]);
  });

  it('is not what others are working on: neither locked nor leased', async () => {
    const one = await stored({ call });
    const two = await stored({ name: one.name, call });
    await inTx(async (tx) => {
      await world.replica.store.lockByCorrelation(tx, one.name, [one.correlationId]);
      expect((await claim(one.name, aLease(), 10, 1)).map((saga) => saga.id)).toEqual([two.id]);
    });
    expect((await claim(one.name)).map((saga) => saga.id)).toEqual([one.id]);
    expect(await claim(one.name)).toEqual([]);
  });

  it('is given to one of many claimers', async () => {
    const first = await stored({ call });
    const sagas = [first, ...(await Promise.all(Array.from({ length: 39 }, () => stored({ name: first.name, call }))))];
    const claims: Saga[][] = [];
    while (claims.flat().length < sagas.length) {
      const round = await Promise.all(Array.from({ length: 6 }, (_, i) => claim(first.name, aLease(), 4, i % 2)));
      expect(round.flat().length).toBeGreaterThan(0);
      claims.push(...round);
    }
    const ids = claims.flat().map((saga) => saga.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.sort()).toEqual(sagas.map((saga) => saga.id).sort());
  });

  it('is left to replicas that know its definition', async () => {
    const saga = await stored({ call, definitionVersion: 2 });
    expect(await claim(saga.name)).toEqual([]);
  });

  it('is nobody’s who has ended', async () => {
    const saga = await stored({ state: 'COMPLETED' });
    expect(await claim(saga.name)).toEqual([]);
  });
});
