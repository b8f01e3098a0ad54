import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The price of one revision in one currency, in minor units and net of tax. */
@Entity({ name: 'pricing_plan_price', schema: 'marketplace' })
export class PricingPlanPriceRow {
  @PrimaryColumn({ name: 'plan_id', type: 'uuid' })
  planId!: string;

  @PrimaryColumn({ type: 'integer' })
  revision!: number;

  @PrimaryColumn({ type: 'text' })
  currency!: string;

  @Column({ name: 'provider_tenant_id', type: 'uuid' })
  providerTenantId!: string;

  @Column({ name: 'amount_minor', type: 'bigint' })
  amountMinor!: bigint;
}
