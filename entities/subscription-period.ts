import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { LicenseId, OrderId, OrderLineId, SubscriptionId, TenantId, UserId } from '../src/domain/ids';

/** Which order pays for which period of a subscription: one, ever. */
@Entity({ name: 'subscription_period', schema: 'marketplace' })
@Index('subscription_period_order', ['orderId'])
@Unique('subscription_period_line', ['orderLineId'])
@Check('subscription_period_period_check', 'period >= 0')
export class SubscriptionPeriodRow {
  @PrimaryColumn({ name: 'subscription_id', type: 'uuid' })
  subscriptionId!: SubscriptionId;

  @PrimaryColumn({ type: 'integer' })
  period!: number;

  @Column({ name: 'order_id', type: 'uuid' })
  orderId!: OrderId;

  @Column({ name: 'order_line_id', type: 'uuid' })
  orderLineId!: OrderLineId;

  @Column({ name: 'license_id', type: 'uuid' })
  licenseId!: LicenseId;

  @Column({ name: 'tenant_id', type: 'uuid' })
  tenantId!: TenantId;

  /** Null after erasure. */
  @Column({ name: 'buyer_id', type: 'uuid', nullable: true })
  buyerId!: UserId | null;

  @Column({ name: 'starts_at', type: 'timestamptz' })
  startsAt!: Date;

  @Column({ name: 'ends_at', type: 'timestamptz' })
  endsAt!: Date;
}
