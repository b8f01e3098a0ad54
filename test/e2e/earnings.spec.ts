import { randomUUID } from 'node:crypto';
import { outcomeOf } from '../support/outcome';
import { openShop, person, place } from '../support/shop';
import type { Person, Shop } from '../support/shop';
import { waitFor } from '../support/wait';
import { startWorld } from '../support/world';
import type { World } from '../support/world';
import { EarningsOfDocument, LedgerOfDocument, OrderByIdDocument, ProviderSalesOfDocument, RefundOrderDocument, SalesByDayOfDocument } from './operations/generated';

/* What the provider's dashboard shows, through the supergraph. */
const DAY_MS = 24 * 60 * 60 * 1_000;

let world: World;
let shop: Shop;
beforeAll(async () => {
  world = await startWorld({ replicas: 1 });
  shop = await openShop({ url: world.supergraphUrl, sandbox: world.sandbox });
});
afterAll(() => world.stop());

const buyer = (): Promise<Person> => person({ url: world.supergraphUrl, sandbox: world.sandbox }, ['buyer']);
async function sell(plan: keyof Shop['plans'], currency = 'EUR'): Promise<string> {
  const who = await buyer();
  const orderId = await place(who, shop.plans[plan], { currency });
  expect(await outcomeOf(world, who, orderId)).toMatchObject({ order: { status: 'FULFILLED' } });
  return orderId;
}
const today = (shiftedMs = 0) => new Date(Date.now() + shiftedMs).toISOString().slice(0, 10);

it('given nothing was sold: no balances, no bookings, no sales', async () => {
  const other = await person({ url: world.supergraphUrl, sandbox: world.sandbox }, ['provider']);
  expect(await other.http.data(EarningsOfDocument)).toEqual({ earnings: [] });
  expect(await other.http.data(LedgerOfDocument)).toMatchObject({ ledger: { totalCount: 0, edges: [] } });
  expect(await other.http.data(ProviderSalesOfDocument)).toMatchObject({ providerSales: { totalCount: 0, edges: [] } });
});

it('given whoever is no provider: null', async () => {
  const who = await buyer();
  expect(await who.http.data(EarningsOfDocument)).toEqual({ earnings: null });
  expect(await who.http.data(LedgerOfDocument)).toEqual({ ledger: null });
  expect(await who.http.data(ProviderSalesOfDocument)).toEqual({ providerSales: null });
  expect(await who.http.data(SalesByDayOfDocument, { from: today(), to: today(), currency: 'EUR' })).toEqual({ salesByDay: null });
});

