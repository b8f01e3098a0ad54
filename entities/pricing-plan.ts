import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { PlanKind } from '../src/domain/pricing/plan';

/** A plan's identity; what it costs and grants is in its revisions. */
@Entity({ name: 'pricing_plan', schema: 'marketplace' })
@Index('pricing_plan_listing', ['listingId', 'createdAt', 'id'])
@Unique('pricing_plan_of_provider', ['id', 'providerTenantId'])
export class PricingPlanRow {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ name: 'listing_id', type: 'uuid' })
  listingId!: string;

  @Column({ name: 'provider_tenant_id', type: 'uuid' })
  providerTenantId!: string;

  @Column({ type: 'text' })
  kind!: PlanKind;

  @Column({ type: 'integer', default: 1 })
  revision!: number;

  @Column({ type: 'boolean', default: true })
  active!: boolean;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'retired_at', type: 'timestamptz', nullable: true })
  retiredAt!: Date | null;
}
