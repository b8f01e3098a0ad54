import type { PurchaseSpend } from '../../application/ports/purchase-spend';
import type { Tx } from '../../application/ports/unit-of-work';
import type { OrderId } from '../../domain/ids';
import type { CurrencyCode, Money } from '../../domain/money';
import { inside } from './transaction';

/** Counts orders against their tenant's month; what the tenant spends in all, a buyer learns only as "too much". */
export class PostgresPurchaseSpend implements PurchaseSpend {
  async inMonth(tx: Tx, currency: CurrencyCode): Promise<bigint> {
    const [row] = await inside(tx).prepared<{ spent: bigint }>('spent-in-month', 'select marketplace.spent_in_month($1) as spent', [currency]);
    return row?.spent ?? 0n;
  }

  async reserve(tx: Tx, orderId: OrderId, total: Money, monthCapMinor: bigint | null): Promise<boolean> {
    const [row] = await inside(tx).prepared<{ reserved: boolean }>('spend-reserve', 'select marketplace.reserve_spend($1, $2, $3, $4) as reserved',
      [orderId, total.currency, total.amountMinor, monthCapMinor]);
    return row?.reserved ?? false;
  }

  async release(tx: Tx, orderId: OrderId): Promise<void> {
    await inside(tx).prepared('spend-release', 'delete from marketplace.purchase_spend where order_id = $1', [orderId]);
  }
}
