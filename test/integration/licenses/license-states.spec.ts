import * as fc from 'fast-check';
import type { SeatId, UserId } from '../../../src/domain/ids';
import { LICENSE_STATES, SEAT_STATES } from '../../../src/domain/license/license';
import { LICENSE_EDGES, SEAT_EDGES } from '../../../src/domain/license/lifecycle';
import { buyLicense, someLearners } from '../../support/licensed';
import type { Licensed } from '../../support/licensed';
import { openPurchaseWorld } from '../../support/purchase-world';
import type { PurchaseWorld } from '../../support/purchase-world';

let world: PurchaseWorld;
let licensed: Licensed;
beforeAll(async () => {
  world = await openPurchaseWorld({ working: false });
  licensed = await buyLicense(world);
});
afterAll(() => world.close());

/** Puts a row there past the triggers, then says which states the database lets it come to. */
async function possibleFrom(table: 'license' | 'seat', id: string, from: string, states: readonly string[]): Promise<string[]> {
  const possible: string[] = [];
  for (const to of states.filter((state) => state !== from)) {
    await world.sql(`alter table marketplace.${table} disable trigger user`);
    await world.sql(`update marketplace.${table} set state = $2 ${table === 'seat' ? HOLDER : ''} where id = $1`, [id, from]);
    await world.sql(`alter table marketplace.${table} enable trigger user`);
    const holder = table === 'seat' ? HOLDER : '';
    const accepted = await world.sql(`update marketplace.${table} set state = $2 ${holder} where id = $1`, [id, to]).then(() => true, (error: { code?: string; message: string }) => {
      expect(error).toMatchObject({ code: '23514', message: expect.stringContaining('no legal transition') as string });
      return false;
    });
    if (accepted) possible.push(to);
  }
  return possible;
}
/* What a seat of each state must hold (`seat_holder`). */
const HOLDER = `, assignment_id = case when $2 <> 'AVAILABLE' then id end, learner_id = case when $2 <> 'AVAILABLE' then id end,
  enrollment_id = case when $2 in ('ENROLLED', 'CONSUMED') then 'enr' end`;

it.each(LICENSE_STATES)('a licence that is %s may become in the database what it may become in the domain', async (from) => {
  expect((await possibleFrom('license', licensed.licenseId, from, LICENSE_STATES)).sort()).toEqual([...LICENSE_EDGES[from]].sort());
});

it.each(SEAT_STATES)('a seat that is %s may become in the database what it may become in the domain', async (from) => {
  const [seat] = await world.sql<{ id: string }>('select id from marketplace.seat where license_id = $1 order by id limit 1', [licensed.licenseId]);
  expect((await possibleFrom('seat', seat!.id, from, SEAT_STATES)).sort()).toEqual([...SEAT_EDGES[from]].sort());
});

it('a licence never gets more seats than its total', async () => {
  const copy = `insert into marketplace.seat (id, license_id, order_id, tenant_id, buyer_id, state)
    select gen_random_uuid(), license_id, order_id, tenant_id, buyer_id, 'AVAILABLE' from marketplace.seat where license_id = $1 limit 1`;
  await expect(world.sql(copy, [licensed.licenseId])).rejects.toMatchObject({ code: '23514' });
});

type Action = { readonly kind: 'assign'; readonly count: number } | { readonly kind: 'release'; readonly pick: readonly number[] };
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ kind: fc.constant('assign' as const), count: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ kind: fc.constant('release' as const), pick: fc.uniqueArray(fc.nat(7), { minLength: 1, maxLength: 4 }) }),
);

it('property: whatever is assigned and released, the counts are those of a model and stay within their bounds', async () => {
  await fc.assert(fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 12 }), async (actions) => {
    const { admin, licenseId } = await buyLicense(world, { seatsIncluded: 8 });
    const held = new Map<SeatId, UserId>();
    for (const step of actions) {
      if (step.kind === 'assign') {
        const learnerIds = someLearners(step.count);
        const result = await world.replica.licenses.assignSeats(admin, { licenseId, learnerIds });
        expect(result.ok).toBe(held.size + step.count <= 8);
        if (result.ok) result.value.seatIds.forEach((id, index) => held.set(id, learnerIds[index]!));
      } else {
        const seatIds = [...held.keys()].filter((_, index) => step.pick.includes(index));
        const result = await world.replica.licenses.releaseSeats(admin, seatIds);
        expect(result.ok).toBe(seatIds.length > 0);
        for (const id of seatIds) held.delete(id);
      }
      const seats = await world.sql<{ id: SeatId; learner_id: UserId | null }>('select id, learner_id from marketplace.seat where license_id = $1', [licenseId]);
      expect(seats).toHaveLength(8);
      expect(new Map(seats.flatMap((seat) => (seat.learner_id ? [[seat.id, seat.learner_id] as const] : [])))).toEqual(new Map(held));
    }
  }), { numRuns: 15 });
});
