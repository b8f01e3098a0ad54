import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { OrderId, TenantId, UserId } from '../src/domain/ids';
import type { CurrencyCode } from '../src/domain/money';

/** Billing's payment as far as we may know it: a reference, and net amounts in minor units for our own books. */
@Entity({ name: 'payment', schema: 'marketplace' })
@Index('payment_order', ['orderId'])
@Unique('payment_idempotency_key_key', ['idempotencyKey'])
@Check('payment_asked_minor_check', 'asked_minor >= 0')
@Check('payment_paid_minor_check', 'paid_minor >= 0')
@Check('refunds_within_payment', 'refunded_minor between 0 and paid_minor')
export class PaymentRow {
  @PrimaryColumn({ name: 'payment_id', type: 'text' })
  paymentId!: string;

  @Column({ name: 'order_id', type: 'uuid' })
  orderId!: OrderId;

  @Column({ name: 'tenant_id', type: 'uuid' })
  tenantId!: TenantId;

  @Column({ name: 'buyer_id', type: 'uuid', nullable: true })
  buyerId!: UserId | null;

  @Column({ type: 'integer' })
  attempt!: number;

  @Column({ name: 'idempotency_key', type: 'text' })
  idempotencyKey!: string;

  @Column({ type: 'text' })
  currency!: CurrencyCode;

  @Column({ name: 'asked_minor', type: 'bigint' })
  askedMinor!: bigint;

  /** Net amount that billing says it took. */
  @Column({ name: 'paid_minor', type: 'bigint', default: 0 })
  paidMinor!: bigint;

  /** Sum of the refunds requested or settled; a trigger on refund keeps it. */
  @Column({ name: 'refunded_minor', type: 'bigint', default: 0 })
  refundedMinor!: bigint;

  @Column({ name: 'payment_url', type: 'text', nullable: true })
  paymentUrl!: string | null;

  @Column({ name: 'tax_record_id', type: 'text', nullable: true })
  taxRecordId!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
