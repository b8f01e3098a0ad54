import { Client } from 'pg';
import type { AuthenticatedUser } from '../../../src/application/actor';
import type { Result } from '../../../src/application/user-error';
import type { OrderId } from '../../../src/domain/ids';
import { aUser } from '../../support/listing-world';
import { queueAt, waiting } from '../../support/lock-queue';
import type { Offer } from '../../support/offers';
import { aKey, openPurchaseWorld } from '../../support/purchase-world';
import type { PurchaseWorld } from '../../support/purchase-world';
import { waitFor } from '../../support/wait';

/*
 * Races about a purchase, through two replicas on one database. Each names the outcomes that are allowed and what
 * they rest on. Races about listings are beside this file; those for a coupon's uses are in
 * ../coupons, for seats in ../licenses, of refunds against starts and disputes in ../refunds.
 */
let world: PurchaseWorld;
beforeAll(async () => { world = await openPurchaseWorld({ replicas: 2 }); });
afterAll(() => world.close());

const ADMIN = aUser('platform_admin');
const PROVIDER = aUser('provider');
const place = (buyer: AuthenticatedUser, { planId }: Offer, replica = 0): Promise<Result<OrderId>> =>
  world.replicas[replica % 2]!.orders.placeOrder(buyer, { idempotencyKey: aKey(), lines: [{ pricingPlanId: planId, quantity: 1 }], currency: 'EUR' });
const suspend = ({ listingId }: Offer) => world.replicas[1]!.listings.suspendListing(ADMIN, { id: listingId, reason: 'Copyright complaint.' });
const errorsOf = (result: Result<unknown>): string[] => (result.ok ? [] : result.errors.map(({ code, path }) => [code, ...path].join(' ')));
const ordersFor = async ({ listingId }: Offer) => (await world.sql<{ id: string }>('select order_id as id from marketplace.order_line where listing_id = $1', [listingId])).map(({ id }) => id).sort();
const until = (what: string, probe: () => Promise<unknown>) => waitFor(probe, { withinMs: 10_000, what });

/*
 * Allowed: an order is stored before the sale ends, and stands; or it is refused by name. Never: an order that is
 * stored after the end of its sale was answered. It rests on `stillForSale` in place-order.ts.
 */
describe('suspend, archive and retire against purchase', () => {
  const ENDS: readonly (readonly [string, (offer: Offer) => Promise<Result<unknown>>, string])[] = [
    ['suspended', suspend, 'LISTING_NOT_PURCHASABLE'],
    ['archived', ({ listingId, providerTenantId }) => world.replicas[1]!.listings.archiveListing({ ...PROVIDER, tenantId: providerTenantId }, { id: listingId }), 'LISTING_NOT_PURCHASABLE'],
    ['taken off sale', ({ planId, providerTenantId }) => world.replicas[1]!.listings.retirePricingPlan({ ...PROVIDER, tenantId: providerTenantId }, planId), 'PLAN_NOT_ACTIVE'],
  ];
  it.each(ENDS)('given it was priced, then %s, then stored: refused, and nothing is left of the order', async (_, end, code) => {
    const offer = await world.offer();
    const holder = new Client({ connectionString: world.databaseUrl });
    await holder.connect();
    await holder.query('begin');
    await holder.query('lock table marketplace.orders in share mode');
    const placed = place(aUser('buyer'), offer);
    await until('the order to be priced and about to be stored', async () => (await waiting(world)) === 1);
    expect(errorsOf(await end(offer))).toEqual([]);
    await holder.query('rollback');
    await holder.end();
    expect(errorsOf(await placed)).toEqual([`${code} input lines 0 pricingPlanId`]);
    expect(await ordersFor(offer)).toEqual([]);
  });

  it('given many buyers at both replicas meanwhile: what is sold when the suspension is answered stays all that is sold', async () => {
    for (let round = 0; round < 5; round++) {
      const offer = await world.offer();
      const placed = Array.from({ length: 16 }, (_, n) => place(aUser('buyer'), offer, n));
      if (round > 0) await Promise.race(placed);
      expect(errorsOf(await suspend(offer))).toEqual([]);
      const soldByThen = await ordersFor(offer);
      const results = await Promise.all(placed);
      expect(await ordersFor(offer)).toEqual(soldByThen);
      expect(results.flatMap((result) => (result.ok ? [result.value as string] : [])).sort()).toEqual(soldByThen);
      for (const refusal of results.flatMap(errorsOf)) expect(refusal).toMatch(/^(LISTING_NOT_PURCHASABLE|NOT_FOUND) input lines 0 pricingPlanId$/);
    }
  });
});

/*
 * Allowed: one of the tabs has bought the course, all others are told ALREADY_LICENSED; each has a key of its own.
 * It rests on the primary key of marketplace.course_claim.
 */
