import type { OrderLineId } from '../../domain/ids';
import type { BookedLine, JournalEntry } from '../../domain/ledger/journal';
import type { ProviderSale } from '../../domain/ledger/provider-sale';
import type { Tx } from './unit-of-work';

export interface LedgerStore {
  addSales(tx: Tx, sales: readonly ProviderSale[]): Promise<void>;
  /** The database refuses the commit unless each entry sums to zero. */
  append(tx: Tx, entries: readonly JournalEntry[]): Promise<void>;
  /** Locks the lines and tells what is booked on them; a line whose sale was never booked is not there. */
  bookedOn(tx: Tx, lineIds: readonly OrderLineId[]): Promise<readonly BookedLine[]>;
}
