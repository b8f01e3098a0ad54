import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { OrderId, StorefrontId, TenantId, UserId } from '../src/domain/ids';
import type { CurrencyCode } from '../src/domain/money';
import type { OrderFailureReason, OrderSource } from '../src/domain/order/order';
import type { OrderStatus } from '../src/domain/order/order-status';

/** An order as the buyer agreed to it; amounts in minor units of its currency. `version` grows by one with each status change. */
@Entity({ name: 'orders', schema: 'marketplace' })
@Index('orders_tenant', ['tenantId', 'placedAt', 'id'])
@Unique('orders_number_key', ['number'])
@Unique('orders_idempotency_key', ['tenantId', 'buyerId', 'idempotencyKey'])
@Check('orders_source_check', `source in ('CHECKOUT', 'RENEWAL')`)
@Check('orders_currency_check', `currency ~ '^[A-Z]{3}$'`)
@Check('orders_subtotal_minor_check', 'subtotal_minor >= 0')
@Check('orders_check', 'discount_minor between 0 and subtotal_minor')
@Check('orders_total', 'total_minor = subtotal_minor - discount_minor')
@Check('orders_version_check', 'version > 0')
@Unique('orders_of_tenant', ['id', 'tenantId'])
export class OrderRow {
  @PrimaryColumn({ type: 'uuid' })
  id!: OrderId;

  @Column({ type: 'text' })
  number!: string;

  @Column({ type: 'text' })
  source!: OrderSource;

  @Column({ type: 'text' })
  status!: OrderStatus;

  @Column({ name: 'failure_reason', type: 'text', nullable: true })
  failureReason!: OrderFailureReason | null;

  @Column({ name: 'tenant_id', type: 'uuid' })
  tenantId!: TenantId;

  /** Null after erasure. */
  @Column({ name: 'buyer_id', type: 'uuid', nullable: true })
  buyerId!: UserId | null;

  @Column({ type: 'text' })
  currency!: CurrencyCode;

  @Column({ name: 'subtotal_minor', type: 'bigint' })
  subtotalMinor!: bigint;

  @Column({ name: 'discount_minor', type: 'bigint', default: 0 })
  discountMinor!: bigint;

  @Column({ name: 'total_minor', type: 'bigint' })
  totalMinor!: bigint;

  /** Of the coupon that was applied, as it is written there. */
  @Column({ name: 'coupon_code', type: 'text', nullable: true })
  couponCode!: string | null;

  /** That it was placed in. */
  @Column({ name: 'storefront_id', type: 'uuid', nullable: true })
  storefrontId!: StorefrontId | null;

  @Column({ name: 'purchase_reference', type: 'text', nullable: true })
  purchaseReference!: string | null;

  @Column({ name: 'payment_return_url', type: 'text', nullable: true })
  paymentReturnUrl!: string | null;

  @Column({ name: 'idempotency_key', type: 'text' })
  idempotencyKey!: string;

  /** Of the request that the key stands for: the same key with another one is refused. */
  @Column({ name: 'request_hash', type: 'bytea' })
  requestHash!: Buffer;

  @Column({ type: 'integer' })
  version!: number;

  @Column({ name: 'placed_at', type: 'timestamptz' })
  placedAt!: Date;

  @Column({ name: 'fulfilled_at', type: 'timestamptz', nullable: true })
  fulfilledAt!: Date | null;
}
