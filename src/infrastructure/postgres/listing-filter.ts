import type { ListingFilter, PlanFilter } from '../../application/ports/readers';
import { Conditions } from './keyset';

/**
 * The filter as SQL over `listing l`. Each status is written out, so that partial indexes are seen to apply. Tags and
 * words are not leakproof, so the policy comes first and they sift what an index on plain columns has found.
 */
export function listingConditions({ courseIds, providerTenantId, statuses, tags, featured, plan, hits, words }: ListingFilter): Conditions {
  const conditions = new Conditions()
    .where(courseIds, (p) => `l.course_id = any (${p}::uuid[])`)
    .where(providerTenantId, (p) => `l.provider_tenant_id = ${p}`)
    .also(statuses && (statuses.length === 0 ? 'false' : `l.status in (${statuses.map((status) => `'${status}'`).join(', ')})`))
    .where(hits, (p) => `l.id = any (${p}::uuid[])`)
    .where(featured, (p) => `l.featured = ${p}`)
    .where(tags, (p) => `l.tags @> ${p}::text[]`)
    .where(words, (p) => `l.search @@ websearch_to_tsquery('simple', ${p})`);
  return plan ? conditions.also(planCondition(plan, conditions)) : conditions;
}

function planCondition({ kinds, currency, maxMinor }: PlanFilter, conditions: Conditions): string {
  const sold = new Conditions(conditions.values)
    .also('p.listing_id = l.id and p.active')
    .where(kinds, (p) => `p.kind = any (${p}::text[])`)
    .where(currency, (p) => `price.currency = ${p}`)
    .where(maxMinor?.toString(), (p) => `${PRICE_OF_ONE_SEAT} <= ${p}::bigint`);
  return `exists (select 1 ${ACTIVE_PRICES} where ${sold.sql})`;
}

/** Every price of every plan's present revision, as `p`, `r` and `price`. */
export const ACTIVE_PRICES = `
  from marketplace.pricing_plan p
  join marketplace.pricing_plan_revision r on r.plan_id = p.id and r.revision = p.revision
  join marketplace.pricing_plan_price price on price.plan_id = p.id and price.revision = p.revision`;

const SHARES = `(coalesce((r.terms ->> 'seatsIncluded')::bigint, 1) * coalesce((r.terms ->> 'intervalCount')::bigint, 1))`;
/** Rounded half-up, as the domain's `lowestPrice` shows it; rounding keeps the order. */
export const PRICE_OF_ONE_SEAT = `((2 * price.amount_minor + ${SHARES}) / (2 * ${SHARES}))`;
