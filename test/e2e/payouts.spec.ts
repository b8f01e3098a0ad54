import type { Behaviour } from '../support/sandbox-client';
import { outcomeOf } from '../support/outcome';
import { openShop, person, place } from '../support/shop';
import type { Person, Shop } from '../support/shop';
import { waitFor } from '../support/wait';
import { startWorld } from '../support/world';
import type { World } from '../support/world';
import {
  CreatePayoutOnboardingLinkDocument, EarningsOfDocument, LedgerWithPayoutsDocument, PayoutAccountOfDocument, PayoutByIdDocument, PayoutsOfDocument, RefundOrderDocument,
  RunPayoutsDocument,
} from './operations/generated';

/* A provider's way to its money, through the supergraph; the sandbox's Stripe is the witness for what was moved. */
const DAY_MS = 24 * 60 * 60 * 1_000;
const PAGES = { returnUrl: 'https://provider.example.org/done', refreshUrl: 'https://provider.example.org/again' };

let world: World;
let shop: Shop;
beforeAll(async () => {
  // The monthly batch is off: here only an operator runs payouts.
  world = await startWorld({ env: { PAYOUT_DAY_OF_MONTH: '0', PAYOUT_POLL_MS: '200', SAGA_POLL_MS: '100' } });
  shop = await openShop({ url: world.supergraphUrl, sandbox: world.sandbox });
});
afterAll(() => world.stop());

const someone = (...roles: Parameters<typeof person>[1]) => person({ url: world.supergraphUrl, sandbox: world.sandbox }, roles);
const day = async (offset = 0) => (await world.sql<{ day: string }>(`select to_char((marketplace.clock() at time zone 'UTC')::date + $1::integer, 'YYYY-MM-DD') as day`, [offset]))[0]?.day ?? '';
const onboard = (who: Person, currency = 'EUR') => who.http.data(CreatePayoutOnboardingLinkDocument, { input: { currency, ...PAGES } });
const run = async (scheduledFor: string, who = shop.admin) => (await who.http.data(RunPayoutsDocument, { scheduledFor })).runPayouts;
const earnings = async () => Object.fromEntries(((await shop.provider.http.data(EarningsOfDocument)).earnings ?? []).map(({ currency, pending, available, paidOut }) =>
  [currency, { pending: pending.amount, available: available.amount, paidOut: paidOut.amount }]));
const payout = async (id: string, page = {}) => (await shop.provider.http.data(PayoutByIdDocument, { id, first: 50, ...page })).payout ?? fail(`payout ${id} is not there`);
const ends = (id: string, status: string) => waitFor(async () => { const found = await payout(id); return found.status === status && found; }, { withinMs: 60_000, what: `payout ${id} to be ${status}` });

function fail(what: string): never {
  throw new Error(what);
}

async function sell(plan: keyof Shop['plans'], currency = 'EUR'): Promise<string> {
  const buyer = await someone('buyer', 'org_admin');
  const orderId = await place(buyer, shop.plans[plan], { currency, ...(plan === 'single' ? {} : { learnerIds: [] }) });
  expect(await outcomeOf(world, buyer, orderId)).toMatchObject({ order: { status: 'FULFILLED' } });
  return orderId;
}

/** A sale that is past its refund deadline, and a run of payouts in which Stripe behaves like that. */
async function payUnder(behaviour: Behaviour) {
  await world.sandbox.behaviour(shop.provider.tid, behaviour);
  await sell('site');
  await world.shiftClock(15 * DAY_MS);
  const { payouts, userErrors } = await run(await day());
  expect(userErrors).toEqual([]);
  expect(payouts).toHaveLength(1);
  return payouts[0] ?? fail('no payout');
}

