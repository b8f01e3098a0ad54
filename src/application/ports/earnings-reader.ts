import type { ListingId, OrderLineId, PayoutId, TenantId } from '../../domain/ids';
import type { JournalEntry, LedgerEntryKind } from '../../domain/ledger/journal';
import type { EarningsBalance, ProviderSale, SalesPoint } from '../../domain/ledger/provider-sale';
import type { CurrencyCode } from '../../domain/money';
import type { Page, PageRequest } from './page';
import type { Tx } from './unit-of-work';

export interface SaleFilter {
  readonly providerTenantId: TenantId;
  readonly listingId?: ListingId;
  readonly placedAfter?: Date;
  readonly placedBefore?: Date;
}
export interface LedgerFilter {
  readonly providerTenantId: TenantId;
  readonly currency?: CurrencyCode;
}
export interface SalesPeriod {
  readonly providerTenantId: TenantId;
  readonly currency: CurrencyCode;
  /** Days (UTC), both included. */
  readonly from: string;
  readonly to: string;
}
/** An entry as its provider sees it. */
export type LedgerLine = Omit<JournalEntry, 'postings' | 'orderId' | 'refundId' | 'kind'> & {
  readonly kind: LedgerEntryKind;
  /** The payout that it books, or that has paid it; null: none. */
  readonly payoutId: PayoutId | null;
};

/** What a provider sells and earns, for the graph; row level security decides what is there. */
export interface EarningsReader {
  salesByIds(tx: Tx, ids: readonly OrderLineId[]): Promise<ProviderSale[]>;
  /** Newest first. */
  salePage(tx: Tx, filter: SaleFilter, page: PageRequest): Promise<Page<ProviderSale>>;
  saleCount(tx: Tx, filter: SaleFilter): Promise<number>;
  /** Newest first. */
  entryPage(tx: Tx, filter: LedgerFilter, page: PageRequest): Promise<Page<LedgerLine>>;
  entryCount(tx: Tx, filter: LedgerFilter): Promise<number>;
  /** One for each currency in which anything was ever booked, by its code. */
  balances(tx: Tx, providerTenantId: TenantId): Promise<EarningsBalance[]>;
  /** One for each day of the period, those without sales too. */
  salesByDay(tx: Tx, period: SalesPeriod): Promise<SalesPoint[]>;
}
