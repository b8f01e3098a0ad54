import type { PlanReader } from '../../application/ports/readers';
import type { Tx } from '../../application/ports/unit-of-work';
import type { ListingId, PricingPlanId } from '../../domain/ids';
import type { PlanRevision, PricingPlan } from '../../domain/pricing/plan';
import { planOf, PRICES_OF_REVISION, type PlanRow, revisionOf, type RevisionRow } from './plan-rows';
import { AMONG_IDS } from './rows';
import { inside } from './transaction';

/** Plans with terms and prices in one statement each; every quote and every order asks, so they are prepared. */
export class PostgresPlanReader implements PlanReader {
  async byIds(tx: Tx, ids: readonly PricingPlanId[]): Promise<PricingPlan[]> {
    const rows = await inside(tx).prepared<PlanRow>('plans-by-ids', `${CURRENT_PLANS} where p.id = ${AMONG_IDS}`, [ids]);
    return rows.map(planOf);
  }

  async ofListings(tx: Tx, ids: readonly ListingId[]): Promise<PricingPlan[]> {
    const rows = await inside(tx).prepared<PlanRow>('plans-of-listings', `${CURRENT_PLANS} where p.listing_id = ${AMONG_IDS} order by p.created_at, p.id`, [ids]);
    return rows.map(planOf);
  }

  async revisions(tx: Tx, ids: readonly PricingPlanId[]): Promise<PlanRevision[]> {
    const rows = await inside(tx).query<RevisionRow>(
      `select r.plan_id, r.revision, r.terms, r.valid_from, ${PRICES_OF_REVISION} as prices,
         coalesce(lead(r.valid_from) over (partition by r.plan_id order by r.revision), p.retired_at) as valid_until
       from marketplace.pricing_plan_revision r join marketplace.pricing_plan p on p.id = r.plan_id where r.plan_id = any ($1::uuid[]) order by r.plan_id, r.revision`,
      [ids],
    );
    return rows.map(revisionOf);
  }
}

const CURRENT_PLANS = `
  select p.id, p.listing_id, p.provider_tenant_id, p.revision, p.active, r.terms, ${PRICES_OF_REVISION} as prices
  from marketplace.pricing_plan p
  join marketplace.pricing_plan_revision r on r.plan_id = p.id and r.revision = p.revision`;
