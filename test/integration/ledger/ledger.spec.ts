import { v7 } from 'uuid';
import { WORKER } from '../../../src/application/actor';
import type { AuthenticatedUser } from '../../../src/application/actor';
import { RevenueBooks } from '../../../src/application/ledger/revenue-books';
import type { LineRefund } from '../../../src/application/ports/earnings';
import type { OrderId, OrderLineId, RefundId, TenantId } from '../../../src/domain/ids';
import { money } from '../../../src/domain/money';
import type { CurrencyCode } from '../../../src/domain/money';
import { PostgresEarningsReader } from '../../../src/infrastructure/postgres/earnings-reader';
import { PostgresLedgerStore } from '../../../src/infrastructure/postgres/ledger-store';
import { PostgresOrderStore } from '../../../src/infrastructure/postgres/order-store';
import { inside } from '../../../src/infrastructure/postgres/transaction';
import { aUser } from '../../support/listing-world';
import type { Offer } from '../../support/offers';
import { aKey, openPurchaseWorld } from '../../support/purchase-world';
import type { PurchaseWorld } from '../../support/purchase-world';
import { waitFor } from '../../support/wait';

let world: PurchaseWorld;
beforeAll(async () => { world = await openPurchaseWorld({ replicas: 2 }); });
afterAll(() => world.close());

const EUR = 'EUR' as CurrencyCode;
const eur = (minor: number) => money(BigInt(minor), EUR);
const DAY_MS = 24 * 60 * 60 * 1_000;
const REFUSED = '42501';
const VIOLATED = '23514';
const reader = new PostgresEarningsReader();
const orders = new PostgresOrderStore();

/** A fulfilled order for one unit, with nobody to enroll. */
async function sell(offer: Offer, buyer = aUser('buyer'), quantity = 1): Promise<OrderId> {
  const placed = await world.replica.orders.placeOrder(buyer, { idempotencyKey: aKey(), lines: [{ pricingPlanId: offer.planId, quantity, learnerIds: [] }], currency: 'EUR' });
  if (!placed.ok) throw new Error(JSON.stringify(placed.errors));
  const [order] = await world.sql<{ total: string }>('select total_minor::text as total from marketplace.orders where id = $1', [placed.value]);
  if (order?.total === '0') return placed.value;
  await waitFor(async () => (await world.sql('select 1 from marketplace.payment where order_id = $1', [placed.value])).length === 1, { withinMs: 10_000, what: 'billing’s answer' });
  await world.replica.billing.take([world.playedBilling.succeeded(placed.value, order?.total)]);
  return placed.value;
}
const entriesOf = (orderId: string) => world.sql(`select id, kind, gross_minor::int as gross, fee_minor::int as fee, net_minor::int as net,
  (extract(epoch from available_at - at) / 86400)::int as days from marketplace.journal_entry where order_id = $1 order by at, id`, [orderId]);
const accountsOf = async (orderId: string) => Object.fromEntries((await world.sql<{ account: string; amount: number }>(
  `select account, sum(amount_minor)::int as amount from marketplace.journal_posting where order_id = $1 group by account having sum(amount_minor) <> 0`, [orderId])).map(({ account, amount }) => [account, amount]));
const saleOf = async (orderId: string) => (await world.sql<{ id: OrderLineId; order_status: string; fulfilled: boolean; gross: number; fee: number }>(
  'select id, order_status, fulfilled_at is not null as fulfilled, gross_minor::int as gross, fee_minor::int as fee from marketplace.provider_sale where order_id = $1', [orderId]))[0]!;
const eventsOf = (lineId: string) => world.sql<{ type: string; tenant_id: string; data: Record<string, unknown> }>('select type, tenant_id, data from marketplace.outbox where aggregate_id = $1 order by aggregate_version', [lineId]);
const providerOf = (offer: Offer): AuthenticatedUser => ({ ...aUser('provider'), tenantId: offer.providerTenantId });
const balanceOf = async (offer: Offer) => {
  const [balance] = await world.replica.unitOfWork.run(providerOf(offer), (tx) => reader.balances(tx, offer.providerTenantId));
  return balance && Object.fromEntries(Object.entries(balance).map(([name, { amountMinor }]) => [name, Number(amountMinor)]));
};

