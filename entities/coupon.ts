import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { CouponFunding } from '../src/domain/coupon/coupon';
import type { CouponId, ListingId, TenantId } from '../src/domain/ids';
import type { CurrencyCode } from '../src/domain/money';

/** A coupon with its terms, which never change, and its counted uses; amounts in minor units. */
@Entity({ name: 'coupon', schema: 'marketplace' })
@Index('coupon_provider', ['providerTenantId', 'createdAt', 'id'])
@Unique('coupon_code_key', ['codeKey'])
@Check('coupon_funded', `(funding = 'PROVIDER' and provider_tenant_id is not null) or (funding = 'PLATFORM' and provider_tenant_id is null)`)
@Check('coupon_off', `(percent_hundredths between 1 and 10000 and amount_minor is null and currency is null)
  or (percent_hundredths is null and amount_minor > 0 and currency is not null)`)
@Check('coupon_minimum', '(minimum_minor is null) = (minimum_currency is null)')
@Check('coupon_uses', 'reserved >= 0 and redeemed >= 0 and (max_redemptions is null or reserved + redeemed <= max_redemptions)')
export class CouponRow {
  @PrimaryColumn({ type: 'uuid' })
  id!: CouponId;

  @Column({ type: 'text' })
  code!: string;

  /** The code without regard to case. */
  @Column({ name: 'code_key', type: 'text' })
  codeKey!: string;

  @Column({ type: 'text' })
  funding!: CouponFunding;

  /** Null where the platform bears the discount. */
  @Column({ name: 'provider_tenant_id', type: 'uuid', nullable: true })
  providerTenantId!: TenantId | null;

  /** Hundredths of a percent. */
  @Column({ name: 'percent_hundredths', type: 'integer', nullable: true })
  percentHundredths!: number | null;

  @Column({ name: 'amount_minor', type: 'bigint', nullable: true })
  amountMinor!: bigint | null;

  @Column({ type: 'text', nullable: true })
  currency!: CurrencyCode | null;

  @Column({ name: 'starts_at', type: 'timestamptz', nullable: true })
  startsAt!: Date | null;

  @Column({ name: 'ends_at', type: 'timestamptz', nullable: true })
  endsAt!: Date | null;

  @Column({ type: 'boolean', default: true })
  active!: boolean;

  @Column({ name: 'max_redemptions', type: 'integer', nullable: true })
  maxRedemptions!: number | null;

  @Column({ name: 'max_per_tenant', type: 'integer', nullable: true })
  maxPerTenant!: number | null;

  @Column({ name: 'max_per_buyer', type: 'integer', nullable: true })
  maxPerBuyer!: number | null;

  @Column({ name: 'minimum_minor', type: 'bigint', nullable: true })
  minimumMinor!: bigint | null;

  @Column({ name: 'minimum_currency', type: 'text', nullable: true })
  minimumCurrency!: CurrencyCode | null;

  /** Empty: any. */
  @Column({ name: 'listing_ids', type: 'uuid', array: true, default: [] })
  listingIds!: ListingId[];

  /** Empty: any. */
  @Column({ name: 'tenant_ids', type: 'uuid', array: true, default: [] })
  tenantIds!: TenantId[];

  @Column({ type: 'integer', default: 0 })
  reserved!: number;

  @Column({ type: 'integer', default: 0 })
  redeemed!: number;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
