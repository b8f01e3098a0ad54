import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { OrderId, TenantId, UserId } from '../src/domain/ids';
import type { OrderStepName } from '../src/domain/order/order';
import type { OrderStatus } from '../src/domain/order/order-status';

/** History of an order: one row for each of its versions, which is what subscribers are told. */
@Entity({ name: 'order_transition', schema: 'marketplace' })
@Check('order_transition_step_check', `step in ('RESERVE', 'PAYMENT', 'LICENSING', 'ENROLLMENT', 'FULFILMENT')`)
export class OrderTransitionRow {
  @PrimaryColumn({ name: 'order_id', type: 'uuid' })
  orderId!: OrderId;

  @PrimaryColumn({ type: 'integer' })
  version!: number;

  @Column({ name: 'tenant_id', type: 'uuid' })
  tenantId!: TenantId;

  @Column({ name: 'buyer_id', type: 'uuid', nullable: true })
  buyerId!: UserId | null;

  @Column({ name: 'from_status', type: 'text', nullable: true })
  from!: OrderStatus | null;

  @Column({ name: 'to_status', type: 'text' })
  to!: OrderStatus;

  @Column({ type: 'text' })
  step!: OrderStepName;

  @Column({ type: 'timestamptz' })
  at!: Date;
}
