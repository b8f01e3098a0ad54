import { PricingPlanRow } from '../../../entities/pricing-plan';
import { PricingPlanPriceRow } from '../../../entities/pricing-plan-price';
import { PricingPlanRevisionRow } from '../../../entities/pricing-plan-revision';
import type { Plans } from '../../application/ports/plans';
import type { Tx } from '../../application/ports/unit-of-work';
import type { PricingPlan } from '../../domain/pricing/plan';
import { inside } from './transaction';

/** Plans for writing; cold paths, so TypeORM's. */
export class PostgresPlans implements Plans {
  async add(tx: Tx, { id, listingId, providerTenantId, revision, terms, prices, active }: PricingPlan): Promise<void> {
    const { entities, now } = inside(tx);
    await entities.insert(PricingPlanRow, { id, listingId, providerTenantId, kind: terms.kind, revision, active, createdAt: now });
    await entities.insert(PricingPlanRevisionRow, { planId: id, revision, providerTenantId, terms, validFrom: now, validUntil: null });
    await entities.insert(PricingPlanPriceRow, prices.map(({ currency, amountMinor }) => ({ planId: id, revision, providerTenantId, currency, amountMinor })));
  }
}
