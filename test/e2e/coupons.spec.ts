import { randomUUID } from 'node:crypto';
import type { CreateCouponInput, PlaceOrderInput } from './operations/generated';
import { CouponsDocument, CreateCouponDocument, DeactivateCouponDocument, OrderWithCouponDocument, PlaceOrderDocument, QuoteWithCouponDocument } from './operations/generated';
import { outcomeOf } from '../support/outcome';
import type { Role } from '../support/sandbox-client';
import { openShop, person, place } from '../support/shop';
import type { Person, Shop } from '../support/shop';
import { startWorld } from '../support/world';
import type { World } from '../support/world';

let world: World;
let shop: Shop;
beforeAll(async () => {
  world = await startWorld();
  shop = await openShop({ url: world.supergraphUrl, sandbox: world.sandbox });
});
afterAll(() => world.stop());

const someone = (roles: readonly Role[] = ['buyer'], tid?: string) => person({ url: world.supergraphUrl, sandbox: world.sandbox }, roles, tid ? { tid } : {});

async function give(giver: Person, details: Partial<CreateCouponInput> = {}) {
  const off = details.amountOff ? {} : { percentOff: '10' };
  const { createCoupon } = await giver.http.data(CreateCouponDocument, { input: { code: `E2E-${randomUUID()}`, ...off, ...details } });
  return createCoupon.coupon ?? fail(createCoupon.userErrors);
}
function fail(answer: unknown): never {
  throw new Error(`refused: ${JSON.stringify(answer)}`);
}
const basket = (more: Partial<PlaceOrderInput> = {}) => ({ currency: 'EUR', lines: [{ pricingPlanId: shop.plans.single, learnerIds: [] }], ...more });
const quoted = async (buyer: Person, more: Partial<PlaceOrderInput>) => (await buyer.http.data(QuoteWithCouponDocument, { input: basket(more) })).quote;
const placed = async (buyer: Person, more: Partial<PlaceOrderInput>) => (await buyer.http.data(PlaceOrderDocument, { input: { idempotencyKey: randomUUID(), ...basket(more) } })).placeOrder;
const countsOf = async (code: string) => {
  const { coupons } = await shop.admin.http.data(CouponsDocument, { code });
  const node = coupons?.edges[0]?.node ?? fail(coupons);
  return { reserved: node.reserved, redemptions: node.redemptions };
};
const settledCounts = async (buyer: Person, orderId: string, code: string) => [await outcomeOf(world, buyer, orderId), await countsOf(code)] as const;

