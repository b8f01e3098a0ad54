import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ListingId, OrderId, OrderLineId, TenantId } from '../src/domain/ids';
import type { CurrencyCode } from '../src/domain/money';
import type { OrderStatus } from '../src/domain/order/order-status';

/** An order line as its provider sees it, never who bought; its status follows the order by a trigger. */
@Entity({ name: 'provider_sale', schema: 'marketplace' })
@Index('provider_sale_placed', ['providerTenantId', 'placedAt', 'id'])
@Index('provider_sale_fulfilled', ['providerTenantId', 'currency', 'fulfilledAt'])
@Index('provider_sale_order', ['orderId'])
@Check('provider_sale_quantity_check', 'quantity > 0')
@Check('provider_sale_gross_minor_check', 'gross_minor >= 0')
@Check('provider_sale_discount_minor_check', 'discount_minor >= 0')
@Check('provider_sale_check', 'fee_minor between 0 and gross_minor')
export class ProviderSaleRow {
  /** The order line. */
  @PrimaryColumn({ type: 'uuid' })
  id!: OrderLineId;

  @Column({ name: 'order_id', type: 'uuid' })
  orderId!: OrderId;

  @Column({ name: 'provider_tenant_id', type: 'uuid' })
  providerTenantId!: TenantId;

  @Column({ name: 'order_number', type: 'text' })
  orderNumber!: string;

  @Column({ name: 'order_status', type: 'text' })
  orderStatus!: OrderStatus;

  @Column({ name: 'listing_id', type: 'uuid' })
  listingId!: ListingId;

  @Column({ name: 'plan_name', type: 'text' })
  planName!: string;

  @Column({ type: 'integer' })
  quantity!: number;

  @Column({ type: 'text' })
  currency!: CurrencyCode;

  @Column({ name: 'gross_minor', type: 'bigint' })
  grossMinor!: bigint;

  /** What the provider itself gave off the price; the gross is without it. */
  @Column({ name: 'discount_minor', type: 'bigint' })
  discountMinor!: bigint;

  /** As foreseen when the order was placed. */
  @Column({ name: 'fee_minor', type: 'bigint' })
  feeMinor!: bigint;

  @Column({ name: 'placed_at', type: 'timestamptz' })
  placedAt!: Date;

  @Column({ name: 'fulfilled_at', type: 'timestamptz', nullable: true })
  fulfilledAt!: Date | null;
}
