import * as fc from 'fast-check';
import type { JournalEntryId, OrderId, OrderLineId, RefundId, TenantId } from '../ids';
import { money } from '../money';
import type { CurrencyCode } from '../money';
import { bookExcess, bookReversal, bookSale } from './journal';
import type { BookedLine, JournalEntry } from './journal';
import { shareOf } from './revenue-share';

const EUR = 'EUR' as CurrencyCode;
const eur = (minor: bigint) => money(minor, EUR);
const at = new Date('2026-03-01T00:00:00Z');
const earning = { providerTenantId: 'provider' as TenantId, lineId: 'line' as OrderLineId, availableAt: new Date('2026-03-15T00:00:00Z') };
const occasion = { id: 'entry' as JournalEntryId, orderId: 'order' as OrderId, at };
const refund = { ...occasion, refundId: 'refund' as RefundId, kind: 'REFUND' } as const;

const share = (paid: bigint, byPlatform = 0n) =>
  shareOf({ subtotal: eur(paid + byPlatform), discount: eur(byPlatform), total: eur(paid), platformDiscount: eur(byPlatform) }, 1_500);
function lineOf(paid: bigint, byPlatform = 0n): BookedLine {
  const { gross, fee } = share(paid, byPlatform);
  return { earning, currency: EUR, sale: { paid, gross: gross.amountMinor, fee: fee.amountMinor }, reversed: { paid: 0n, gross: 0n, fee: 0n } };
}
function after(line: BookedLine, entry: JournalEntry | null): BookedLine {
  if (!entry) return line;
  const paid = -(entry.postings.find(({ account }) => account === 'buyer_clearing')?.amount.amountMinor ?? 0n);
  return { ...line, reversed: { paid: line.reversed.paid + paid, gross: line.reversed.gross - entry.gross.amountMinor, fee: line.reversed.fee - entry.fee.amountMinor } };
}
const postings = (entry: JournalEntry | null) => Object.fromEntries(entry?.postings.map(({ account, amount }) => [account, amount.amountMinor]) ?? []);
const sumOf = (entry: JournalEntry) => entry.postings.reduce((sum, { amount }) => sum + amount.amountMinor, 0n);

describe('a sale', () => {
  it('of 89.99: the buyer’s money is owed to the provider and the platform', () => {
    expect(postings(bookSale(occasion, earning, share(8_999n)))).toEqual({ buyer_clearing: 8_999n, provider_payable: -7_649n, platform_revenue: -1_350n });
  });

  it('of 99.99 with 10.00 off by the platform: it bears that, and keeps 5.00', () => {
    const sale = postings(bookSale(occasion, earning, share(8_999n, 1_000n)));
    expect(sale).toEqual({ buyer_clearing: 8_999n, platform_promotions: 1_000n, provider_payable: -8_499n, platform_revenue: -1_500n });
    expect(-(sale['platform_revenue'] ?? 0n) - (sale['platform_promotions'] ?? 0n)).toBe(500n);
  });

  it('of nothing books nothing', () => {
    expect(bookSale(occasion, earning, share(0n))).toBeNull();
  });
});

describe('a refund', () => {
  it('of everything at once takes back the sale', () => {
    const entry = bookReversal(refund, lineOf(8_999n, 1_000n), 8_999n);
    expect(postings(entry)).toEqual({ buyer_clearing: -8_999n, platform_promotions: -1_000n, provider_payable: 8_499n, platform_revenue: 1_500n });
    expect(entry).toMatchObject({ kind: 'REFUND', earning, gross: eur(-9_999n), fee: eur(-1_500n), net: eur(-8_499n) });
  });

  it('that is told again, or of less than was told before, books nothing', () => {
    const line = lineOf(10_000n);
    const half = after(line, bookReversal(refund, line, 5_000n));
    expect(bookReversal(refund, half, 5_000n)).toBeNull();
    expect(bookReversal(refund, half, 4_000n)).toBeNull();
  });

  it('beyond what was paid stops at the sale; the excess is the platform’s loss', () => {
    expect(bookReversal(refund, lineOf(100n), 150n)).toMatchObject({ gross: eur(-100n), fee: eur(-15n) });
    expect(postings(bookExcess({ ...refund, kind: 'DISPUTE' }, eur(50n)))).toEqual({ buyer_clearing: -50n, dispute_losses: 50n });
    expect(bookExcess(refund, eur(0n))).toBeNull();
  });
});

it('any sequence of refunds reverses to exactly the sale at the end and never over, and every entry sums to zero', () => {
  const steps = fc.array(fc.nat(2_000_000), { maxLength: 20 });
  fc.assert(fc.property(fc.nat(10_000_000), fc.nat(1_000_000), steps, (paid, byPlatform, refunds) => {
    let line = lineOf(BigInt(paid), BigInt(byPlatform));
    const sale = bookSale(occasion, earning, share(BigInt(paid), BigInt(byPlatform)));
    const entries = sale ? [sale] : [];
    let soFar = 0n;
    for (const step of [...refunds.map(BigInt), BigInt(paid)]) {
      soFar = soFar + step > BigInt(paid) ? BigInt(paid) : soFar + step;
      const entry = bookReversal(refund, line, soFar);
      if (entry) entries.push(entry);
      line = after(line, entry);
      expect(line.reversed.fee <= line.sale.fee && line.reversed.gross <= line.sale.gross).toBe(true);
      expect(line.reversed.gross - line.reversed.fee <= line.sale.gross - line.sale.fee).toBe(true);
    }
    for (const entry of entries) expect(sumOf(entry)).toBe(0n);
    if (paid > 0) expect(line.reversed).toEqual(line.sale);
  }));
});
