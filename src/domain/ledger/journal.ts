import type { JournalEntryId, OrderId, OrderLineId, RefundId, TenantId } from '../ids';
import { money } from '../money';
import type { CurrencyCode, Money } from '../money';
import { reversedBy } from './revenue-share';
import type { Portion, RevenueShare } from './revenue-share';

export const LEDGER_ENTRY_KINDS = ['SALE', 'REFUND', 'DISPUTE', 'PAYOUT', 'FX', 'ADJUSTMENT'] as const;
export type LedgerEntryKind = (typeof LEDGER_ENTRY_KINDS)[number];
/** What earns or takes an earning back. */
export type EarningKind = 'SALE' | 'REFUND' | 'DISPUTE';

export const ACCOUNTS = ['buyer_clearing', 'platform_promotions', 'provider_payable', 'platform_revenue', 'dispute_losses', 'fx_clearing', 'fx_rounding', 'payout_clearing'] as const;
export type Account = (typeof ACCOUNTS)[number];

/** One side of a booking: debits are positive, credits negative. */
export interface Posting {
  readonly account: Account;
  readonly amount: Money;
}

/** A booking whose postings sum to zero. Gross, fee and net are the provider's: a reversal's are negative. */
export interface JournalEntry {
  readonly id: JournalEntryId;
  readonly kind: EarningKind;
  readonly orderId: OrderId;
  /** Whose earning it is; null where none is concerned. */
  readonly earning: { readonly providerTenantId: TenantId; readonly lineId: OrderLineId; readonly availableAt: Date } | null;
  readonly refundId: RefundId | null;
  readonly at: Date;
  readonly gross: Money;
  readonly fee: Money;
  readonly net: Money;
  readonly postings: readonly Posting[];
}

type Occasion = Pick<JournalEntry, 'id' | 'orderId' | 'at'>;
type Earning = NonNullable<JournalEntry['earning']>;
export interface RefundOccasion extends Occasion {
  readonly kind: 'REFUND' | 'DISPUTE';
  readonly refundId: RefundId;
}

/** The sale of a line, on fulfilment; null where there is nothing to book: it was free. */
export function bookSale(occasion: Occasion, earning: Earning, { gross, fee, net, paid, platformFunded }: RevenueShare): JournalEntry | null {
  if (gross.amountMinor === 0n) return null;
  return {
    ...occasion, kind: 'SALE', earning, refundId: null, gross, fee, net,
    postings: postingsOf(gross.currency, {
      buyer_clearing: paid.amountMinor, platform_promotions: platformFunded.amountMinor, provider_payable: -net.amountMinor, platform_revenue: -fee.amountMinor,
    }),
  };
}

/** A line's sale and what has been reversed of it so far. */
export interface BookedLine {
  readonly earning: Earning;
  readonly currency: CurrencyCode;
  readonly sale: Portion;
  readonly reversed: Portion;
}

/** The difference between what has to be reversed by now and what was; null where there is none. */
export function bookReversal({ kind, ...occasion }: RefundOccasion, { earning, currency, sale, reversed }: BookedLine, refundedSoFar: bigint): JournalEntry | null {
  const due = reversedBy(sale, refundedSoFar);
  const [paid, gross, fee] = [due.paid - reversed.paid, due.gross - reversed.gross, due.fee - reversed.fee];
  if (paid <= 0n) return null;
  return {
    ...occasion, kind, earning, gross: money(-gross, currency), fee: money(-fee, currency), net: money(fee - gross, currency),
    postings: postingsOf(currency, { buyer_clearing: -paid, platform_promotions: paid - gross, provider_payable: gross - fee, platform_revenue: fee }),
  };
}

/** Money that went back beyond what was paid: the platform's loss. Null where there is none. */
export function bookExcess({ kind, ...occasion }: RefundOccasion, excess: Money): JournalEntry | null {
  if (excess.amountMinor <= 0n) return null;
  const none = money(0n, excess.currency);
  return {
    ...occasion, kind, earning: null, gross: none, fee: none, net: none,
    postings: postingsOf(excess.currency, { dispute_losses: excess.amountMinor, buyer_clearing: -excess.amountMinor }),
  };
}

/** @throws RangeError when they do not sum to zero */
export function postingsOf(currency: CurrencyCode, amounts: Partial<Record<Account, bigint>>): Posting[] {
  const postings = ACCOUNTS.flatMap((account): Posting[] => (amounts[account] ? [{ account, amount: money(amounts[account], currency) }] : []));
  if (postings.reduce((sum, { amount }) => sum + amount.amountMinor, 0n) !== 0n) throw new RangeError('a booking does not sum to zero');
  return postings;
}
