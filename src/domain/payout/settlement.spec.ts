import fc from 'fast-check';
import type { JournalEntryId, PayoutId, TenantId } from '../ids';
import { money } from '../money';
import type { CurrencyCode } from '../money';
import { bookPayout, putBack } from './bookings';
import { settle } from './settlement';
import type { Quote } from './settlement';
import { partsOf, statementCsv } from './statement';
import type { StatementLine } from './statement';

const NOW = new Date('2026-03-01T00:00:00Z');
const ASKED = new Date('2026-02-28T23:59:00Z');
const RATES: Readonly<Record<string, string>> = { USD: '0.92378752', JPY: '0.00611958', KWD: '3.00796631' };
const quotes = new Map(Object.entries(RATES).map(([currency, rate]): [CurrencyCode, Quote] => [currency as CurrencyCode, { rate, asOf: ASKED }]));
const EUR = 'EUR' as CurrencyCode;
const terms = { currency: EUR, quotes, minimumMinor: 5_000n, now: NOW };
const of = (minor: number | bigint, currency = 'EUR') => money(BigInt(minor), currency as CurrencyCode);

describe('given balances', () => {
  it.each([
    ['50.00 in the account’s currency', [of(5_000)], 5_000],
    ['a cent less', [of(4_999)], null],
    ['two currencies', [of(84_150), of(4_675, 'USD')], 88_469],
    ['a negative one that nets off', [of(-1_000), of(100_00, 'USD')], 8_238],
    ['a negative one that leaves too little', [of(-5_000), of(100_00, 'USD')], null],
    ['only negative ones', [of(-5_000)], null],
    ['none', [], null],
    ['yen and dinars', [of(10_000, 'JPY'), of(20_000, 'KWD')], 6_120 + 6_016],
  ] as const)('%s', (_what, balances, expected) => {
    expect(settle(balances, terms)?.amount.amountMinor ?? null).toEqual(expected === null ? null : BigInt(expected));
  });

  it('one without a quote is carried, and stops the payout where it is negative', () => {
    expect(settle([of(9_000), of(500, 'GBP')], terms)).toMatchObject({ amount: of(9_000), sources: [{ balance: of(9_000) }] });
    expect(settle([of(9_000), of(-500, 'GBP')], terms)).toBeNull();
  });

  it('each source has its locked, dated rate; its own currency is worth itself', () => {
    expect(settle([of(5_000), of(4_675, 'USD')], terms)?.sources).toMatchObject([
      { rate: '1', rateAsOf: NOW, converted: of(5_000), residue: of(0) }, { rate: '0.92378752', rateAsOf: ASKED, converted: of(4_319), residue: of(0, 'USD') },
    ]);
  });
});

const lines = fc.array(fc.record({ currency: fc.constantFrom('EUR', 'USD', 'JPY', 'KWD'), minor: fc.bigInt(-100_000n, 1_000_000n) }), { minLength: 1, maxLength: 40 });
const payoutIdsOf = { id: 'payout-1' as PayoutId, providerTenantId: 'provider-1' as TenantId };

/** Given any earnings and reversals in four currencies that come to a payout. */
function forEveryPayout(check: (payout: Parameters<typeof bookPayout>[0], entries: readonly StatementLine[]) => void): void {
  fc.assert(fc.property(lines, (drawn) => {
    const entries = drawn.map(({ currency, minor }, index): StatementLine => ({
      entryId: `entry-${index}`, at: NOW, kind: minor < 0n ? 'REFUND' : 'SALE', orderNumber: 'GE-1', gross: of(minor, currency), fee: of(0, currency), net: of(minor, currency),
    }));
    const sumIn = (currency: string) => of(entries.filter(({ net }) => net.currency === currency).reduce((sum, { net }) => sum + net.amountMinor, 0n), currency);
    const settlement = settle([...new Set(entries.map(({ net }) => net.currency))].map(sumIn), terms);
    if (settlement) check({ ...payoutIdsOf, ...settlement }, entries.filter(({ net }) => settlement.sources.some(({ balance }) => balance.currency === net.currency)));
  }), { numRuns: 300 });
}

it('whatever was earned, the statement’s parts add up to each source and to the payout, to the minor unit', () => {
  forEveryPayout((payout, entries) => {
    const parts = partsOf(payout, entries);
    expect(parts.reduce((sum, { paid }) => sum + paid.amountMinor, 0n)).toBe(payout.amount.amountMinor);
    for (const { balance, converted } of payout.sources) {
      const own = parts.filter(({ net }) => net.currency === balance.currency);
      expect(own.reduce((sum, { paid }) => sum + paid.amountMinor, 0n)).toBe(converted.amountMinor);
    }
    const csv = statementCsv(payout, entries).trimEnd().split('\r\n');
    expect(csv).toHaveLength(entries.length + 2);
  });
});

it('whatever was earned, each booking sums to zero, takes exactly the sources off what is owed, and is put back whole', () => {
  forEveryPayout((payout) => {
    let ids = 0;
    const newId = () => `booking-${ids++}` as JournalEntryId;
    const [booked, back] = [bookPayout(payout, NOW, newId), putBack(payout, NOW, newId)];
    for (const { postings } of booked) expect(postings.reduce((sum, { amount }) => sum + amount.amountMinor, 0n)).toBe(0n);
    const net = (entries: typeof booked, currency: string) => entries.filter((entry) => entry.net.currency === currency).reduce((sum, entry) => sum + entry.net.amountMinor, 0n);
    for (const { balance } of payout.sources) {
      expect(net(booked, balance.currency)).toBe(-balance.amountMinor);
      expect(net(back, balance.currency)).toBe(balance.amountMinor);
    }
    const moved = booked.flatMap(({ postings }) => postings).filter(({ account }) => account === 'payout_clearing');
    expect(moved).toEqual([{ account: 'payout_clearing', amount: of(-payout.amount.amountMinor) }]);
  });
});
