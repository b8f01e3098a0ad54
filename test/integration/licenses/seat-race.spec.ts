import type { UserId } from '../../../src/domain/ids';
import { buyLicense, someLearners } from '../../support/licensed';
import { openPurchaseWorld } from '../../support/purchase-world';
import type { PurchaseWorld } from '../../support/purchase-world';

/*
 * 64 clients over two replicas take seats of one licence of 1,000 until they are refused. Allowed: exactly 1,000 are
 * assigned, no learner twice, and a refusal says that a whole batch is missing, since all batches divide the seats.
 * A few of them want a learner who is taken: their rollback gives seats back, for which nobody may have been refused.
 * Mutations that were tried and fail this: refusing at once instead of looking again alone (`assign-seats.ts`, 'short' →
 * NO_SEATS_AVAILABLE under the shared lock); the second look with `skip locked` under the shared lock.
 */
const SEATS = 1_000;
const CLIENTS = 64;

let world: PurchaseWorld;
beforeAll(async () => { world = await openPurchaseWorld({ replicas: 2, working: false }); });
afterAll(() => world.close());

it.each([1, 20, 100])('64 clients in batches of %i: every seat is given, once', async (batch) => {
  const { admin, licenseId } = await buyLicense(world, { seatsIncluded: SEATS });
  const [taken] = someLearners(1) as [UserId];
  const missing: string[] = [];
  let given = 0;
  const client = async (number: number): Promise<void> => {
    for (let round = 0; ; round++) {
      const unlucky = number % 8 === 0 && round % 2 === 1 && given > 0;
      const learnerIds = [...someLearners(batch - 1), unlucky ? taken : number === 0 && round === 0 ? taken : someLearners(1)[0]!];
      const result = await world.replicas[number % 2]!.licenses.assignSeats(admin, { licenseId, learnerIds });
      if (result.ok) { given += result.value.seatIds.length; continue; }
      const refusals = result.errors.map(({ code, params }) => [code, params['missing']]);
      if (refusals[0]?.[0] === 'SEAT_ALREADY_ASSIGNED') continue;
      expect(refusals).toEqual([['NO_SEATS_AVAILABLE', String(batch)]]);
      missing.push(String(refusals[0]?.[1]));
      return;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
  expect(missing).toHaveLength(CLIENTS);
  const [seats] = await world.sql(`select count(*) filter (where state = 'ASSIGNED')::int as assigned, count(distinct learner_id)::int as learners,
    count(distinct assignment_id)::int as assignments, count(*)::int as total from marketplace.seat where license_id = $1`, [licenseId]);
  expect(seats).toEqual({ assigned: SEATS, learners: SEATS, assignments: SEATS, total: SEATS });
  expect(given).toBe(SEATS);
});
