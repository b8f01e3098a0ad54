import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { OrderId, RefundId, TenantId, UserId } from '../src/domain/ids';
import type { CurrencyCode } from '../src/domain/money';
import type { RefundInitiator, RefundStatus } from '../src/domain/order/order';

/** Money on its way back: of ours (compensation, policy, operator) or unasked (billing); minor units. */
@Entity({ name: 'refund', schema: 'marketplace' })
@Index('refund_order', ['orderId', 'requestedAt', 'id'])
@Index('refund_compensation', ['paymentId'], { unique: true, where: `kind = 'COMPENSATION' and status = 'REQUESTED'` })
@Index('refund_open', ['orderId'], { unique: true, where: `status = 'REQUESTED' and kind in ('POLICY', 'OPERATOR')` })
@Unique('refund_billing_refund_id_key', ['billingRefundId'])
@Unique('refund_of_tenant', ['id', 'tenantId'])
@Check('refund_kind_check', `kind in ('COMPENSATION', 'UNASKED', 'POLICY', 'OPERATOR')`)
@Check('refund_initiated_by_check', `initiated_by in ('BUYER', 'OPERATOR', 'BILLING', 'SYSTEM')`)
@Check('refund_status_check', `status in ('REQUESTED', 'SUCCEEDED', 'FAILED')`)
@Check('refund_amount_minor_check', 'amount_minor >= 0 and amount_minor + excess_minor > 0')
@Check('refund_excess_minor_check', 'excess_minor >= 0')
export class RefundRow {
  @PrimaryColumn({ type: 'uuid' })
  id!: RefundId;

  @Column({ name: 'payment_id', type: 'text' })
  paymentId!: string;

  @Column({ name: 'order_id', type: 'uuid' })
  orderId!: OrderId;

  @Column({ name: 'tenant_id', type: 'uuid' })
  tenantId!: TenantId;

  @Column({ name: 'buyer_id', type: 'uuid', nullable: true })
  buyerId!: UserId | null;

  @Column({ type: 'text' })
  kind!: 'COMPENSATION' | 'UNASKED' | 'POLICY' | 'OPERATOR';

  @Column({ name: 'initiated_by', type: 'text' })
  initiatedBy!: RefundInitiator;

  @Column({ type: 'text' })
  status!: RefundStatus;

  @Column({ name: 'amount_minor', type: 'bigint' })
  amountMinor!: bigint;

  /** What billing gave back beyond what it took, which no line can bear. */
  @Column({ name: 'excess_minor', type: 'bigint', default: 0 })
  excessMinor!: bigint;

  @Column({ type: 'text' })
  currency!: CurrencyCode;

  @Column({ type: 'text', nullable: true })
  reason!: string | null;

  @Column({ name: 'billing_refund_id', type: 'text', nullable: true })
  billingRefundId!: string | null;

  @Column({ name: 'requested_at', type: 'timestamptz' })
  requestedAt!: Date;

  @Column({ name: 'completed_at', type: 'timestamptz', nullable: true })
  completedAt!: Date | null;
}
