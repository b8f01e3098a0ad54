import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { RedemptionState } from '../src/domain/coupon/redemption';
import type { CouponId, OrderId, TenantId, UserId } from '../src/domain/ids';
import type { CurrencyCode } from '../src/domain/money';

/** The use of a coupon by an order: RESERVED when placed, REDEEMED when paid, RELEASED by compensation, from either. */
@Entity({ name: 'coupon_redemption', schema: 'marketplace' })
@Index('coupon_redemption_coupon', ['couponId'])
@Check('coupon_redemption_state_check', `state in ('RESERVED', 'REDEEMED', 'RELEASED')`)
@Check('coupon_redemption_discount_minor_check', 'discount_minor >= 0')
export class CouponRedemptionRow {
  @PrimaryColumn({ name: 'order_id', type: 'uuid' })
  orderId!: OrderId;

  @Column({ name: 'coupon_id', type: 'uuid' })
  couponId!: CouponId;

  @Column({ name: 'tenant_id', type: 'uuid' })
  tenantId!: TenantId;

  /** A pseudonym after erasure, the same as in the count of the buyer's uses. */
  @Column({ name: 'buyer_id', type: 'uuid', nullable: true })
  buyerId!: UserId | null;

  @Column({ type: 'text' })
  state!: RedemptionState;

  @Column({ name: 'discount_minor', type: 'bigint' })
  discountMinor!: bigint;

  @Column({ type: 'text' })
  currency!: CurrencyCode;

  @Column({ name: 'reserved_at', type: 'timestamptz' })
  reservedAt!: Date;

  @Column({ name: 'redeemed_at', type: 'timestamptz', nullable: true })
  redeemedAt!: Date | null;

  @Column({ name: 'released_at', type: 'timestamptz', nullable: true })
  releasedAt!: Date | null;
}
