import type { WitnessedPayment, WitnessedTransfer } from '../../support/sandbox-client';
import { dayOf } from '../plan/calendar';
import type { Fate } from '../plan/fate';
import type { Account } from '../reckoning/account';
import { begin } from '../reckoning/begin';
import { earningsOf } from '../reckoning/earnings';
import { noon } from '../reckoning/noon';
import { differences, strays } from './against-reckoning';
import { bookContradictions } from './books';
import type { Books } from './books';
import type { SeenSubscription } from './seen';
import { leftUnpaid } from './unpaid';

/* The checker itself: each of its statements is violated once, and it has to say so. */
const FATE: Fate = {
  index: 0, startsOn: dayOf(2031, 1, 31), rhythm: 'monthly', provider: 0, currency: 'EUR', quantity: 1, coupon: null, seated: false, answers: [['soft']], wishes: [],
};
const DAY = dayOf(2031, 3, 1);
const account: Account = noon(noon(begin(FATE), DAY - 1), DAY); // tried on its first day and on the next

const payment = (status: string, netAmountMinor = '1999', refunds: WitnessedPayment['refunds'] = []): WitnessedPayment =>
  ({ paymentId: status, idempotencyKey: status, status, netAmountMinor, currency: 'EUR', refunds });
const SEEN: SeenSubscription = {
  id: 'subscription', state: 'PAST_DUE', license: 'GRACE', period: 0, cancelling: false, periodStart: FATE.startsOn, periodEnd: DAY - 1, validUntil: DAY - 1,
  nextRetry: DAY + 2, graceEnd: DAY + 6, onTime: true,
  bills: [{ period: 0, orderId: 'first', status: 'FULFILLED', totalMinor: '1999' }, { period: 1, orderId: 'renewal', status: 'AWAITING_PAYMENT', totalMinor: '1999' }],
};
const CHARGES: Readonly<Record<string, readonly WitnessedPayment[]>> = { first: [payment('succeeded')], renewal: [payment('failed'), payment('failed')] };

function found(seen: Partial<SeenSubscription> = {}, charges: Partial<typeof CHARGES> = {}): string[] {
  const all = { ...CHARGES, ...charges };
  return differences(account, DAY, { ...SEEN, ...seen }, { of: (orderId) => all[orderId] ?? [] });
}

it('says nothing where all is as reckoned', () => {
  expect(found()).toEqual([]);
});

describe('a subscription', () => {
  it.each<[string, Partial<SeenSubscription>, RegExp]>([
    ['in another state', { state: 'ACTIVE' }, /state is ACTIVE instead of PAST_DUE/],
    ['with access that it should not have', { license: 'ACTIVE' }, /license is ACTIVE instead of GRACE/],
    ['a period too far', { period: 1 }, /period is 1 instead of 0/],
    ['that ends without having been cancelled', { cancelling: true }, /cancelling is true/],
    ['with another beginning', { periodStart: DAY }, /periodStart is 2031-03-01 instead of 2031-01-31/],
    ['whose short month stays', { periodEnd: DAY }, /periodEnd is 2031-03-01 instead of 2031-02-28/],
    ['valid beyond what is paid', { validUntil: DAY + 30 }, /validUntil is 2031-03-31 instead of 2031-02-28/],
    ['not tried again', { nextRetry: null }, /nextRetry is null instead of 2031-03-03/],
    ['with more grace', { graceEnd: DAY + 7 }, /graceEnd is 2031-03-08 instead of 2031-03-07/],
    ['that drifts within the day', { onTime: false }, /onTime is false/],
    ['without its renewal', { bills: SEEN.bills.slice(0, 1) }, /1 periods have orders instead of 2.*|period 1 has no order/],
    ['with one renewal too many', { bills: [...SEEN.bills, { period: 2, orderId: 'other', status: 'FULFILLED', totalMinor: '1999' }] }, /3 periods have orders instead of 2/],
    ['given up too early', { bills: [SEEN.bills[0]!, { ...SEEN.bills[1]!, status: 'FAILED' }] }, /order renewal: status is FAILED instead of AWAITING_PAYMENT/],
    ['at another price', { bills: [SEEN.bills[0]!, { ...SEEN.bills[1]!, totalMinor: '1998' }] }, /order renewal: total is 1998 instead of 1999/],
  ])('%s', (_, seen, says) => {
    expect(found(seen).join('\n')).toMatch(says);
  });

  it('that is gone', () => {
    expect(differences(account, DAY, undefined, { of: () => [] })).toEqual(['subscription 0 is not there']);
  });
});

