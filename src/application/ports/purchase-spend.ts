import type { OrderId } from '../../domain/ids';
import type { CurrencyCode, Money } from '../../domain/money';
import type { Tx } from './unit-of-work';

/** What a tenant's orders add up to in a calendar month (UTC), per currency. */
export interface PurchaseSpend {
  /** Of the caller's tenant, in the month of now; minor units. */
  inMonth(tx: Tx, currency: CurrencyCode): Promise<bigint>;
  /** Counts the order of the caller's in the month of now; false: it would pass the cap (minor units; null: none), and nothing is counted. */
  reserve(tx: Tx, orderId: OrderId, total: Money, monthCapMinor: bigint | null): Promise<boolean>;
  /** Takes the order out of the month that it was counted in. */
  release(tx: Tx, orderId: OrderId): Promise<void>;
}
