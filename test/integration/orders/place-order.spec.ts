import { v7 } from 'uuid';
import * as fc from 'fast-check';
import { ANONYMOUS } from '../../../src/application/actor';
import type { AuthenticatedUser } from '../../../src/application/actor';
import type { PlaceOrderRequest } from '../../../src/application/order/order-requests';
import type { Result } from '../../../src/application/user-error';
import type { OrderId, PricingPlanId } from '../../../src/domain/ids';
import type { CurrencyCode } from '../../../src/domain/money';
import { aUser } from '../../support/listing-world';
import type { Offer } from '../../support/offers';
import { aKey, openPurchaseWorld } from '../../support/purchase-world';
import type { PurchaseWorld } from '../../support/purchase-world';
import { messageOf } from '../../support/scripted-billing';
import { waitFor } from '../../support/wait';

let world: PurchaseWorld;
let offer: Offer;
beforeAll(async () => {
  world = await openPurchaseWorld({ replicas: 2 });
  offer = await world.offer();
});
afterAll(() => world.close());

const EUR = 'EUR' as CurrencyCode;
const line = ({ planId }: Pick<Offer, 'planId'>, quantity = 1, learnerIds?: readonly string[]) => ({ pricingPlanId: planId, quantity, ...(learnerIds ? { learnerIds } : {}) });
const request = (details: Partial<PlaceOrderRequest> = {}): PlaceOrderRequest => ({ idempotencyKey: aKey(), lines: [line(offer)], currency: 'EUR', ...details });
const place = (buyer: AuthenticatedUser | typeof ANONYMOUS, details?: Partial<PlaceOrderRequest>, replica = 0) => world.replicas[replica]!.orders.placeOrder(buyer, request(details));
const errorsOf = (result: Result<unknown>): string[] => (result.ok ? [] : result.errors.map(({ code, path }) => [code, ...path].join(' ')));
function idOf(result: Result<OrderId>): OrderId {
  if (!result.ok) throw new Error(result.errors.map(({ message }) => message).join('; '));
  return result.value;
}
const ordersOf = (buyer: AuthenticatedUser) => world.sql<{ id: string; status: string }>('select id, status from marketplace.orders where buyer_id = $1', [buyer.userId]);
const statusOf = async (id: string) => (await world.sql<{ status: string }>('select status from marketplace.orders where id = $1', [id]))[0]?.status;
const processed = (id: string) => world.playedBilling.processed.filter(({ payment }) => payment.orderId === id);
const billingAnswered = (id: string) => waitFor(async () => (await world.sql('select 1 from marketplace.payment where order_id = $1', [id])).length === 1, { withinMs: 10_000, what: `billing's answer for ${id}` });
const seatsOf = (orderId: string) => world.sql<{ id: string; license_id: string; learner_id: string; assignment_id: string }>('select * from marketplace.seat where order_id = $1 and state = \'ASSIGNED\'', [orderId]);
async function enroll(orderId: string) {
  for (const seat of await seatsOf(orderId)) {
    await world.replica.enrollment.take([messageOf('enrollment.created.v1', { enrollmentId: 'enr-1', licenseId: seat.license_id, seatId: seat.id, learnerId: seat.learner_id, assignmentId: seat.assignment_id })]);
  }
}