it('given whoever may not: nothing to see, and nothing to run', async () => {
  const buyer = await someone('buyer');
  expect(await buyer.http.data(PayoutsOfDocument)).toEqual({ payouts: null });
  expect(await buyer.http.data(PayoutAccountOfDocument)).toEqual({ payoutAccount: null });
  expect(await onboard(buyer)).toMatchObject({ createPayoutOnboardingLink: { url: null, account: null, userErrors: [{ code: 'FORBIDDEN' }] } });
  expect(await run(await day(), shop.provider)).toMatchObject({ payouts: [], userErrors: [{ code: 'FORBIDDEN' }] });
  expect(await onboard(shop.provider, 'KWD')).toMatchObject({ createPayoutOnboardingLink: { userErrors: [{ code: 'INVALID_INPUT', path: ['input', 'currency'] }] } });
  expect(await run(await day(40))).toMatchObject({ payouts: [], userErrors: [{ code: 'INVALID_INPUT', path: ['scheduledFor'] }] });
});

describe('given earnings in two currencies past their refund deadline', () => {
  let first: string;
  beforeAll(async () => {
    await sell('site');
    await sell('single', 'USD');
    await world.shiftClock(15 * DAY_MS);
  });

  it('without an account nobody is paid, and the operator is told', async () => {
    expect(await shop.provider.http.data(PayoutAccountOfDocument)).toEqual({ payoutAccount: null });
    expect(await run(await day())).toMatchObject({ payouts: [], userErrors: [{ code: 'PAYOUT_ACCOUNT_MISSING', params: [{ name: 'providers', value: '1' }] }] });
  });

  it('Stripe’s own page verifies the account, which is held while it is new', async () => {
    await world.sandbox.behaviour(shop.provider.tid, { stripeOnboarding: 'manual' });
    const { createPayoutOnboardingLink: { url, account, userErrors } } = await onboard(shop.provider);
    expect(userErrors).toEqual([]);
    expect(account).toMatchObject({ currency: 'EUR', payoutsEnabled: false, nextPayoutOn: expect.stringMatching(/^\d{4}-\d\d-01$/) as string });
    expect(Date.parse(account?.heldUntil ?? '')).toBeGreaterThan(Date.now());
    expect(await run(await day())).toMatchObject({ payouts: [], userErrors: [{ code: 'PAYOUT_ACCOUNT_MISSING' }] });

    expect((await fetch(url ?? '', { redirect: 'manual' })).headers.get('location')).toBe(PAGES.returnUrl);
    expect(await shop.provider.http.data(PayoutAccountOfDocument)).toMatchObject({ payoutAccount: { stripeAccountId: account?.stripeAccountId, payoutsEnabled: true } });
    expect(await onboard(shop.provider)).toMatchObject({ createPayoutOnboardingLink: { account: { stripeAccountId: account?.stripeAccountId } } });
    expect(await onboard(shop.provider, 'USD')).toMatchObject({ createPayoutOnboardingLink: { url: null, userErrors: [{ code: 'INVALID_INPUT' }] } });
    expect(await run(await day())).toEqual({ payouts: [], userErrors: [] });
    await world.shiftClock(8 * DAY_MS);
    expect(await shop.provider.http.data(PayoutAccountOfDocument)).toMatchObject({ payoutAccount: { heldUntil: null } });
  });

  it('identity is asked again at every payout', async () => {
    await world.sandbox.behaviour(shop.provider.tid, { kyc: 'rejected' });
    expect(await run(await day())).toMatchObject({ payouts: [], userErrors: [{ code: 'KYC_NOT_VERIFIED' }] });
    await world.sandbox.behaviour(shop.provider.tid, { kyc: null });
  });

  it('a run for tomorrow takes the money off the balance at once and transfers it tomorrow', async () => {
    const tomorrow = await day(1);
    const { payouts: [planned], userErrors } = await run(tomorrow);
    expect(userErrors).toEqual([]);
    expect(planned).toMatchObject({
      status: 'SCHEDULED', provider: { id: shop.provider.tid }, scheduledFor: tomorrow, paidAt: null, amount: { amount: '884.69', currency: 'EUR' },
      sources: [
        { balance: { amount: '841.50', currency: 'EUR' }, rate: '1', converted: { amount: '841.50', currency: 'EUR' } },
        { balance: { amount: '46.75', currency: 'USD' }, rate: '0.92378752', converted: { amount: '43.19', currency: 'EUR' } },
      ],
    });
    first = planned?.id ?? '';
    expect(await earnings()).toEqual({ EUR: { pending: '0.00', available: '0.00', paidOut: '841.50' }, USD: { pending: '0.00', available: '0.00', paidOut: '46.75' } });
    expect(await world.sandbox.transfers(first)).toEqual([]);
    await world.shiftClock(DAY_MS);
    expect(Date.parse((await ends(first, 'PAID')).paidAt ?? '')).toBeGreaterThan(Date.now());
    expect(await world.sandbox.transfers(first)).toMatchObject([{ idempotencyKey: first, transferGroup: first, amountMinor: '88469', currency: 'EUR', tenantId: shop.provider.tid }]);
    expect(await run(tomorrow)).toMatchObject({ payouts: [{ id: first, status: 'PAID' }], userErrors: [] });
  });

  it('its statement and its entries add up to the cent, and the ledger names it', async () => {
    const { statementCsv, entries, amount } = await payout(first, { first: 1 });
    const lines = statementCsv.trimEnd().split('\r\n').map((line) => line.split(','));
    const parts = lines.slice(1, -1).map((cells) => Math.round(Number(cells.at(-1)) * 100));
    expect(parts).toHaveLength(2);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(88_469);
    expect(lines.at(-1)?.at(-1)).toBe(amount.amount);
    expect(entries).toMatchObject({ totalCount: 2, pageInfo: { hasNextPage: true }, edges: [{ node: { kind: 'SALE', net: { amount: '841.50' }, payout: { id: first } } }] });
    const rest = await payout(first, { first: 1, after: entries.pageInfo.endCursor });
    expect(rest.entries).toMatchObject({ pageInfo: { hasNextPage: false, hasPreviousPage: true }, edges: [{ node: { net: { amount: '46.75', currency: 'USD' } } }] });

    const { ledger } = await shop.provider.http.data(LedgerWithPayoutsDocument);
    expect(ledger?.edges.map(({ node: { kind, net, payout: of } }) => [kind, net.amount, net.currency, of?.id === first]).sort()).toEqual([
      ['FX', '-46.75', 'USD', true], ['FX', '43.19', 'EUR', true], ['PAYOUT', '-884.69', 'EUR', true], ['SALE', '46.75', 'USD', true], ['SALE', '841.50', 'EUR', true],
    ]);
  });

  it('nobody else sees it but platform administrators', async () => {
    const [other, buyer] = [await someone('provider'), await someone('buyer')];
    for (const who of [other, buyer]) expect(await who.http.data(PayoutByIdDocument, { id: first })).toEqual({ payout: null });
    expect(await other.http.data(PayoutsOfDocument)).toMatchObject({ payouts: { totalCount: 0, edges: [] } });
    const { payouts } = await shop.admin.http.data(PayoutsOfDocument, { first: 1 });
    expect(payouts).toMatchObject({ totalCount: 1, edges: [{ node: { id: first } }], pageInfo: { hasNextPage: false } });
    expect(await shop.admin.http.data(PayoutsOfDocument, { first: 1, after: payouts?.pageInfo.endCursor ?? null })).toMatchObject({ payouts: { edges: [], pageInfo: { hasPreviousPage: true } } });
  });
});

