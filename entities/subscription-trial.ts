import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ListingId, OrderId, TenantId, UserId } from '../src/domain/ids';

/** Who has had a trial of what; gone when its order is taken back. */
@Entity({ name: 'subscription_trial', schema: 'marketplace' })
@Index('subscription_trial_order', ['orderId'])
export class SubscriptionTrialRow {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid' })
  tenantId!: TenantId;

  @PrimaryColumn({ name: 'buyer_id', type: 'uuid' })
  buyerId!: UserId;

  @PrimaryColumn({ name: 'listing_id', type: 'uuid' })
  listingId!: ListingId;

  @Column({ name: 'order_id', type: 'uuid' })
  orderId!: OrderId;
}