describe('an order', () => {
  it('is stored with its saga armed, and billing is asked right after the commit, once', async () => {
    const buyer = aUser('buyer');
    const id = idOf(await place(buyer, { purchaseReference: 'PO 17', paymentReturnUrl: 'https://shop.example/back' }));
    await billingAnswered(id);
    expect(processed(id)).toMatchObject([{
      payment: { orderId: id, tenantId: buyer.tenantId, buyerId: buyer.userId, net: { amountMinor: '4900', currency: 'EUR' }, mode: 'checkout', returnUrl: 'https://shop.example/back', lines: [{ title: 'Knots for sailors', quantity: 1, netAmountMinor: '4900' }] },
    }]);
    expect(await statusOf(id)).toBe('AWAITING_PAYMENT');
    const events = await world.sql('select type, aggregate_version::int as version from marketplace.outbox where aggregate_id = $1 order by aggregate_version', [id]);
    expect(events.map(({ type, version }) => [version, type])).toEqual([
      [1, 'marketplace.order.placed.v1'], [2, 'marketplace.order.status_changed.v1'], [3, 'marketplace.order.status_changed.v1'],
    ]);
  });

  it('is fulfilled in four commits', async () => {
    const buyer = aUser('buyer');
    const id = idOf(await place(buyer));
    await billingAnswered(id);
    await world.replica.billing.take([world.playedBilling.succeeded(id)]);
    await enroll(id);
    expect(await statusOf(id)).toBe('FULFILLED');
    const commits = await world.sql(`
      select distinct xmin::text from (
        select xmin from marketplace.orders where id = $1 union all select xmin from marketplace.order_line where order_id = $1
        union all select xmin from marketplace.order_transition where order_id = $1 union all select xmin from marketplace.payment where order_id = $1
        union all select xmin from marketplace.license where order_id = $1 union all select xmin from marketplace.seat where order_id = $1
        union all select xmin from marketplace.provider_sale where order_id = $1 union all select xmin from marketplace.journal_entry where order_id = $1
        union all select xmin from marketplace.journal_posting where order_id = $1
        union all select xmin from marketplace.course_claim where order_id = $1 union all select xmin from marketplace.outbox where correlation_id = $1
        union all select t.xmin from marketplace.saga_transition t join marketplace.saga s on s.id = t.saga_id where s.correlation_id = $1) written`, [id]);
    expect(commits).toHaveLength(4);
    const history = await world.sql('select version, to_status from marketplace.order_transition where order_id = $1 order by version', [id]);
    expect(history.map(({ version, to_status }) => [version, to_status])).toEqual([
      [1, 'PLACED'], [2, 'AWAITING_PAYMENT'], [3, 'LICENSING'], [4, 'ENROLLING'], [5, 'FULFILLED'],
    ]);
  });

  it('with nothing to pay is licensed at once and asks billing for nothing', async () => {
    const free = await world.offer({ prices: { EUR: 0 } });
    const id = idOf(await place(aUser('buyer'), { lines: [line(free)] }));
    expect(await statusOf(id)).toBe('ENROLLING');
    await enroll(id);
    expect(await statusOf(id)).toBe('FULFILLED');
    expect(processed(id)).toEqual([]);
    const nobody = idOf(await place(aUser('buyer'), { lines: [line(free, 1, [])] }));
    expect(await statusOf(nobody)).toBe('FULFILLED');
  });

  it('of several lines becomes one licence a line, each with its seats', async () => {
    const admin = aUser('org_admin');
    const [pack, site] = [await world.offer({ kind: 'SEAT_PACK', seatsIncluded: 10, prices: { EUR: 25_000 } }), await world.offer({ kind: 'SITE_LICENSE', prices: { EUR: 100_000 } })];
    const id = idOf(await place(admin, { lines: [line(pack, 2, [v7(), v7()]), line(site, 1, [v7()]), line(offer, 1, [])] }));
    await billingAnswered(id);
    await world.replica.billing.take([world.playedBilling.succeeded(id, '154900')]);
    const licences = await world.sql(`select l.seats_total, count(s.id)::int as seats, count(s.id) filter (where s.state = 'ASSIGNED')::int as assigned
      from marketplace.license l left join marketplace.seat s on s.license_id = l.id where l.order_id = $1 group by l.id, l.seats_total order by l.seats_total nulls last`, [id]);
    expect(licences).toEqual([{ seats_total: 1, seats: 1, assigned: 0 }, { seats_total: 20, seats: 20, assigned: 2 }, { seats_total: null, seats: 1, assigned: 1 }]);
  });
});