describe('given Stripe', () => {
  it('refuses for good: FAILED, the money is back, and the next run of the day pays it', async () => {
    const { id, scheduledFor } = await payUnder({ transfer: 'refuse' });
    expect(await ends(id, 'FAILED')).toMatchObject({ failureMessage: 'The destination account cannot receive transfers.', paidAt: null });
    expect(await world.sandbox.transfers(id)).toEqual([]);
    expect(await earnings()).toMatchObject({ EUR: { available: '841.50', paidOut: '841.50' } });
    const { ledger } = await shop.provider.http.data(LedgerWithPayoutsDocument, { currency: 'EUR' });
    expect(ledger?.edges.map(({ node }) => node)).toEqual(expect.arrayContaining([{ kind: 'ADJUSTMENT', net: { amount: '841.50', currency: 'EUR' }, payout: { id, status: 'FAILED' } }]));
    await world.sandbox.behaviour(shop.provider.tid, { transfer: null });
    const { payouts } = await run(scheduledFor);
    expect(payouts.map((each) => each.id)).toEqual([id, expect.any(String)]);
    const again = payouts[1]?.id ?? '';
    expect(await ends(again, 'PAID')).toMatchObject({ amount: { amount: '841.50' } });
    expect(await world.sandbox.transfers(again)).toHaveLength(1);
  });

  it('answers 500 and saves it: PROCESSING until the key is forgotten, then paid once', async () => {
    const { id } = await payUnder({ transfer: 'error500' });
    await waitFor(async () => (await world.sql(`select 1 from marketplace.saga where correlation_id = $1 and attempt >= 3`, [id])).length > 0, { withinMs: 30_000, what: 'a few tries' });
    await world.sandbox.behaviour(shop.provider.tid, { transfer: null });
    const [before] = await world.sql<{ attempt: number }>('select attempt from marketplace.saga where correlation_id = $1', [id]);
    await waitFor(async () => (await world.sql('select 1 from marketplace.saga where correlation_id = $1 and attempt > $2', [id, before?.attempt])).length > 0, { withinMs: 30_000, what: 'a try that met the saved error' });
    expect(await payout(id)).toMatchObject({ status: 'PROCESSING' });
    expect(await world.sandbox.transfers(id)).toEqual([]);
    await world.sandbox.behaviour(shop.provider.tid, { stripeKeyKeptMs: 0 });
    await ends(id, 'PAID');
    expect(await world.sandbox.transfers(id)).toHaveLength(1);
    await world.sandbox.behaviour(shop.provider.tid, { stripeKeyKeptMs: null });
  });

  it.each(['error500_after_effect', 'timeout_after_effect'] as const)('takes effect but does not say so (%s): found by its transfer group, and never sent twice', async (transfer) => {
    const { id, amount } = await payUnder({ transfer, stripeKeyKeptMs: 0 });
    await ends(id, 'PAID');
    expect(await world.sandbox.transfers(id)).toMatchObject([{ amountMinor: amount.amount.replace('.', '') }]);
    await world.sandbox.behaviour(shop.provider.tid, { transfer: null, stripeKeyKeptMs: null });
  });

  it('is asked too often: later', async () => {
    const { id } = await payUnder({ transfer: 'rate_limited' });
    await waitFor(async () => (await world.sql(`select 1 from marketplace.saga where correlation_id = $1 and attempt >= 2`, [id])).length > 0, { withinMs: 30_000, what: 'a second try' });
    expect(await payout(id)).toMatchObject({ status: 'PROCESSING', failureMessage: null });
    await world.sandbox.behaviour(shop.provider.tid, { transfer: null });
    await ends(id, 'PAID');
    expect(await world.sandbox.transfers(id)).toHaveLength(1);
  });
});