describe('a provider\'s coupon', () => {
  it('is what its provider wrote, for them and for platform administrators alone', async () => {
    const tenant = randomUUID();
    const input = {
      code: 'Spring-26', percentOff: '12.50', startsAt: '2026-01-01T00:00:00.000Z', endsAt: '2099-01-01T00:00:00.000Z', maxRedemptions: 9, maxRedemptionsPerTenant: 5,
      maxRedemptionsPerBuyer: 2, minimumSubtotal: { amount: '20', currency: 'EUR' }, listingIds: [shop.listingId], tenantIds: [tenant],
    };
    const coupon = await give(shop.provider, input);
    expect(coupon).toMatchObject({
      ...input, percentOff: '12.5', amountOff: null, funding: 'PROVIDER', provider: { id: shop.provider.tid }, active: true, redemptions: 0, reserved: 0,
      minimumSubtotal: { amount: '20.00', currency: 'EUR' },
    });
    for (const seer of [shop.provider, shop.admin]) expect((await seer.http.data(CouponsDocument, { code: 'SPRING-26' })).coupons).toMatchObject({ totalCount: 1, edges: [{ node: coupon }] });
    expect((await (await someone(['provider'])).http.data(CouponsDocument, { code: 'SPRING-26' })).coupons).toMatchObject({ totalCount: 0, edges: [] });
    expect((await (await someone()).http.data(CouponsDocument, {})).coupons).toBeNull();
  });

  it('takes the same off in the quote and in the order, and is redeemed with the payment', async () => {
    const { id, code } = await give(shop.provider, { amountOff: { amount: '5.00', currency: 'EUR' } });
    const buyer = await someone();
    const lines = [{ pricingPlanId: shop.plans.single }];
    expect(await quoted(buyer, { lines, couponCode: code.toLowerCase() })).toMatchObject({
      subtotal: { amount: '49.00' }, discount: { amount: '5.00' }, total: { amount: '44.00' }, lines: [{ discount: { amount: '5.00' }, total: { amount: '44.00' } }],
      coupon: { code, applied: true, reason: null, discount: { amount: '5.00', currency: 'EUR' } }, problems: [],
    });
    const orderId = await place(buyer, shop.plans.single, { couponCode: code, expectedTotal: { amount: '44.00', currency: 'EUR' } });
    const [outcome, counts] = await settledCounts(buyer, orderId, code);
    expect(outcome).toMatchObject({ money: ['succeeded 4400 EUR'], order: { status: 'FULFILLED' } });
    expect(outcome.events).toContain('coupon.redeemed');
    expect(counts).toEqual({ reserved: 0, redemptions: 1 });
    expect((await buyer.http.data(OrderWithCouponDocument, { id: orderId })).order).toMatchObject({ couponCode: code, discount: { amount: '5.00' }, total: { amount: '44.00' }, lines: [{ discount: { amount: '5.00' } }] });
    expect((await world.sandbox.events()).filter(({ type, data }) => type === 'marketplace.coupon.redeemed.v1' && (data as { couponId: string }).couponId === id)).toHaveLength(1);
  });

  it('comes back when the payment is declined', async () => {
    const { code } = await give(shop.provider, { maxRedemptions: 1 });
    const buyer = await someone();
    await world.sandbox.behaviour(buyer.tid, { payment: 'decline' });
    const [outcome, counts] = await settledCounts(buyer, await place(buyer, shop.plans.single, { couponCode: code }), code);
    expect(outcome.order.status).toBe('FAILED');
    expect(outcome.events).toContain('coupon.released');
    expect(counts).toEqual({ reserved: 0, redemptions: 0 });
  });

  it('of 100 % leaves nothing to pay: billing is not asked', async () => {
    const { code } = await give(shop.provider, { percentOff: '100' });
    const buyer = await someone();
    const [outcome, counts] = await settledCounts(buyer, await place(buyer, shop.plans.single, { couponCode: code }), code);
    expect(outcome).toMatchObject({ money: [], order: { status: 'FULFILLED' } });
    expect(counts).toEqual({ reserved: 0, redemptions: 1 });
  });

  it('that is deactivated works no more', async () => {
    const { id, code } = await give(shop.provider);
    const stranger = await someone(['provider']);
    expect((await stranger.http.data(DeactivateCouponDocument, { id })).deactivateCoupon).toMatchObject({ coupon: null, userErrors: [{ code: 'NOT_FOUND' }] });
    expect((await shop.provider.http.data(DeactivateCouponDocument, { id })).deactivateCoupon).toMatchObject({ coupon: { id, active: false }, userErrors: [] });
    expect((await quoted(await someone(), { couponCode: code })).coupon).toMatchObject({ applied: false, reason: 'COUPON_EXPIRED' });
  });
});

describe('a platform coupon', () => {
  it('works for any provider\'s listing, but not for the provider\'s own people', async () => {
    const refusal = (await shop.provider.http.data(CreateCouponDocument, { input: { code: 'MINE', funding: 'PLATFORM', percentOff: '10' } })).createCoupon;
    expect(refusal).toMatchObject({ coupon: null, userErrors: [{ code: 'FORBIDDEN' }] });
    const { code, funding, provider } = await give(shop.admin, { funding: 'PLATFORM' });
    expect([funding, provider]).toEqual(['PLATFORM', null]);
    expect((await quoted(await someone(), { couponCode: code })).coupon).toMatchObject({ applied: true, discount: { amount: '4.90' } });
    const own = await someone(['buyer'], shop.provider.tid);
    expect((await quoted(own, { couponCode: code })).coupon).toMatchObject({ applied: false, reason: 'COUPON_NOT_APPLICABLE' });
  });
});

