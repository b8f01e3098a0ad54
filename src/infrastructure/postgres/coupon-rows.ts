import type { CouponRow } from '../../../entities/coupon';
import type { Coupon, CouponFunding, CouponTerms, OfferedCoupon } from '../../domain/coupon/coupon';
import type { CouponId, ListingId, TenantId } from '../../domain/ids';
import { moneyOf } from './rows';

/** What `marketplace.coupon_by_code` answers. */
export interface OfferedCouponRow {
  id: CouponId; code: string; funding: CouponFunding; provider_tenant_id: TenantId | null; percent_hundredths: number | null; amount_minor: bigint | null;
  currency: string | null; starts_at: Date | null; ends_at: Date | null; active: boolean; minimum_minor: bigint | null; minimum_currency: string | null;
  listing_ids: ListingId[]; tenant_ids: TenantId[]; exhausted: boolean;
}
export interface CouponReadRow extends Omit<OfferedCouponRow, 'exhausted'> {
  max_redemptions: number | null; max_per_tenant: number | null; max_per_buyer: number | null; reserved: number; redeemed: number; created_at: Date;
}

export const COUPON_COLUMNS = `id, code, funding, provider_tenant_id, percent_hundredths, amount_minor, currency, starts_at, ends_at, active,
  minimum_minor, minimum_currency, listing_ids, tenant_ids, max_redemptions, max_per_tenant, max_per_buyer, reserved, redeemed, created_at`;

function termsOf(row: Omit<OfferedCouponRow, 'exhausted'>): CouponTerms {
  const { amount_minor, currency, minimum_minor, minimum_currency } = row;
  return {
    code: row.code, funding: row.funding, providerTenantId: row.provider_tenant_id,
    off: amount_minor !== null && currency !== null ? { kind: 'amount', amount: moneyOf(amount_minor, currency) } : { kind: 'percent', hundredths: row.percent_hundredths ?? 0 },
    startsAt: row.starts_at, endsAt: row.ends_at,
    minimumSubtotal: minimum_minor !== null && minimum_currency !== null ? moneyOf(minimum_minor, minimum_currency) : null,
    listingIds: row.listing_ids, tenantIds: row.tenant_ids,
  };
}

export function offeredCouponOf(row: OfferedCouponRow): OfferedCoupon {
  return { ...termsOf(row), id: row.id, active: row.active, exhausted: row.exhausted };
}

export function couponOf(row: CouponReadRow): Coupon {
  return {
    ...termsOf(row), id: row.id, active: row.active, createdAt: row.created_at, reserved: row.reserved, redemptions: row.redeemed,
    maxRedemptions: row.max_redemptions, maxRedemptionsPerTenant: row.max_per_tenant, maxRedemptionsPerBuyer: row.max_per_buyer,
  };
}

export function couponRowOf({ off, minimumSubtotal, ...coupon }: Coupon, codeKey: string): CouponRow {
  return {
    id: coupon.id, code: coupon.code, codeKey, funding: coupon.funding, providerTenantId: coupon.providerTenantId,
    percentHundredths: off.kind === 'percent' ? off.hundredths : null,
    amountMinor: off.kind === 'amount' ? off.amount.amountMinor : null, currency: off.kind === 'amount' ? off.amount.currency : null,
    startsAt: coupon.startsAt, endsAt: coupon.endsAt, active: coupon.active,
    maxRedemptions: coupon.maxRedemptions, maxPerTenant: coupon.maxRedemptionsPerTenant, maxPerBuyer: coupon.maxRedemptionsPerBuyer,
    minimumMinor: minimumSubtotal?.amountMinor ?? null, minimumCurrency: minimumSubtotal?.currency ?? null,
    listingIds: [...coupon.listingIds], tenantIds: [...coupon.tenantIds], reserved: coupon.reserved, redeemed: coupon.redemptions, createdAt: coupon.createdAt,
  };
}
