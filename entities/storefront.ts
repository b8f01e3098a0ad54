import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { StorefrontId, TenantId } from '../src/domain/ids';
import type { Asset } from '../src/domain/listing/listing';
import type { CurrencyCode } from '../src/domain/money';

/** A tenant's branded storefront. */
@Entity({ name: 'storefront', schema: 'marketplace' })
@Unique('storefront_slug_key', ['slug'])
@Unique('storefront_of_tenant', ['id', 'tenantId'])
@Check('storefront_slug_check', `slug ~ '^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$'`)
@Check('storefront_currencies', 'default_currency = any (currencies)')
export class StorefrontRow {
  @PrimaryColumn({ type: 'uuid' })
  id!: StorefrontId;

  @Column({ type: 'text' })
  slug!: string;

  @Column({ name: 'tenant_id', type: 'uuid' })
  tenantId!: TenantId;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'jsonb', nullable: true })
  logo!: Asset | null;

  @Column({ name: 'accent_color', type: 'text', nullable: true })
  accentColor!: string | null;

  @Column({ type: 'text', array: true })
  currencies!: CurrencyCode[];

  @Column({ name: 'default_currency', type: 'text' })
  defaultCurrency!: CurrencyCode;

  /** True: it sells what {@link StorefrontListingRow} names; false: whatever is live. */
  @Column({ type: 'boolean' })
  curated!: boolean;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;
}