describe('a coupon that does not work', () => {
  it.each<[string, Partial<CreateCouponInput> | null]>([
    ['COUPON_UNKNOWN', null],
    ['COUPON_EXPIRED', { startsAt: '2099-01-01T00:00:00.000Z' }],
    ['COUPON_NOT_APPLICABLE', { amountOff: { amount: '5.00', currency: 'USD' } }],
    ['COUPON_TENANT_RESTRICTED', { tenantIds: [randomUUID()] }],
    ['COUPON_MINIMUM_NOT_MET', { minimumSubtotal: { amount: '49.01', currency: 'EUR' } }],
  ])('is refused with %s, in the quote and in the order', async (reason, details) => {
    const couponCode = details ? (await give(shop.provider, details)).code : 'NOBODY-GAVE-THIS';
    const buyer = await someone();
    expect(await quoted(buyer, { couponCode })).toMatchObject({
      coupon: { code: couponCode, applied: false, reason, discount: { amount: '0.00', currency: 'EUR' } }, total: { amount: '49.00' }, problems: [{ code: reason, path: ['input', 'couponCode'] }],
    });
    expect(await placed(buyer, { couponCode })).toMatchObject({ order: null, userErrors: [{ code: reason }] });
  });

  it('because it is used up, is refused with COUPON_EXHAUSTED', async () => {
    const { code } = await give(shop.provider, { maxRedemptionsPerBuyer: 1 });
    const buyer = await someone();
    expect((await placed(buyer, { couponCode: code })).userErrors).toEqual([]);
    expect((await quoted(buyer, { couponCode: code })).coupon).toMatchObject({ reason: 'COUPON_EXHAUSTED' });
    expect(await placed(buyer, { couponCode: code })).toMatchObject({ order: null, userErrors: [{ code: 'COUPON_EXHAUSTED' }] });
  });
});

describe('a list of coupons', () => {
  it('is paged, newest first', async () => {
    const provider = await someone(['provider']);
    const codes = [(await give(provider)).code, (await give(provider)).code, (await give(provider)).code].reverse();
    const first = (await provider.http.data(CouponsDocument, { first: 2 })).coupons;
    expect(first).toMatchObject({ totalCount: 3, edges: [{ node: { code: codes[0] } }, { node: { code: codes[1] } }], pageInfo: { hasNextPage: true, hasPreviousPage: false } });
    const second = (await provider.http.data(CouponsDocument, { first: 2, after: first?.pageInfo.endCursor ?? null })).coupons;
    expect(second).toMatchObject({ edges: [{ node: { code: codes[2] } }], pageInfo: { hasNextPage: false, hasPreviousPage: true } });
  });
});

describe('a tenant\'s policy', () => {
  it('refuses other currencies, in the quote and in the order', async () => {
    const buyer = await someone();
    await world.sandbox.behaviour(buyer.tid, { policies: { allowedCurrencies: ['USD'] } });
    expect((await quoted(buyer, {})).problems).toMatchObject([{ code: 'CURRENCY_NOT_ALLOWED', path: ['input', 'currency'] }]);
    expect((await placed(buyer, {})).userErrors).toMatchObject([{ code: 'CURRENCY_NOT_ALLOWED' }]);
    expect((await placed(buyer, { currency: 'USD' })).userErrors).toEqual([]);
  });

  it('caps an order and the month', async () => {
    const buyer = await someone(['buyer', 'org_admin']);
    await world.sandbox.behaviour(buyer.tid, { policies: { purchaseCaps: [{ currency: 'EUR', perOrderMinor: '10000', perMonthMinor: '9800' }] } });
    expect((await placed(buyer, { lines: [{ pricingPlanId: shop.plans.site }] })).userErrors.map(({ code }) => code)).toEqual(['PURCHASE_CAP_EXCEEDED', 'PURCHASE_CAP_EXCEEDED']);
    for (const _ of [1, 2]) expect((await placed(buyer, {})).userErrors).toEqual([]);
    expect((await quoted(buyer, {})).problems).toMatchObject([{ code: 'PURCHASE_CAP_EXCEEDED' }]);
    expect((await placed(buyer, {})).userErrors).toMatchObject([{ code: 'PURCHASE_CAP_EXCEEDED' }]);
  });
});