describe('what billing did', () => {
  it.each<[string, Partial<typeof CHARGES>, RegExp]>([
    ['charged twice', { first: [payment('succeeded'), payment('succeeded')] }, /order first: charges is 2 instead of 1/],
    ['charged never', { first: [] }, /order first: charges is 0 instead of 1/],
    ['charged in the middle of dunning', { renewal: [...CHARGES['renewal']!, payment('succeeded')] }, /order renewal: charges is 1 instead of 0/],
    ['charged another amount', { first: [payment('succeeded', '2000')] }, /order first: money taken is 2000 instead of 1999/],
    ['asked once too often', { renewal: [...CHARGES['renewal']!, payment('failed')] }, /order renewal: declines is 3 instead of 2/],
    ['asked once too little', { renewal: [payment('failed')] }, /order renewal: declines is 1 instead of 2/],
    ['a page that nobody asked for', { renewal: [...CHARGES['renewal']!, payment('cancelled')] }, /order renewal: pages closed is 1 instead of 0/],
    ['a payment left open where all is paid', { first: [payment('succeeded'), payment('processing')] }, /order first: payments is 2 instead of 1/],
    ['money given back', { first: [payment('succeeded', '1999', [{ refundId: 'r', idempotencyKey: 'r', status: 'succeeded', netAmountMinor: '5', reason: 'x' }])] }, /order first: money back is 5 instead of 0/],
  ])('%s', (_, charges, says) => {
    expect(found({}, charges).join('\n')).toMatch(says);
  });
});

describe('the books', () => {
  const BOOKS: Books = {
    tipped: [], balances: [{ provider: 'provider', currency: 'EUR', earned: '1699', owed: '99', paidOut: '1600' }],
    payouts: [{ id: 'payout', status: 'PAID', amount: '1600', currency: 'EUR', converted: '1600' }],
  };
  const transfer: WitnessedTransfer = { transferId: 't', transferGroup: 'payout', idempotencyKey: 'payout', destination: 'a', tenantId: 'provider', amountMinor: '1600', currency: 'EUR' };
  const balance = (changed: Partial<Books['balances'][number]>): Partial<Books> => ({ balances: [{ ...BOOKS.balances[0]!, ...changed }] });
  const payout = (changed: Partial<Books['payouts'][number]>): Partial<Books> => ({ payouts: [{ ...BOOKS.payouts[0]!, ...changed }] });
  const of = (books: Partial<Books>, transfers: readonly WitnessedTransfer[] = [transfer]) => bookContradictions({ ...BOOKS, ...books }, earningsOf([account]), ['provider'], transfers);

  it('say nothing where all is as reckoned', () => {
    expect(of({})).toEqual([]);
  });

  it.each<[string, Partial<Books>, readonly WitnessedTransfer[] | undefined, RegExp]>([
    ['an entry that tips', { tipped: ['entry e tips'] }, undefined, /entry e tips/],
    ['earned a cent too much', balance({ earned: '1700', owed: '100' }), undefined, /provider 0 EUR: 1700 is earned instead of 1699/],
    ['earned nothing', { balances: [], payouts: [] }, [], /0 is earned instead of 1699/],
    ['earned in another currency', balance({ currency: 'USD' }), undefined, /provider 0 USD: 1699 is earned instead of 0/],
    ['owed a cent too little', balance({ owed: '98' }), undefined, /1600 paid out and 98 owed are not the 1699/],
    ['paid out a cent too much', balance({ paidOut: '1601' }), undefined, /1601 paid out and 99 owed are not the 1699/],
    ['a payout that is under way for ever', payout({ status: 'PROCESSING' }), undefined, /payout payout is PROCESSING/],
    ['a payout that is not its sources', payout({ converted: '1599' }), undefined, /its sources are worth 1599, not 1600/],
    ['nothing transferred', {}, [], /Stripe moved nothing/],
    ['transferred twice', {}, [transfer, transfer], /Stripe moved 1600 EUR, 1600 EUR/],
    ['another amount transferred', {}, [{ ...transfer, amountMinor: '1601' }], /Stripe moved 1601 EUR/],
    ['a transfer of nobody’s', {}, [transfer, { ...transfer, transferId: 'u', transferGroup: 'other' }], /no payout stands behind transfer u/],
  ])('%s', (_, books, transfers, says) => {
    expect(of(books, transfers).join('\n')).toMatch(says);
  });
});

it.each<[string, Parameters<typeof strays>, RegExp]>([
  ['a subscription that nobody began', [[SEEN], new Set(), ['first', 'renewal']], /nobody began subscription subscription/],
  ['a charge for no period', [[SEEN], new Set(['subscription']), ['first', 'renewal', 'other']], /billing was asked for other, which pays for no period/],
])('%s', (_, [seen, begun, charged], says) => {
  expect(strays(seen, begun, ['first', 'renewal'])).toHaveLength(begun.size === 0 ? 1 : 0);
  expect(strays(seen, begun, charged).join()).toMatch(says);
});

it('on a day of payouts nobody who is owed the minimum is left out', async () => {
  const worth = (minor: string, from: string) => Promise.resolve(Number(minor) * (from === 'USD' ? 0.9 : 1));
  const left = (balances: Readonly<Record<string, string>>) => leftUnpaid([{ provider: 'provider', account: 'EUR', balances }], worth);
  expect(await left({ EUR: '4000', USD: '1000' })).toEqual([]);
  expect(await left({ EUR: '9000', USD: '-8000' })).toEqual([]);
  expect(await left({ EUR: '4500', USD: '1000' })).toEqual([expect.stringMatching(/was not paid about 5400 EUR/)]);
});
