import type { PricingPlanId } from '../../domain/ids';
import type { AuthenticatedUser, Caller } from '../actor';
import { inRole, roleMissing } from '../listing/authorise';
import type { ListingDependencies } from '../listing/dependencies';
import { listingEvents } from '../listing/listing-events';
import type { Tx } from '../ports/unit-of-work';
import { ok, refused, type Result } from '../user-error';
import { lockOwnPlan, withPlan } from './own-plan';

/** Takes an own plan off sale for good; what was sold lives on. One that is retired already stays as it is. */
export function retirePricingPlan(dependencies: ListingDependencies) {
  return async (caller: Caller, id: string): Promise<Result<PricingPlanId>> => {
    if (!inRole(caller, 'provider')) return refused(roleMissing('provider'));
    return dependencies.unitOfWork.run(caller, (tx) => retire(dependencies, tx, caller, id), { commit: 'pricing-plan.retire' });
  };
}

async function retire(dependencies: ListingDependencies, tx: Tx, caller: AuthenticatedUser, id: string): Promise<Result<PricingPlanId>> {
  const found = await lockOwnPlan(dependencies, tx, caller, id, ['id']);
  if (!found.ok) return found;
  const { plan, listing, facts } = found.value;
  if (!plan.active) return ok(plan.id);
  await dependencies.plans.retire(tx, plan.id);
  await dependencies.outbox.append(tx, listingEvents('update', listing, withPlan(facts, { ...plan, active: false })));
  return ok(plan.id);
}