it('given a refund after the payout: a negative balance is carried, and nets off what is earned next', async () => {
  const orderId = await sell('pack');
  await world.shiftClock(15 * DAY_MS);
  const { payouts: [paid] } = await run(await day());
  await ends(paid?.id ?? '', 'PAID');
  const { refundOrder } = await shop.admin.http.data(RefundOrderDocument, { orderId, reason: 'By mistake' });
  expect(refundOrder.userErrors).toEqual([]);
  await waitFor(async () => (await earnings()).EUR?.available === '-85.00', { withinMs: 30_000, what: 'the reversal' });
  await world.shiftClock(DAY_MS);
  expect(await run(await day())).toEqual({ payouts: [], userErrors: [] });

  await sell('pack');
  await world.shiftClock(15 * DAY_MS);
  expect(await run(await day())).toEqual({ payouts: [], userErrors: [] });
  await sell('site');
  await world.shiftClock(15 * DAY_MS);
  const { payouts: [next] } = await run(await day());
  expect(next).toMatchObject({ amount: { amount: '841.50' } });
  expect((await ends(next?.id ?? '', 'PAID')).entries).toMatchObject({ totalCount: 3 });
  expect(await earnings()).toMatchObject({ EUR: { pending: '0.00', available: '0.00' } });
});