describe('the same idempotency key', () => {
  it('sent fifty times at once through two replicas places one order and charges once', async () => {
    const buyer = aUser('buyer');
    const same = request();
    const results = await Promise.all(Array.from({ length: 50 }, (_, i) => world.replicas[i % 2]!.orders.placeOrder(buyer, same)));
    const ids = new Set(results.map(idOf));
    expect(ids.size).toBe(1);
    expect(await ordersOf(buyer)).toHaveLength(1);
    const [id = ''] = ids;
    await billingAnswered(id);
    expect(processed(id)).toHaveLength(1);
  });

  it('with another body is refused, and the first order stays as it is', async () => {
    const buyer = aUser('buyer');
    const idempotencyKey = aKey();
    const id = idOf(await place(buyer, { idempotencyKey }));
    const others: Partial<PlaceOrderRequest>[] = [{ lines: [line(offer, 2)] }, { currency: 'USD' }, { purchaseReference: 'PO 1' }, { expectedTotal: { amountMinor: 4900n, currency: EUR } }, { lines: [line(offer, 1, [])] }];
    for (const other of others) expect(errorsOf(await place(buyer, { idempotencyKey, ...other }, 1))).toEqual(['IDEMPOTENCY_KEY_REUSED input idempotencyKey']);
    expect(await ordersOf(buyer)).toMatchObject([{ id }]);
  });

  it('raced with another body places one of the two', async () => {
    const buyer = aUser('buyer');
    const idempotencyKey = aKey();
    const other = await world.offer();
    const results = await Promise.all(Array.from({ length: 20 }, (_, i) => place(buyer, { idempotencyKey, lines: [line(i % 4 < 2 ? offer : other)] }, i % 2)));
    expect(await ordersOf(buyer)).toHaveLength(1);
    expect(results.filter(({ ok }) => ok)).toHaveLength(10);
    expect(results.flatMap(errorsOf)).toEqual(Array.from({ length: 10 }, () => 'IDEMPOTENCY_KEY_REUSED input idempotencyKey'));
  });

  it('of another buyer is another key', async () => {
    const idempotencyKey = aKey();
    expect(idOf(await place(aUser('buyer'), { idempotencyKey }))).not.toBe(idOf(await place(aUser('buyer'), { idempotencyKey })));
  });

  it('may be sent again after it was refused, since nothing was stored', async () => {
    const buyer = aUser('buyer');
    const idempotencyKey = aKey();
    expect(errorsOf(await place(buyer, { idempotencyKey, currency: 'USD' }))).toEqual(['CURRENCY_NOT_OFFERED input lines 0 pricingPlanId']);
    idOf(await place(buyer, { idempotencyKey }));
    expect(await ordersOf(buyer)).toHaveLength(1);
  });
});

