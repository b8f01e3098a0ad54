import { PricingPlanRow } from '../../../entities/pricing-plan';
import { PricingPlanPriceRow } from '../../../entities/pricing-plan-price';
import { PricingPlanRevisionRow } from '../../../entities/pricing-plan-revision';
import type { Plans } from '../../application/ports/plans';
import type { Tx } from '../../application/ports/unit-of-work';
import type { PricingPlanId } from '../../domain/ids';
import type { PricingPlan } from '../../domain/pricing/plan';
import { inside } from './transaction';

/** Plans for writing; cold paths, so TypeORM's. */
export class PostgresPlans implements Plans {
  async add(tx: Tx, plan: PricingPlan): Promise<void> {
    const { entities, now } = inside(tx);
    const { id, listingId, providerTenantId, revision, terms, active } = plan;
    await entities.insert(PricingPlanRow, { id, listingId, providerTenantId, kind: terms.kind, revision, active, createdAt: now });
    await addRevision(tx, plan);
  }

  async revise(tx: Tx, plan: PricingPlan): Promise<void> {
    const { entities } = inside(tx);
    const { affected } = await entities.update(PricingPlanRow, { id: plan.id, revision: plan.revision - 1 }, { revision: plan.revision });
    if (affected !== 1) throw new Error(`plan ${plan.id} is not at revision ${plan.revision - 1}: its listing must be locked before it is revised`);
    await addRevision(tx, plan);
  }

  async retire(tx: Tx, id: PricingPlanId): Promise<void> {
    const { entities, now } = inside(tx);
    await entities.update(PricingPlanRow, { id, active: true }, { active: false, retiredAt: now });
  }
}

async function addRevision(tx: Tx, { id, providerTenantId, revision, terms, prices }: PricingPlan): Promise<void> {
  const { entities, now } = inside(tx);
  await entities.insert(PricingPlanRevisionRow, { planId: id, revision, providerTenantId, terms, validFrom: now });
  await entities.insert(PricingPlanPriceRow, prices.map(({ currency, amountMinor }) => ({ planId: id, revision, providerTenantId, currency, amountMinor })));
}
