import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { OrderLineId, RefundId, TenantId, UserId } from '../src/domain/ids';

/** What a refund gives back of one order line; minor units of the refund's currency. */
@Entity({ name: 'refund_line', schema: 'marketplace' })
@Index('refund_line_line', ['lineId'])
@Check('refund_line_amount_minor_check', 'amount_minor > 0')
export class RefundLineRow {
  @PrimaryColumn({ name: 'refund_id', type: 'uuid' })
  refundId!: RefundId;

  @PrimaryColumn({ name: 'line_id', type: 'uuid' })
  lineId!: OrderLineId;

  @Column({ name: 'tenant_id', type: 'uuid' })
  tenantId!: TenantId;

  @Column({ name: 'buyer_id', type: 'uuid', nullable: true })
  buyerId!: UserId | null;

  @Column({ name: 'amount_minor', type: 'bigint' })
  amountMinor!: bigint;
}
