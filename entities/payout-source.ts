import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { PayoutId, TenantId } from '../src/domain/ids';
import type { CurrencyCode } from '../src/domain/money';

/** A currency's balance in a payout, at the rate that was locked with it. Minor units. */
@Entity({ name: 'payout_source', schema: 'marketplace' })
@Check('payout_source_currency_check', `currency ~ '^[A-Z]{3}$'`)
@Check('payout_source_balance_minor_check', 'balance_minor <> 0')
@Check('payout_source_rate_check', `rate ~ '^[0-9]+(\\.[0-9]+)?$'`)
export class PayoutSourceRow {
  @PrimaryColumn({ name: 'payout_id', type: 'uuid' })
  payoutId!: PayoutId;

  @Column({ name: 'provider_tenant_id', type: 'uuid' })
  providerTenantId!: TenantId;

  @PrimaryColumn({ type: 'text' })
  currency!: CurrencyCode;

  @Column({ name: 'balance_minor', type: 'bigint' })
  balanceMinor!: bigint;

  /** Units of the payout's currency for one of this. */
  @Column({ type: 'text' })
  rate!: string;

  @Column({ name: 'rate_as_of', type: 'timestamptz' })
  rateAsOf!: Date;

  /** In the payout's currency. */
  @Column({ name: 'converted_minor', type: 'bigint' })
  convertedMinor!: bigint;

  /** Of the balance, what rounding left over. */
  @Column({ name: 'residue_minor', type: 'bigint' })
  residueMinor!: bigint;
}
