import type { Order, OrderLine } from '../../domain/order/order';
import type { Tx } from './unit-of-work';

/** The providers' own view of what is bought, written with the order. */
export interface ProviderSales {
  record(tx: Tx, order: Order, lines: readonly OrderLine[]): Promise<void>;
}
