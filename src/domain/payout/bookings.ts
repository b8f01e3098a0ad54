import type { JournalEntryId, PayoutId, TenantId } from '../ids';
import { postingsOf } from '../ledger/journal';
import type { Account, Posting } from '../ledger/journal';
import { money } from '../money';
import type { CurrencyCode, Money } from '../money';
import type { Payout, PayoutSource } from './payout';

/** A booking of a payout in one currency; `net` is what the provider gains by it, so that a payout's is negative. */
export interface PayoutEntry {
  readonly id: JournalEntryId;
  /** FX: from or into another currency. ADJUSTMENT: a payout that failed, put back. */
  readonly kind: 'PAYOUT' | 'FX' | 'ADJUSTMENT';
  readonly payoutId: PayoutId;
  readonly providerTenantId: TenantId;
  readonly at: Date;
  readonly net: Money;
  readonly postings: readonly Posting[];
}

type Booked = Pick<Payout, 'id' | 'providerTenantId' | 'amount' | 'sources'>;
type Amounts = Partial<Record<Account, bigint>>;

/**
 * The payout's debit: each foreign balance leaves through fx_clearing and comes back in the account's currency, its
 * rounding residue booked by itself; then the whole amount is on its way to Stripe (payout_clearing).
 */
export function bookPayout(payout: Booked, at: Date, newId: () => JournalEntryId): PayoutEntry[] {
  const { amount, sources } = payout;
  const entry = (kind: PayoutEntry['kind'], currency: CurrencyCode, amounts: Amounts): PayoutEntry[] => {
    const postings = postingsOf(currency, amounts);
    if (postings.length === 0) return [];
    const net = money(-(amounts.provider_payable ?? 0n), currency);
    return [{ id: newId(), kind, payoutId: payout.id, providerTenantId: payout.providerTenantId, at, net, postings }];
  };
  const exchanged = sources.filter(({ balance }) => balance.currency !== amount.currency).flatMap((source) => [
    ...entry('FX', source.balance.currency, given(source)),
    ...entry('FX', amount.currency, { fx_clearing: source.converted.amountMinor, provider_payable: -source.converted.amountMinor }),
  ]);
  return [...exchanged, ...entry('PAYOUT', amount.currency, { provider_payable: amount.amountMinor, payout_clearing: -amount.amountMinor })];
}

function given({ balance, residue }: PayoutSource): Amounts {
  return { provider_payable: balance.amountMinor, fx_clearing: residue.amountMinor - balance.amountMinor, fx_rounding: -residue.amountMinor };
}

/** The same bookings the other way round: Stripe refused, and everything is as it was before. */
export function putBack(payout: Booked, at: Date, newId: () => JournalEntryId): PayoutEntry[] {
  return bookPayout(payout, at, newId).map((entry) => ({
    ...entry, kind: 'ADJUSTMENT', net: negated(entry.net), postings: entry.postings.map(({ account, amount }) => ({ account, amount: negated(amount) })),
  }));
}

function negated({ amountMinor, currency }: Money): Money {
  return money(-amountMinor, currency);
}