it('two tabs and more buying the same course: one order, one claim, the others refused by name', async () => {
  const [buyer, offer] = [aUser('buyer'), await world.offer()];
  const again = await world.offer({ sameCourseAs: offer });
  const results = await Promise.all(Array.from({ length: 8 }, (_, n) => place(buyer, n % 4 < 2 ? offer : again, n)));
  expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  expect(results.flatMap(errorsOf)).toEqual(Array.from({ length: 7 }, () => 'ALREADY_LICENSED input lines 0'));
  expect([...(await ordersFor(offer)), ...(await ordersFor(again))]).toHaveLength(1);
  expect(await world.sql('select 1 from marketplace.course_claim where learner_id = $1', [buyer.userId])).toHaveLength(1);
});

describe('cancel against payment success', () => {
  const SAGA = (id: string) => `select 1 from marketplace.saga where correlation_id = '${id}' for update`;
  const cancel = (buyer: AuthenticatedUser, id: string) => world.replica.orders.cancelOrder(buyer, id);
  const pay = (id: string) => world.replicas[1]!.billing.take([world.playedBilling.succeeded(id)]);

  async function awaitingPayment(buyer: AuthenticatedUser): Promise<string> {
    const placed = await place(buyer, await world.offer());
    if (!placed.ok) throw new Error(JSON.stringify(placed.errors));
    await until('billing’s answer', async () => (await statusOf(placed.value)) === 'AWAITING_PAYMENT' && (await world.sql('select 1 from marketplace.payment where order_id = $1', [placed.value])).length);
    return placed.value;
  }
  const statusOf = async (id: string) => (await world.sql<{ status: string }>('select status from marketplace.orders where id = $1', [id]))[0]?.status;
  /** What is left of it all: status, money taken and given back, licences that live, claims. */
  async function outcomeOf(id: string) {
    const [row] = await world.sql(`select o.status, p.paid_minor::int as paid, p.refunded_minor::int as refunded,
        (select count(*)::int from marketplace.license l where l.order_id = o.id and l.state <> 'REVOKED') as licenses,
        (select count(*)::int from marketplace.course_claim c where c.order_id = o.id) as claims
      from marketplace.orders o join marketplace.payment p on p.order_id = o.id where o.id = $1`, [id]);
    return row;
  }
  const PAID = { status: 'ENROLLING', paid: 4_900, refunded: 0, licenses: 1, claims: 1 };
  const TAKEN_BACK = { status: 'CANCELLED', paid: 4_900, refunded: 4_900, licenses: 0, claims: 0 };
  async function settleRefunds(id: string): Promise<void> {
    const asked = () => world.sql<{ id: string }>(`select id from marketplace.refund where order_id = $1 and status = 'REQUESTED'`, [id]);
    const [refund] = await waitFor(async () => { const found = await asked(); return found.length > 0 && found; }, { withinMs: 10_000, what: 'the refund' });
    await world.replica.billing.take([world.playedBilling.refunded(id, refund!.id)]);
  }

  /*
   * Allowed: the payment first, then the order goes on and the cancel is refused by name; or the cancel first, then the
   * order ends CANCELLED and every cent that was taken is given back, once. It rests on `for update` in
   * LOCK_BY_CORRELATION (saga-store.ts) and `order-lock` (order-store.ts).
   */
  it('given the payment is first in the queue: ORDER_NOT_CANCELLABLE, and the money stays', async () => {
    const buyer = aUser('buyer');
    const id = await awaitingPayment(buyer);
    const [, cancelled] = await queueAt(world, SAGA(id), [() => pay(id), () => cancel(buyer, id)] as const);
    expect(errorsOf(cancelled)).toEqual(['ORDER_NOT_CANCELLABLE id']);
    expect(await outcomeOf(id)).toEqual(PAID);
  });

  it('given the cancel is first in the queue: CANCELLED, and all the money goes back', async () => {
    const buyer = aUser('buyer');
    const id = await awaitingPayment(buyer);
    const [cancelled] = await queueAt(world, SAGA(id), [() => cancel(buyer, id), () => pay(id)] as const);
    expect(errorsOf(cancelled)).toEqual([]);
    await settleRefunds(id);
    expect(await outcomeOf(id)).toEqual(TAKEN_BACK);
  });

  it('given both at the same moment, ten times: one of these two, as the answer says', async () => {
    for (let round = 0; round < 10; round++) {
      const buyer = aUser('buyer');
      const id = await awaitingPayment(buyer);
      const both = [() => cancel(buyer, id), () => pay(id)] as const;
      const [first, second] = (round % 2 === 0 ? both : [both[1], both[0]]).map((request) => request());
      const cancelled = (await (round % 2 === 0 ? first : second)) as Result<OrderId>;
      await Promise.all([first, second]);
      if (cancelled.ok) await settleRefunds(id);
      expect(errorsOf(cancelled)).toEqual(cancelled.ok ? [] : ['ORDER_NOT_CANCELLABLE id']);
      expect(await outcomeOf(id)).toEqual(cancelled.ok ? TAKEN_BACK : PAID);
    }
  });
});
