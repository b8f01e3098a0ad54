import type { EarningKind } from '../ledger/journal';
import { money, toDecimal } from '../money';
import type { Money } from '../money';
import { convert, parseRate } from './exchange';
import type { Payout, PayoutSource } from './payout';

/** An entry behind a payout, as its statement lists it. */
export interface StatementLine {
  readonly entryId: string;
  readonly at: Date;
  readonly kind: EarningKind;
  readonly orderNumber: string;
  readonly gross: Money;
  readonly fee: Money;
  readonly net: Money;
}
export interface PaidLine extends StatementLine {
  readonly rate: string;
  /** Its part of the payout, in the payout's currency. */
  readonly paid: Money;
}

/**
 * Every line with its part of the payout: the difference that it makes to the converted running sum of its currency.
 * So the parts of a currency add up to what its source was converted to, and all of them to the payout, to the minor unit.
 */
export function partsOf({ amount, sources }: Pick<Payout, 'amount' | 'sources'>, lines: readonly StatementLine[]): PaidLine[] {
  const soFar = new Map(sources.map((source) => [source.balance.currency, { source, minor: 0n, paidMinor: 0n }]));
  return lines.map((line) => {
    const running = soFar.get(line.net.currency);
    if (!running) throw new RangeError(`the payout has no source in ${line.net.currency}`);
    const minor = running.minor + line.net.amountMinor;
    const paidMinor = convertedOf(running.source, minor).amountMinor;
    soFar.set(line.net.currency, { ...running, minor, paidMinor });
    return { ...line, rate: running.source.rate, paid: money(paidMinor - running.paidMinor, amount.currency) };
  });
}

function convertedOf({ rate, balance, converted }: PayoutSource, minor: bigint): Money {
  const parsed = parseRate(rate);
  if (!parsed) throw new RangeError(`${rate} is no rate`);
  return convert(money(minor, balance.currency), parsed, converted.currency);
}

const HEADER = ['entry', 'booked_at', 'kind', 'order', 'currency', 'gross', 'platform_fee', 'net', 'rate', 'payout_currency', 'payout'];

/** RFC 4180. The last column adds up to the payout's amount, which is the last line. */
export function statementCsv(payout: Pick<Payout, 'id' | 'amount' | 'sources'>, lines: readonly StatementLine[]): string {
  const rows = partsOf(payout, lines).map(({ entryId, at, kind, orderNumber, gross, fee, net, rate, paid }) =>
    [entryId, at.toISOString(), kind, orderNumber, net.currency, toDecimal(gross), toDecimal(fee), toDecimal(net), rate, paid.currency, toDecimal(paid)]);
  const total = [payout.id, '', 'TOTAL', '', '', '', '', '', '', payout.amount.currency, toDecimal(payout.amount)];
  return [HEADER, ...rows, total].map((cells) => `${cells.join(',')}\r\n`).join('');
}