describe('a course that is held already', () => {
  it('is not sold twice to a learner: not while an order is under way, not after it', async () => {
    const buyer = aUser('buyer');
    const id = idOf(await place(buyer));
    expect(errorsOf(await place(buyer))).toEqual(['ALREADY_LICENSED input lines 0']);
    await billingAnswered(id);
    await world.replica.billing.take([world.playedBilling.succeeded(id)]);
    await enroll(id);
    expect(errorsOf(await place(buyer, {}, 1))).toEqual(['ALREADY_LICENSED input lines 0']);
    expect(await ordersOf(buyer)).toHaveLength(1);
  });

  it('is free again when the order fails', async () => {
    const buyer = aUser('buyer');
    const id = idOf(await place(buyer));
    await billingAnswered(id);
    await world.replica.billing.take([world.playedBilling.declined(id)]);
    expect(await statusOf(id)).toBe('FAILED');
    idOf(await place(buyer));
  });

  it('cannot be on two lines of one order for the same learner', async () => {
    const again = await world.offer({ sameCourseAs: offer });
    expect(errorsOf(await place(aUser('buyer'), { lines: [line(offer), line(again)] }))).toEqual(['ALREADY_LICENSED input lines 0', 'ALREADY_LICENSED input lines 1']);
  });

  it('bought in two tabs at once is bought once', async () => {
    const buyer = aUser('buyer');
    const results = await Promise.all(Array.from({ length: 8 }, (_, i) => place(buyer, {}, i % 2)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.flatMap(errorsOf)).toEqual(Array.from({ length: 7 }, () => 'ALREADY_LICENSED input lines 0'));
    expect(await ordersOf(buyer)).toHaveLength(1);
  });

  it('is named with the learners who hold it, and leaves nothing of the order', async () => {
    const admin = aUser('org_admin');
    const pack = await world.offer({ kind: 'SEAT_PACK', seatsIncluded: 3 });
    const [one, two, three] = [v7(), v7(), v7()];
    idOf(await place(admin, { lines: [line(pack, 1, [one, two])] }));
    const result = await place(admin, { lines: [line(pack, 1, [one, two, three])] });
    expect(result).toMatchObject({ ok: false, errors: [{ code: 'ALREADY_LICENSED', params: { learnerIds: `${one},${two}` } }] });
    expect(await world.sql('select 1 from marketplace.course_claim where learner_id = $1', [three])).toEqual([]);
    expect(await ordersOf(admin)).toHaveLength(1);
  });
});

describe('what cannot be bought', () => {
  const refusals: readonly (readonly [string, () => Promise<Partial<PlaceOrderRequest>> | Partial<PlaceOrderRequest>, string[]])[] = [
    ['a price that has moved', () => ({ expectedTotal: { amountMinor: 4899n, currency: EUR } }), ['PRICE_CHANGED input expectedTotal']],
    ['a currency that is not offered', () => ({ currency: 'USD' }), ['CURRENCY_NOT_OFFERED input lines 0 pricingPlanId']],
    ['no currency', () => ({ currency: 'euro' }), ['INVALID_INPUT input currency']],
    ['nothing', () => ({ lines: [] }), ['INVALID_INPUT input lines']],
    ['51 lines', () => ({ lines: Array.from({ length: 51 }, () => line(offer)) }), ['INVALID_INPUT input lines']],
    ['none of it', () => ({ lines: [line(offer, 0)] }), ['QUANTITY_OUT_OF_RANGE input lines 0 quantity']],
    ['less than none', () => ({ lines: [line(offer, -1)] }), ['QUANTITY_OUT_OF_RANGE input lines 0 quantity']],
    ['too much of it', () => ({ lines: [line(offer, 1_001)] }), ['QUANTITY_OUT_OF_RANGE input lines 0 quantity']],
    ['too many seats', async () => ({ lines: [line(await world.offer({ seatsIncluded: 5_000 }), 3)] }), ['QUANTITY_OUT_OF_RANGE input lines 0 quantity']],
    ['more learners than seats', () => ({ lines: [line(offer, 1, [v7(), v7()])] }), ['QUANTITY_OUT_OF_RANGE input lines 0 learnerIds']],
    ['a learner twice', () => { const learner = v7(); return { lines: [line(offer, 2, [learner, learner.toUpperCase()])] }; }, ['INVALID_INPUT input lines 0 learnerIds']],
    ['a learner with no id', () => ({ lines: [line(offer, 1, ['me'])] }), ['INVALID_INPUT input lines 0 learnerIds 0']],
    ['a plan that is no longer sold', async () => ({ lines: [line(await world.offer({ active: false }))] }), ['PLAN_NOT_ACTIVE input lines 0 pricingPlanId']],
    ['a plan that does not exist', () => ({ lines: [line({ planId: v7() as PricingPlanId }), line({ planId: 'x' as PricingPlanId })] }), ['NOT_FOUND input lines 0 pricingPlanId', 'NOT_FOUND input lines 1 pricingPlanId']],
    ['a plan that nobody may see', async () => ({ lines: [line(await world.offer({ status: 'APPROVED' }))] }), ['NOT_FOUND input lines 0 pricingPlanId']],
    ['a key without text', () => ({ idempotencyKey: '' }), ['INVALID_INPUT input idempotencyKey']],
    ['a key that is too long', () => ({ idempotencyKey: 'k'.repeat(201) }), ['INVALID_INPUT input idempotencyKey']],
    ['a key that cannot be printed', () => ({ idempotencyKey: 'a\u0000b' }), ['INVALID_INPUT input idempotencyKey']],
    ['half a character', () => ({ purchaseReference: '\ud800' }), ['INVALID_INPUT input purchaseReference']],
    ['a reference that is too long', () => ({ purchaseReference: 'x'.repeat(101) }), ['INVALID_INPUT input purchaseReference']],
    ['a way back that runs a script', () => ({ paymentReturnUrl: 'javascript:alert(1)' }), ['INVALID_INPUT input paymentReturnUrl']],
    ['a way back that leads nowhere', () => ({ paymentReturnUrl: 'back' }), ['INVALID_INPUT input paymentReturnUrl']],
  ];
  it.each(refusals)('%s', async (_what, details, expected) => {
    const admin = aUser('org_admin', 'buyer');
    expect(errorsOf(await place(admin, await details()))).toEqual(expected);
    expect(await ordersOf(admin)).toEqual([]);
  });

  it('a listing that is no longer live, by someone who may still see it', async () => {
    const buyer = aUser('buyer');
    const suspended = await world.offer();
    idOf(await place(buyer, { lines: [line(suspended, 1, [])] }));
    await world.sql(`update marketplace.listing set status = 'SUSPENDED', suspended_from = 'LIVE' where id = $1`, [suspended.listingId]);
    expect(errorsOf(await place(buyer, { lines: [line(suspended)] }))).toEqual(['LISTING_NOT_PURCHASABLE input lines 0 pricingPlanId']);
  });

  it('all that is wrong is said at once', async () => {
    const inactive = await world.offer({ active: false });
    expect(errorsOf(await place(aUser('buyer'), { lines: [line(inactive, 0), line(offer, 2, [v7()])], currency: 'USD' }))).toEqual([
      'PLAN_NOT_ACTIVE input lines 0 pricingPlanId', 'QUANTITY_OUT_OF_RANGE input lines 0 quantity',
      'FORBIDDEN input lines 1 learnerIds', 'CURRENCY_NOT_OFFERED input lines 1 pricingPlanId',
    ]);
  });
});

describe('who may buy', () => {
  it('takes the role of a buyer or an organisation’s admin', async () => {
    for (const caller of [ANONYMOUS, aUser(), aUser('provider'), aUser('platform_admin')]) expect(errorsOf(await place(caller))).toEqual(['FORBIDDEN']);
    idOf(await place(aUser('org_admin')));
  });

  it('for others, packs and sites takes the admin', async () => {
    const [pack, site] = [await world.offer({ kind: 'SEAT_PACK', seatsIncluded: 5 }), await world.offer({ kind: 'SITE_LICENSE' })];
    const buyer = aUser('buyer');
    expect(errorsOf(await place(buyer, { lines: [line(pack), line(site), line(offer, 1, [v7()])] }))).toEqual([
      'FORBIDDEN input lines 0 pricingPlanId', 'FORBIDDEN input lines 1 pricingPlanId', 'FORBIDDEN input lines 2 learnerIds',
    ]);
    idOf(await place(buyer, { lines: [line(offer, 1, [buyer.userId])] }));
    idOf(await place(aUser('org_admin'), { lines: [line(pack, 1, [v7()]), line(site, 1, [v7()]), line(offer, 1, [v7()])] }));
  });
});

describe('a quote', () => {
  it('names the problems that placeOrder would refuse, and the same totals', async () => {
    const others = [offer, await world.offer({ active: false }), await world.offer({ kind: 'SEAT_PACK', seatsIncluded: 3, prices: { EUR: 12_345, JPY: 1_999 } }), await world.offer({ status: 'SUSPENDED' }), { planId: v7() as PricingPlanId }];
    const taken = aUser('buyer', 'org_admin');
    idOf(await place(taken));
    const callers = [aUser('buyer'), aUser('org_admin'), taken];
    const aLine = fc.record({ plan: fc.nat(others.length - 1), quantity: fc.integer({ min: 0, max: 3 }), learners: fc.constantFrom('unsaid' as const, 'none' as const, 'self' as const, 'other' as const, 'twice' as const) });
    await fc.assert(fc.asyncProperty(fc.array(aLine, { maxLength: 3 }), fc.constantFrom('EUR', 'JPY', 'XXL'), fc.nat(2), async (wanted, currency, who) => {
      const caller = callers[who]!;
      const lines = wanted.map(({ plan, quantity, learners }) => line(others[plan]!, quantity, { unsaid: undefined, none: [], self: [caller.userId], other: [OTHER], twice: [OTHER, OTHER] }[learners]));
      const { replica } = world;
      const quoted = await replica.orders.quote(caller, { lines, currency });
      const placed = await replica.orders.placeOrder(caller, { idempotencyKey: aKey(), lines, currency });
      expect(errorsOf(placed)).toEqual(quoted.problems.map(({ code, path }) => [code, ...path].join(' ')));
      if (!placed.ok) return;
      const [stored] = await world.sql<{ total: string; currency: string }>('select total_minor::text as total, currency from marketplace.orders where id = $1', [placed.value]);
      expect(stored).toEqual({ total: quoted.total?.amountMinor.toString(), currency: quoted.total?.currency });
      // Taken back, so that the next request finds what this one found
      await world.sql('delete from marketplace.course_claim where order_id = $1', [placed.value]);
    }), { numRuns: 150 });
  });
});

const OTHER = v7();
