import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { TenantId } from '../src/domain/ids';
import type { CurrencyCode } from '../src/domain/money';

/** Where a provider is paid; one for each tenant. */
@Entity({ name: 'payout_account', schema: 'marketplace' })
@Unique('payout_account_stripe_account_id_key', ['stripeAccountId'])
@Check('payout_account_currency_check', `currency ~ '^[A-Z]{3}$'`)
export class PayoutAccountRow {
  @PrimaryColumn({ name: 'provider_tenant_id', type: 'uuid' })
  providerTenantId!: TenantId;

  @Column({ name: 'stripe_account_id', type: 'text' })
  stripeAccountId!: string;

  @Column({ type: 'text' })
  currency!: CurrencyCode;

  /** Stripe has verified it, as of when it was last asked. */
  @Column({ name: 'payouts_enabled', type: 'boolean', default: false })
  payoutsEnabled!: boolean;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'held_until', type: 'timestamptz' })
  heldUntil!: Date;
}