/** Books what a refund that has settled means; each is a refund of its own. */
async function refund(orderId: OrderId, refundedSoFar: number | null, { excess = 0, kind = 'REFUND', replica = 0 }: { excess?: number; kind?: 'REFUND' | 'DISPUTE'; replica?: number } = {}) {
  const id = v7() as RefundId;
  await world.sql(`insert into marketplace.refund (id, payment_id, order_id, tenant_id, buyer_id, kind, initiated_by, status, amount_minor, currency, requested_at)
    select $1, payment_id, order_id, tenant_id, buyer_id, 'UNASKED', 'BILLING', 'FAILED', 1, currency, now() from marketplace.payment where order_id = $2`, [id, orderId]);
  const lineId = (await saleOf(orderId)).id;
  const lines: LineRefund[] = refundedSoFar === null ? [] : [{ lineId, refundedSoFar: eur(refundedSoFar) }];
  const { unitOfWork, books, outbox } = world.replicas[replica]!;
  await unitOfWork.run(WORKER, async (tx) => {
    const { order } = await orders.withLines(tx, orderId);
    await outbox.append(tx, await books.reverse(tx, order, { id, kind, lines, excess: eur(excess) }), orderId);
  }, { commit: 'consume.billing' });
}

describe('a sale', () => {
  it('is the provider’s from the moment it is ordered, and follows the order', async () => {
    const offer = await world.offer();
    const placed = await world.replica.orders.placeOrder(aUser('buyer'), { idempotencyKey: aKey(), lines: [{ pricingPlanId: offer.planId, quantity: 1 }], currency: 'EUR' });
    const id = placed.ok ? placed.value : '';
    expect(await saleOf(id)).toMatchObject({ order_status: 'AWAITING_PAYMENT', fulfilled: false, gross: 4_900, fee: 735 });
    expect(await entriesOf(id)).toEqual([]);
  });

  it('is booked and told on fulfilment: 15 % to the platform, the rest owed to the provider, pending until the refund deadline', async () => {
    const offer = await world.offer();
    const id = await sell(offer);
    expect(await entriesOf(id)).toMatchObject([{ kind: 'SALE', gross: 4_900, fee: 735, net: 4_165, days: 14 }]);
    expect(await accountsOf(id)).toEqual({ buyer_clearing: 4_900, provider_payable: -4_165, platform_revenue: -735 });
    const sale = await saleOf(id);
    expect(sale).toMatchObject({ order_status: 'FULFILLED', fulfilled: true });
    expect(await eventsOf(sale.id)).toMatchObject([{
      type: 'marketplace.earning.accrued.v1', tenant_id: offer.providerTenantId,
      data: { orderId: id, lineId: sale.id, providerTenantId: offer.providerTenantId, gross: { amountMinor: '4900', currency: 'EUR' }, platformFee: { amountMinor: '735' }, net: { amountMinor: '4165' } },
    }]);
    expect(await balanceOf(offer)).toEqual({ pending: 4_165, available: 0, paidOut: 0, lifetimeGross: 4_900, lifetimePlatformFee: 735 });
    await world.shiftClock(14 * DAY_MS + 60_000);
    expect(await balanceOf(offer)).toMatchObject({ pending: 0, available: 4_165 });
    await world.shiftClock(-14 * DAY_MS - 60_000);
  });

  it('for nothing books nothing, and is a sale all the same', async () => {
    const offer = await world.offer({ prices: { EUR: 0 } });
    const id = await sell(offer);
    expect(await saleOf(id)).toMatchObject({ order_status: 'FULFILLED', fulfilled: true, gross: 0, fee: 0 });
    expect(await entriesOf(id)).toEqual([]);
    expect(await balanceOf(offer)).toBeUndefined();
  });

  it('that the platform gives away is owed by the platform, booked and told in the buyer’s own transaction', async () => {
    const offer = await world.offer({ prices: { EUR: 0 } });
    const buyer = aUser('buyer');
    const id = await sell(offer, buyer);
    const { unitOfWork, outbox } = world.replica;
    const books = new RevenueBooks(new PostgresLedgerStore(), { feeBasisPoints: 1_500 });
    await unitOfWork.run(buyer, async (tx) => {
      const { order, lines } = await orders.withLines(tx, id);
      const given = lines.map((line) => ({ ...line, subtotal: eur(4_900), discount: eur(4_900), platformDiscount: eur(4_900) }));
      await outbox.append(tx, await books.accrue(tx, order, given, tx.now), id);
    }, { commit: 'order.place' });
    expect(await accountsOf(id)).toEqual({ platform_promotions: 4_900, provider_payable: -4_165, platform_revenue: -735 });
    expect(await eventsOf((await saleOf(id)).id)).toMatchObject([{ type: 'marketplace.earning.accrued.v1', tenant_id: offer.providerTenantId }]);
  });
});

