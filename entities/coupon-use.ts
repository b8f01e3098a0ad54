import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { CouponId, TenantId, UserId } from '../src/domain/ids';

/** Uses of a coupon by a tenant, reserved or redeemed; only where the coupon is bounded per tenant. */
@Entity({ name: 'coupon_tenant_use', schema: 'marketplace' })
@Check('coupon_tenant_uses', 'used between 0 and max')
export class CouponTenantUseRow {
  @PrimaryColumn({ name: 'coupon_id', type: 'uuid' })
  couponId!: CouponId;

  @PrimaryColumn({ name: 'tenant_id', type: 'uuid' })
  tenantId!: TenantId;

  @Column({ type: 'integer' })
  used!: number;

  @Column({ type: 'integer' })
  max!: number;
}

/** Uses of a coupon by a buyer, reserved or redeemed; only where the coupon is bounded per buyer. */
@Entity({ name: 'coupon_buyer_use', schema: 'marketplace' })
@Check('coupon_buyer_uses', 'used between 0 and max')
export class CouponBuyerUseRow {
  @PrimaryColumn({ name: 'coupon_id', type: 'uuid' })
  couponId!: CouponId;

  @PrimaryColumn({ name: 'tenant_id', type: 'uuid' })
  tenantId!: TenantId;

  @PrimaryColumn({ name: 'buyer_id', type: 'uuid' })
  buyerId!: UserId;

  @Column({ type: 'integer' })
  used!: number;

  @Column({ type: 'integer' })
  max!: number;
}
