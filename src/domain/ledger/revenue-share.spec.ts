import * as fc from 'fast-check';
import { money } from '../money';
import type { CurrencyCode } from '../money';
import { reversedBy, shareOf } from './revenue-share';

const EUR = 'EUR' as CurrencyCode;
const eur = (minor: number | bigint) => money(BigInt(minor), EUR);
const FIFTEEN_PERCENT = 1_500;

/** Subtotal, what the provider gives off, what the platform gives off. */
const share = (subtotal: number, byProvider = 0, byPlatform = 0, basisPoints = FIFTEEN_PERCENT) =>
  shareOf({ subtotal: eur(subtotal), discount: eur(byProvider + byPlatform), total: eur(subtotal - byProvider - byPlatform), platformDiscount: eur(byPlatform) }, basisPoints);

describe('a line’s revenue is shared', () => {
  it.each([
    ['89.99 after the provider’s own coupon', share(9_999, 1_000), { gross: 8_999n, fee: 1_350n, net: 7_649n, paid: 8_999n, platformFunded: 0n }],
    ['99.99 with 10.00 off by the platform, which does not touch the provider', share(9_999, 0, 1_000), { gross: 9_999n, fee: 1_500n, net: 8_499n, paid: 8_999n, platformFunded: 1_000n }],
    ['both give something off', share(10_000, 1_000, 500), { gross: 9_000n, fee: 1_350n, net: 7_650n, paid: 8_500n, platformFunded: 500n }],
    ['half a cent of fee is rounded up', share(10), { gross: 10n, fee: 2n, net: 8n, paid: 10n, platformFunded: 0n }],
    ['everything off by the platform', share(4_900, 0, 4_900), { gross: 4_900n, fee: 735n, net: 4_165n, paid: 0n, platformFunded: 4_900n }],
    ['free', share(0), { gross: 0n, fee: 0n, net: 0n, paid: 0n, platformFunded: 0n }],
    ['12.5 % instead', share(10_000, 0, 0, 1_250), { gross: 10_000n, fee: 1_250n, net: 8_750n, paid: 10_000n, platformFunded: 0n }],
  ])('%s', (_, given, expected) => {
    expect(Object.fromEntries(Object.entries(given).map(([name, { amountMinor }]) => [name, amountMinor]))).toEqual(expected);
  });

  it('refuses a platform that bears more than the discount', () => {
    expect(() => shareOf({ subtotal: eur(100), discount: eur(10), total: eur(90), platformDiscount: eur(11) }, FIFTEEN_PERCENT)).toThrow(RangeError);
  });
});

/** A line by what the buyer paid, and both kinds of discount, up to large amounts. */
const lines = fc.record({ paid: fc.nat(10_000_000), byProvider: fc.nat(1_000_000), byPlatform: fc.nat(1_000_000) })
  .map(({ paid, byProvider, byPlatform }) => share(paid + byProvider + byPlatform, byProvider, byPlatform));
const portionOf = ({ paid, gross, fee }: ReturnType<typeof share>) => ({ paid: paid.amountMinor, gross: gross.amountMinor, fee: fee.amountMinor });

it('fee + net = gross = paid + what the platform bore, for any line', () => {
  fc.assert(fc.property(lines, ({ gross, fee, net, paid, platformFunded }) => {
    expect(fee.amountMinor + net.amountMinor).toBe(gross.amountMinor);
    expect(paid.amountMinor + platformFunded.amountMinor).toBe(gross.amountMinor);
    expect(net.amountMinor >= 0n && fee.amountMinor >= 0n).toBe(true);
  }));
});

describe('what has to be reversed', () => {
  it('of a fee of 0.15 on 1.00, refunded in ten steps of 0.10: never more than 0.15, and 0.15 in the end', () => {
    const fees = Array.from({ length: 10 }, (_, step) => reversedBy({ paid: 100n, gross: 100n, fee: 15n }, BigInt(10 * (step + 1))).fee);
    expect(fees).toEqual([2n, 3n, 5n, 6n, 8n, 9n, 11n, 12n, 14n, 15n]);
  });

  it.each([['nothing', 0n], ['nothing of a line that was not paid', -1n]])('%s', (_, refunded) => {
    expect(reversedBy({ paid: 100n, gross: 100n, fee: 15n }, refunded)).toEqual({ paid: 0n, gross: 0n, fee: 0n });
    expect(reversedBy({ paid: 0n, gross: 4_900n, fee: 735n }, 100n)).toEqual({ paid: 0n, gross: 0n, fee: 0n });
  });

  it('grows with the refund, is exactly the sale at the end and never over, for any line', () => {
    fc.assert(fc.property(lines, fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (line, shares) => {
      const sale = portionOf(line);
      const refunds = [...shares.map((part) => BigInt(Math.floor(part * Number(sale.paid)))), sale.paid, sale.paid + 1n].sort((a, b) => (a < b ? -1 : 1));
      const due = refunds.map((refunded) => reversedBy(sale, refunded));
      for (const [index, { gross, fee }] of due.entries()) {
        const before = due[index - 1] ?? { gross: 0n, fee: 0n };
        expect(gross >= before.gross && fee >= before.fee && gross - fee >= before.gross - before.fee).toBe(true);
      }
      if (sale.paid > 0n) expect(due.at(-1)).toEqual(sale);
    }));
  });
});
