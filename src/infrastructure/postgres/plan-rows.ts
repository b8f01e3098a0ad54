import type { ListingId, PricingPlanId, TenantId } from '../../domain/ids';
import { type CurrencyCode, money, type Money } from '../../domain/money';
import type { PlanRevision, PlanTerms, PricingPlan } from '../../domain/pricing/plan';
import { termsOf } from './terms';

/** Minor units as text: JSON numbers would lose digits. */
interface PriceJson {
  readonly currency: string;
  readonly amount_minor: string;
}
export interface PlanRow {
  readonly id: string;
  readonly listing_id: string;
  readonly provider_tenant_id: string;
  readonly revision: number;
  readonly active: boolean;
  readonly terms: PlanTerms;
  readonly prices: readonly PriceJson[];
}
export interface RevisionRow {
  readonly plan_id: string;
  readonly revision: number;
  readonly terms: PlanTerms;
  readonly prices: readonly PriceJson[];
  readonly valid_from: Date;
  readonly valid_until: Date | null;
}

/** The prices of `pricing_plan_revision r` as one JSON array, by currency. */
export const PRICES_OF_REVISION = `
  (select coalesce(jsonb_agg(jsonb_build_object('currency', price.currency, 'amount_minor', price.amount_minor::text) order by price.currency), '[]')
   from marketplace.pricing_plan_price price where price.plan_id = r.plan_id and price.revision = r.revision)`;

export function planOf(row: PlanRow): PricingPlan {
  return {
    id: row.id as PricingPlanId,
    listingId: row.listing_id as ListingId,
    providerTenantId: row.provider_tenant_id as TenantId,
    revision: row.revision,
    terms: termsOf(row.terms),
    prices: row.prices.map(priceOf),
    active: row.active,
  };
}

export function revisionOf(row: RevisionRow): PlanRevision {
  return {
    planId: row.plan_id as PricingPlanId,
    revision: row.revision,
    terms: termsOf(row.terms),
    prices: row.prices.map(priceOf),
    validFrom: row.valid_from,
    validUntil: row.valid_until,
  };
}

function priceOf({ amount_minor, currency }: PriceJson): Money {
  return money(BigInt(amount_minor), currency as CurrencyCode);
}