describe('given three sales, one free and one in dollars', () => {
  let orderIds: readonly string[];
  beforeAll(async () => { orderIds = [await sell('single'), await sell('free'), await sell('single', 'USD')]; });

  it('each is a sale of the provider, newest first, with its part of the price, and no word of who bought', async () => {
    const { http } = shop.provider;
    const { providerSales } = await http.data(ProviderSalesOfDocument, { first: 2, listingId: shop.listingId, placedAfter: new Date(0).toISOString(), placedBefore: new Date(Date.now() + DAY_MS).toISOString() });
    expect(providerSales).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true, hasPreviousPage: false } });
    expect(providerSales?.edges.map(({ node }) => node)).toMatchObject([
      {
        status: 'FULFILLED', planName: 'Single', quantity: 1, listing: { id: shop.listingId }, gross: { amount: '55.00', currency: 'USD' }, discount: { amount: '0.00' },
        platformFee: { amount: '8.25' }, net: { amount: '46.75' }, refunded: { amount: '0.00' },
      },
      { status: 'FULFILLED', planName: 'Free taster', gross: { amount: '0.00', currency: 'EUR' }, net: { amount: '0.00' } },
    ]);
    const rest = await http.data(ProviderSalesOfDocument, { first: 2, after: providerSales?.pageInfo.endCursor ?? null, listingId: shop.listingId });
    expect(rest.providerSales).toMatchObject({ edges: [{ node: { gross: { amount: '49.00' }, platformFee: { amount: '7.35' }, net: { amount: '41.65' } } }], pageInfo: { hasNextPage: false, hasPreviousPage: true } });
    expect(await http.data(ProviderSalesOfDocument, { listingId: randomUUID() })).toMatchObject({ providerSales: { edges: [] } });
    expect(await http.data(ProviderSalesOfDocument, { listingId: 'none' })).toMatchObject({ providerSales: { edges: [] } });
    // What the provider sees is the sale; the order is its buyer's.
    expect(await http.data(OrderByIdDocument, { id: orderIds[0] ?? '' })).toEqual({ order: null });
  });

  it('the ledger has the two that were paid, by their currency; the balances have them pending, then available', async () => {
    const { http } = shop.provider;
    const { ledger } = await http.data(LedgerOfDocument, { first: 1 });
    expect(ledger).toMatchObject({ totalCount: 2, edges: [{ node: { kind: 'SALE', gross: { amount: '55.00' }, platformFee: { amount: '8.25' }, net: { amount: '46.75' }, sale: { status: 'FULFILLED' } } }] });
    const next = await http.data(LedgerOfDocument, { first: 1, after: ledger?.pageInfo.endCursor ?? null });
    const [sale] = next.ledger?.edges ?? [];
    expect(sale?.node).toMatchObject({ kind: 'SALE', net: { amount: '41.65' }, sale: { orderNumber: expect.stringMatching(/^GE-/) as string } });
    expect(Date.parse(sale?.node.availableAt ?? '') - Date.parse(sale?.node.at ?? '')).toBe(14 * DAY_MS);
    expect(await http.data(LedgerOfDocument, { currency: 'EUR' })).toMatchObject({ ledger: { totalCount: 1 } });
    expect(await http.data(LedgerOfDocument, { currency: 'XXZ' })).toMatchObject({ ledger: { totalCount: 0 } });

    const [pending, available, nothing] = [{ amount: '41.65' }, { amount: '46.75' }, { amount: '0.00' }];
    expect(await http.data(EarningsOfDocument)).toMatchObject({ earnings: [
      { currency: 'EUR', pending, available: nothing, paidOut: nothing, lifetimeGross: { amount: '49.00' }, lifetimePlatformFee: { amount: '7.35' } },
      { currency: 'USD', pending: available, available: nothing },
    ] });
    await world.shiftClock(15 * DAY_MS);
    expect(await http.data(EarningsOfDocument)).toMatchObject({ earnings: [{ pending: nothing, available: pending }, { pending: nothing, available }] });
    await world.shiftClock(-15 * DAY_MS);
  });

  it('each day of a period tells what was sold, quiet days too', async () => {
    const { http } = shop.provider;
    const { salesByDay } = await http.data(SalesByDayOfDocument, { from: today(-2 * DAY_MS), to: today(DAY_MS), currency: 'EUR' });
    expect(salesByDay).toHaveLength(4);
    expect(salesByDay?.filter(({ orders }) => orders > 0)).toEqual([{ date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string, orders: 2, gross: { amount: '49.00' }, net: { amount: '41.65' }, refunds: { amount: '0.00' } }]);
    for (const period of [{ from: today(DAY_MS), to: today() }, { from: '2020-01-01', to: '2021-01-01' }, { from: '2026-02-30', to: '2026-03-01' }]) {
      expect((await http.send(SalesByDayOfDocument, { ...period, currency: 'EUR' })).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    }
  });

  it('what is taken back is negative, and part of its sale', async () => {
    const { http } = shop.provider;
    const [orderId = ''] = orderIds;
    expect((await shop.admin.http.data(RefundOrderDocument, { orderId, reason: 'Goodwill', amount: { amount: '20.00', currency: 'EUR' } })).refundOrder.userErrors).toEqual([]);
    await untilStatus(orderId, 'PARTIALLY_REFUNDED');
    const [payment] = await world.sandbox.payments(orderId);
    await world.sandbox.dispute(payment?.paymentId ?? ''); // of what is left
    await untilStatus(orderId, 'REFUNDED');
    const { ledger } = await http.data(LedgerOfDocument, { currency: 'EUR' });
    expect(ledger?.edges.map(({ node }) => [node.kind, node.gross.amount, node.platformFee.amount, node.net.amount])).toEqual([
      ['DISPUTE', '-29.00', '-4.35', '-24.65'], ['REFUND', '-20.00', '-3.00', '-17.00'], ['SALE', '49.00', '7.35', '41.65'],
    ]);
    expect((await http.data(ProviderSalesOfDocument)).providerSales?.edges.at(-1)?.node).toMatchObject({ gross: { amount: '49.00' }, refunded: { amount: '49.00' } });
  });
});

const untilStatus = (id: string, status: string) => waitFor(async () => (await shop.admin.http.data(OrderByIdDocument, { id })).order?.status === status, { withinMs: 15_000, what: `the order to be ${status}` });
