import type { Result } from '../../../src/application/user-error';
import { buyLicense, someLearners } from '../../support/licensed';
import type { Licensed } from '../../support/licensed';
import { queueAt } from '../../support/lock-queue';
import { openPurchaseWorld } from '../../support/purchase-world';
import type { PurchaseWorld } from '../../support/purchase-world';
import { messageOf } from '../../support/scripted-billing';

/*
 * Races of a refund, through two replicas on one database. Both sides lock the purchase's saga first, so whoever is
 * second sees what the first has done. Mutation that was tried and fails these: `purchases.lock` left out of
 * open-refund.ts, whereupon a request no longer waits for the other side.
 */
let world: PurchaseWorld;
beforeAll(async () => { world = await openPurchaseWorld({ replicas: 2 }); });
afterAll(() => world.close());

interface Pack extends Licensed {
  readonly start: () => Promise<unknown>;
}
const lockOf = ({ orderId }: Licensed) => `select 1 from marketplace.saga where correlation_id = '${orderId}' for update`;
const errorsOf = (result: Result<unknown>): string[] => (result.ok ? [] : result.errors.map(({ code }) => code));
const request = ({ admin, orderId }: Licensed) => world.replica.refunds.requestRefund(admin, { orderId });
const refundsOf = ({ orderId }: Licensed) => world.sql<{ kind: string; status: string; amount: number }>('select kind, status, amount_minor::int as amount from marketplace.refund where order_id = $1 order by id', [orderId]);
const seatsOf = async ({ orderId }: Licensed) => (await world.sql<{ state: string }>('select state from marketplace.seat where order_id = $1 order by state', [orderId])).map(({ state }) => state);
const statusOf = async ({ orderId }: Licensed) => (await world.sql<{ status: string }>('select status from marketplace.orders where id = $1', [orderId]))[0]?.status;

/** Five seats for 49.00, one of which has a learner who is about to start. */
async function aPack(): Promise<Pack> {
  const licensed = await buyLicense(world);
  const assigned = await world.replica.licenses.assignSeats(licensed.admin, { licenseId: licensed.licenseId, learnerIds: someLearners(1) });
  if (!assigned.ok) throw new Error(errorsOf(assigned).join());
  const [seat] = await world.sql<{ id: string; learner_id: string; assignment_id: string }>(`select id, learner_id, assignment_id from marketplace.seat where order_id = $1 and state = 'ASSIGNED'`, [licensed.orderId]);
  const about = { enrollmentId: 'enr-1', licenseId: licensed.licenseId, seatId: seat!.id, learnerId: seat!.learner_id, assignmentId: seat!.assignment_id };
  const started = messageOf('enrollment.started.v1', { ...about, startedAt: '2026-01-01T08:00:00Z' });
  return { ...licensed, start: () => world.replicas[1]!.enrollment.take([started]) };
}
const settle = async (pack: Licensed, amount: string) => {
  const [refund] = await world.sql<{ id: string }>(`select id from marketplace.refund where order_id = $1 and status = 'REQUESTED'`, [pack.orderId]);
  await world.replicas[1]!.billing.take([world.playedBilling.refunded(pack.orderId, refund!.id, amount)]);
};

/* Allowed: the start first, then its seat is kept and paid for; or the request first, then all of it goes back, the seat with it. */
describe('a refund request against a seat’s start', () => {
  it('given the start is first in the queue: the seat is kept, four fifths go back', async () => {
    const pack = await aPack();
    const [, asked] = await queueAt(world, lockOf(pack), [pack.start, () => request(pack)] as const);
    expect([errorsOf(asked), await refundsOf(pack)]).toEqual([[], [{ kind: 'POLICY', status: 'REQUESTED', amount: 3_920 }]]);
    await settle(pack, '3920');
    expect([await statusOf(pack), await seatsOf(pack)]).toEqual(['PARTIALLY_REFUNDED', ['CONSUMED', 'REVOKED', 'REVOKED', 'REVOKED', 'REVOKED']]);
  });

  it('given the request is first in the queue: everything goes back, the started seat too', async () => {
    const pack = await aPack();
    const [asked] = await queueAt(world, lockOf(pack), [() => request(pack), pack.start] as const);
    expect([errorsOf(asked), await refundsOf(pack)]).toEqual([[], [{ kind: 'POLICY', status: 'REQUESTED', amount: 4_900 }]]);
    await settle(pack, '4900');
    expect([await statusOf(pack), await seatsOf(pack)]).toEqual(['REFUNDED', Array.from({ length: 5 }, () => 'REVOKED')]);
  });

  it('given both at the same moment, ten times: one of these two', async () => {
    for (let round = 0; round < 10; round++) {
      const pack = await aPack();
      await Promise.all(round % 2 === 0 ? [request(pack), pack.start()] : [pack.start(), request(pack)]);
      const [refund] = await refundsOf(pack);
      const kept = (await seatsOf(pack)).filter((state) => state === 'CONSUMED').length;
      expect([refund?.amount, kept]).toEqual(kept === 1 ? [3_920, 1] : [4_900, 0]);
    }
  });
});

/* Allowed: the dispute first, then nothing is left to ask for; or the request first, then the dispute overtakes it. Never more back than was paid. */
describe('a dispute against a refund request', () => {
  const dispute = ({ orderId }: Licensed) => world.replicas[1]!.billing.take([world.playedBilling.refunded(orderId, undefined, '4900')]);
  const DISPUTED = { kind: 'UNASKED', status: 'SUCCEEDED', amount: 4_900 };
  const OVERTAKEN = { kind: 'POLICY', status: 'FAILED', amount: 4_900 };

  it('given the dispute is first in the queue: nothing is left to ask for', async () => {
    const pack = await aPack();
    const [, asked] = await queueAt(world, lockOf(pack), [() => dispute(pack), () => request(pack)] as const);
    expect([errorsOf(asked), await refundsOf(pack), await statusOf(pack)]).toEqual([['REFUND_NOT_ELIGIBLE'], [DISPUTED], 'REFUNDED']);
  });

  it('given the request is first in the queue: the dispute overtakes it', async () => {
    const pack = await aPack();
    const [asked] = await queueAt(world, lockOf(pack), [() => request(pack), () => dispute(pack)] as const);
    expect([errorsOf(asked), await refundsOf(pack), await statusOf(pack)]).toEqual([[], [OVERTAKEN, DISPUTED], 'REFUNDED']);
  });

  it('given both at the same moment, ten times: one of these two', async () => {
    for (let round = 0; round < 10; round++) {
      const pack = await aPack();
      const [asked] = round % 2 === 0 ? await Promise.all([request(pack), dispute(pack)]) : (await Promise.all([dispute(pack), request(pack)])).reverse() as [Result<unknown>];
      expect([await refundsOf(pack), await statusOf(pack)]).toEqual([asked.ok ? [OVERTAKEN, DISPUTED] : [DISPUTED], 'REFUNDED']);
    }
  });
});
