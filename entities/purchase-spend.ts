import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { OrderId, TenantId } from '../src/domain/ids';
import type { CurrencyCode } from '../src/domain/money';

/** What an order counts against its tenant's monthly cap; gone with compensation. */
@Entity({ name: 'purchase_spend', schema: 'marketplace' })
@Index('purchase_spend_month', ['tenantId', 'currency', 'month'])
@Check('purchase_spend_amount_minor_check', 'amount_minor > 0')
export class PurchaseSpendRow {
  @PrimaryColumn({ name: 'order_id', type: 'uuid' })
  orderId!: OrderId;

  @Column({ name: 'tenant_id', type: 'uuid' })
  tenantId!: TenantId;

  @Column({ type: 'text' })
  currency!: CurrencyCode;

  /** First day of the calendar month (UTC) that the order was placed in. */
  @Column({ type: 'date' })
  month!: string;

  @Column({ name: 'amount_minor', type: 'bigint' })
  amountMinor!: bigint;
}
