import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { PlanTerms } from '../src/domain/pricing/plan';

/** The terms of a plan from `validFrom` until the next revision; never updated. */
@Entity({ name: 'pricing_plan_revision', schema: 'marketplace' })
@Unique('revision_of_provider', ['planId', 'revision', 'providerTenantId'])
export class PricingPlanRevisionRow {
  @PrimaryColumn({ name: 'plan_id', type: 'uuid' })
  planId!: string;

  @PrimaryColumn({ type: 'integer' })
  revision!: number;

  @Column({ name: 'provider_tenant_id', type: 'uuid' })
  providerTenantId!: string;

  @Column({ type: 'jsonb' })
  terms!: PlanTerms;

  @Column({ name: 'valid_from', type: 'timestamptz' })
  validFrom!: Date;
}