describe('a refund', () => {
  it('in steps reverses in proportion, and exactly the sale in the end', async () => {
    const offer = await world.offer({ prices: { EUR: 100 } });
    const id = await sell(offer);
    for (let soFar = 10; soFar <= 100; soFar += 10) await refund(id, soFar);
    const [sale, ...reversals] = await entriesOf(id);
    expect(reversals.map(({ kind, gross, fee, days }) => [kind, gross, fee, days])).toEqual([2, 1, 2, 1, 2, 1, 2, 1, 2, 1].map((fee) => ['REFUND', -10, -fee, expect.any(Number) as number]));
    expect(sale).toMatchObject({ gross: 100, fee: 15 });
    expect(await accountsOf(id)).toEqual({});
    const events = await eventsOf((await saleOf(id)).id);
    expect(events.map(({ type }) => type)).toEqual(['marketplace.earning.accrued.v1', ...Array.from({ length: 10 }, () => 'marketplace.earning.reversed.v1')]);
    expect(events[1]?.data).toMatchObject({ gross: { amountMinor: '-10' }, platformFee: { amountMinor: '-2' }, net: { amountMinor: '-8' }, availableAt: events[0]?.data['availableAt'] });
    expect(await balanceOf(offer)).toEqual({ pending: 0, available: 0, paidOut: 0, lifetimeGross: 0, lifetimePlatformFee: 0 });
  });

  it('told again books nothing; beyond what was paid it is the platform’s loss, once', async () => {
    const offer = await world.offer();
    const id = await sell(offer);
    await refund(id, 4_900, { kind: 'DISPUTE', excess: 300 });
    await refund(id, 4_900);
    expect((await entriesOf(id)).map(({ kind, net }) => [kind, net]).sort()).toEqual([['DISPUTE', -4_165], ['DISPUTE', 0], ['SALE', 4_165]]);
    expect(await accountsOf(id)).toEqual({ buyer_clearing: -300, dispute_losses: 300 });
  });

  it('of an order that was never fulfilled has nothing to reverse', async () => {
    const { planId } = await world.offer();
    const placed = await world.replica.orders.placeOrder(aUser('buyer'), { idempotencyKey: aKey(), lines: [{ pricingPlanId: planId, quantity: 1 }], currency: 'EUR' });
    if (!placed.ok) throw new Error(JSON.stringify(placed.errors));
    await waitFor(async () => (await world.sql('select 1 from marketplace.payment where order_id = $1', [placed.value])).length === 1, { withinMs: 10_000, what: 'billing’s answer' });
    await refund(placed.value, 4_900);
    expect(await entriesOf(placed.value)).toEqual([]);
  });

  it('after the deadline takes from what is available; an open one holds the order’s earnings', async () => {
    const offer = await world.offer();
    const [kept, returned] = [await sell(offer), await sell(offer)];
    await world.shiftClock(15 * DAY_MS);
    await refund(returned, 2_450, { kind: 'DISPUTE' });
    expect(await balanceOf(offer)).toEqual({ pending: 0, available: 4_165 + 4_165 - 2_082, paidOut: 0, lifetimeGross: 7_350, lifetimePlatformFee: 1_102 });
    await world.sql(`update marketplace.orders set status = 'REFUND_PENDING', version = version + 1 where id = $1`, [kept]);
    expect(await balanceOf(offer)).toMatchObject({ pending: 4_165, available: 2_083 });
    await world.shiftClock(-15 * DAY_MS);
  });

  /* Mutation: without the lock of the lines (ledger-store, LOCK_LINES) several book the difference to the same sum, and more than the sale is reversed. */
  it('twenty at once through two replicas: each difference is booked once', async () => {
    const id = await sell(await world.offer({ prices: { EUR: 2_000 } }));
    await Promise.all(Array.from({ length: 20 }, (_, i) => refund(id, 100 * (i + 1), { replica: i % 2 })));
    expect(await accountsOf(id)).toEqual({});
    expect((await entriesOf(id)).reduce((sum, { gross }) => sum + Number(gross), 0)).toBe(0);
  });
});

