import { v7 } from 'uuid';
import { WORKER } from '../../../src/application/actor';
import type { NewEvent } from '../../../src/application/events/event-envelope';
import { openPurchaseWorld } from '../../support/purchase-world';
import type { PurchaseWorld } from '../../support/purchase-world';

let world: PurchaseWorld;
let woken = 0;
beforeAll(async () => { world = await openPurchaseWorld({ replicas: 2, working: false, onEvents: () => { woken += 1; } }); });
afterAll(() => world.close());

const event = (aggregateId: string, attempt: number): NewEvent => ({ type: 'marketplace.enrollment.requested.v1', subject: aggregateId, tenantId: v7(), data: { licenseId: aggregateId, attempt, assignments: [{ assignmentId: v7(), seatId: v7(), learnerId: v7() }] } });
const append = (events: readonly NewEvent[], { replica = 0, fails = false } = {}) => world.replicas[replica]!.unitOfWork.run(WORKER, async (tx) => {
  await world.replicas[replica]!.outbox.append(tx, events);
  if (fails) throw new Error('rolled back');
}, { commit: 'consume.enrollment' });
const stored = (aggregateId: string) => world.sql<{ version: number; attempt: number; correlation_id: string }>(
  `select aggregate_version::int as version, (data->>'attempt')::int as attempt, correlation_id from marketplace.outbox where aggregate_id = $1 order by sequence`, [aggregateId]);

it('counts the events of each aggregate from one, in the order in which they were appended', async () => {
  const [one, two] = [v7(), v7()];
  await append([event(one, 1), event(two, 1), event(one, 2)]);
  await append([event(one, 3)]);
  expect((await stored(one)).map(({ version, attempt }) => [version, attempt])).toEqual([[1, 1], [2, 2], [3, 3]]);
  expect((await stored(two)).map(({ version }) => version)).toEqual([1]);
});

it('leaves no gap and no disorder under twenty transactions at once, some rolled back', async () => {
  const aggregates = [v7(), v7(), v7()];
  const work = Array.from({ length: 60 }, (_, i) => append(
    [event(aggregates[i % 3]!, i + 1), event(aggregates[(i + 1) % 3]!, i + 1), event(aggregates[i % 3]!, i + 1)], { replica: i % 2, fails: i % 4 === 3 },
  ));
  const outcomes = await Promise.allSettled(work);
  expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(15);
  for (const aggregate of aggregates) {
    const events = await stored(aggregate);
    expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1)); // by sequence, which is drawn after the version
    expect(events.every(({ attempt }) => (attempt - 1) % 4 !== 3)).toBe(true);
  }
  expect((await Promise.all(aggregates.map(stored))).flat()).toHaveLength(45 * 3);
});

it('keeps nothing of a transaction that was rolled back, and wakes nobody', async () => {
  const aggregate = v7();
  woken = 0;
  await expect(append([event(aggregate, 1)], { fails: true })).rejects.toThrow('rolled back');
  expect(await stored(aggregate)).toEqual([]);
  expect(woken).toBe(0);
  await append([event(aggregate, 2)]);
  expect(await stored(aggregate)).toMatchObject([{ version: 1, attempt: 2 }]);
  expect(woken).toBe(1);
});

it('refuses an event that does not keep its schema, and the transaction with it', async () => {
  const aggregate = v7();
  const wrong = { ...event(aggregate, 1), data: { licenseId: aggregate, attempt: 0, assignments: 'none' } } as unknown as NewEvent;
  await expect(append([event(aggregate, 1), wrong])).rejects.toThrow(/enrollment\.requested/);
  expect(await stored(aggregate)).toEqual([]);
});

it('tells which chain an event belongs to', async () => {
  const [aggregate, chain] = [v7(), v7()];
  await world.replica.unitOfWork.run(WORKER, (tx) => world.replica.outbox.append(tx, [event(aggregate, 1)], chain), { commit: 'consume.enrollment' });
  expect(await stored(aggregate)).toMatchObject([{ correlation_id: chain }]);
});