describe('the database', () => {
  let saleId: string;
  let entryId: string;
  let orderId: OrderId;
  beforeAll(async () => {
    orderId = await sell(await world.offer());
    entryId = String((await entriesOf(orderId))[0]?.['id']);
    saleId = (await saleOf(orderId)).id;
  });

  it.each([
    ['an entry is changed', () => world.sql('update marketplace.journal_entry set gross_minor = gross_minor where id = $1', [entryId])],
    ['an entry is deleted', () => world.sql('delete from marketplace.journal_entry where id = $1', [entryId])],
    ['a posting is changed', () => world.sql('update marketplace.journal_posting set amount_minor = 1 where entry_id = $1', [entryId])],
    ['a posting is deleted', () => world.sql('delete from marketplace.journal_posting where entry_id = $1', [entryId])],
    ['everything is emptied', () => world.sql('truncate marketplace.journal_entry, marketplace.journal_posting cascade')],
  ])('refuses, even its superuser, that %s', async (_, change) => {
    await expect(change()).rejects.toThrow(/only ever added to/);
  });

  const book = (postings: readonly (readonly [string, number])[], net = 0) => world.replica.unitOfWork.run(WORKER, async (tx) => {
    const id = v7();
    await inside(tx).query(`insert into marketplace.journal_entry (id, kind, provider_tenant_id, order_id, order_line_id, refund_id, currency, gross_minor, fee_minor, net_minor, at, available_at)
      select $1, 'REFUND', provider_tenant_id, order_id, id, $2, 'EUR', $3, 0, $3, now(), now() from marketplace.provider_sale where id = $4`, [id, await aRefund(tx), net, saleId]);
    for (const [position, [account, amount]] of postings.entries()) {
      await inside(tx).query(`insert into marketplace.journal_posting (entry_id, position, account, currency, amount_minor) values ($1, $2, $3, 'EUR', $4)`, [id, position, account, amount]);
    }
  }, { commit: 'consume.billing' });
  async function aRefund(tx: Parameters<typeof inside>[0]): Promise<string> {
    const [row] = await inside(tx).query<{ id: string }>(`insert into marketplace.refund (id, payment_id, order_id, tenant_id, buyer_id, kind, initiated_by, status, amount_minor, currency, requested_at)
      select $1, payment_id, order_id, tenant_id, buyer_id, 'UNASKED', 'BILLING', 'FAILED', 1, currency, now() from marketplace.payment where order_id = $2 returning id`, [v7(), orderId]);
    return row!.id;
  }

  it.each([
    ['does not sum to zero', [['buyer_clearing', -100], ['provider_payable', 99]], -99],
    ['has no postings', [], 0],
    ['gives its provider another net than is posted', [['buyer_clearing', -100], ['provider_payable', 100]], -85],
  ] as const)('refuses the commit of an entry that %s', async (_, postings, net) => {
    await expect(book(postings, net)).rejects.toMatchObject({ code: VIOLATED });
    await expect(book([['buyer_clearing', -100], ['provider_payable', 85], ['platform_revenue', 15]], -85)).resolves.toBeUndefined();
  });

  it('refuses a later posting that tips an entry that was balanced', async () => {
    await expect(world.sql(`insert into marketplace.journal_posting (entry_id, position, account, currency, amount_minor) values ($1, 9, 'platform_revenue', 'EUR', 1)`, [entryId]))
      .rejects.toMatchObject({ code: VIOLATED });
  });

  it('lets a sale be booked once', async () => {
    await expect(world.replica.unitOfWork.run(WORKER, async (tx) => {
      const { order, lines } = await orders.withLines(tx, orderId);
      await world.replica.books.accrue(tx, order, lines, tx.now);
    }, { commit: 'consume.enrollment' })).rejects.toMatchObject({ constraint: 'journal_entry_sale' });
  });

  it('lets no buyer book on an order that was paid, nor see what anybody earns by it', async () => {
    const buyer = aUser('buyer');
    const id = await sell(await world.offer(), buyer);
    await expect(world.replica.unitOfWork.run(buyer, async (tx) => {
      const { order, lines } = await orders.withLines(tx, id);
      await world.replica.books.accrue(tx, order, lines, tx.now);
    }, { commit: 'order.place' })).rejects.toMatchObject({ code: REFUSED });
    const { id: lineId } = await saleOf(id);
    expect(await world.replica.unitOfWork.run(buyer, (tx) => reader.salesByIds(tx, [lineId]))).toEqual([]);
  });
});

describe('reading', () => {
  it('pages through sales and bookings, newest first, of one provider only', async () => {
    const offer = await world.offer();
    const provider = providerOf(offer);
    const ids = [await sell(offer), await sell(offer), await sell(offer)];
    const filter = { providerTenantId: offer.providerTenantId };
    const read = <T>(work: (tx: Parameters<typeof inside>[0]) => Promise<T>, as = provider) => world.replica.unitOfWork.run(as, work);
    const first = await read((tx) => reader.salePage(tx, filter, { first: 2, after: null }));
    const rest = await read((tx) => reader.salePage(tx, filter, { first: 2, after: first.cursors.at(-1) ?? null }));
    expect([...first.nodes, ...rest.nodes].map(({ orderId }) => orderId)).toEqual(ids.toReversed());
    expect([first.hasNextPage, rest.hasNextPage]).toEqual([true, false]);
    expect(await read((tx) => reader.saleCount(tx, { ...filter, placedBefore: first.nodes[0]!.placedAt }))).toBe(2);
    const entries = await read((tx) => reader.entryPage(tx, { ...filter, currency: EUR }, { first: 10, after: null }));
    expect(entries.nodes.map(({ earning }) => earning?.lineId)).toEqual([...first.nodes, ...rest.nodes].map(({ id }) => id));
    expect(await read((tx) => reader.entryCount(tx, { ...filter, currency: 'USD' as CurrencyCode }))).toBe(0);
    const stranger: AuthenticatedUser = { ...aUser('provider'), tenantId: v7() as TenantId };
    expect(await read((tx) => reader.salePage(tx, filter, { first: 2, after: null }), stranger)).toMatchObject({ nodes: [] });
    expect(await read((tx) => reader.balances(tx, offer.providerTenantId), stranger)).toEqual([]);
  });

  it('adds up each day of a period, quiet ones too', async () => {
    const offer = await world.offer();
    const today = await sell(offer, aUser('buyer'), 2);
    await world.shiftClock(2 * DAY_MS);
    await refund(today, 4_900);
    const [{ from, to } = { from: '', to: '' }] = await world.sql<{ from: string; to: string }>(`select to_char(marketplace.clock() - interval '2 days', 'YYYY-MM-DD') as from, to_char(marketplace.clock(), 'YYYY-MM-DD') as to`);
    const points = await world.replica.unitOfWork.run(providerOf(offer), (tx) => reader.salesByDay(tx, { providerTenantId: offer.providerTenantId, currency: EUR, from, to }));
    expect(points.map(({ orders: count, gross, net, refunds }) => [count, ...[gross, net, refunds].map(({ amountMinor }) => Number(amountMinor))])).toEqual([
      [1, 9_800, 8_330, 0], [0, 0, 0, 0], [0, 0, 0, 4_900],
    ]);
    expect([points[0]?.date, points.at(-1)?.date]).toEqual([from, to]);
    await world.shiftClock(-2 * DAY_MS);
  });
});
