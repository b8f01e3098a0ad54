import type { PricingPlanId } from '../../domain/ids';
import type { PricingPlan } from '../../domain/pricing/plan';
import { decideRevision, type PlanChanges } from '../../domain/pricing/plan-revision';
import { under } from '../../domain/problem';
import type { AuthenticatedUser, Caller } from '../actor';
import type { NewEvent } from '../events/event-envelope';
import { inRole, roleMissing } from '../listing/authorise';
import type { ListingDependencies } from '../listing/dependencies';
import { listingEvents, pricesOf } from '../listing/listing-events';
import type { Tx } from '../ports/unit-of-work';
import { ok, refused, type Result, userError, type UserError } from '../user-error';
import { lockOwnPlan, withPlan } from './own-plan';
import type { RevisePricingPlanInput } from './revise-pricing-plan-request';

/**
 * A further revision of an own plan, sold from now on. Earlier revisions stay as they are, and orders and licences
 * keep the terms that they were bought with. Several at once become as many revisions, one after the other.
 */
export function revisePricingPlan(dependencies: ListingDependencies) {
  return async (caller: Caller, input: RevisePricingPlanInput): Promise<Result<PricingPlanId>> => {
    if (!inRole(caller, 'provider')) return refused(roleMissing('provider'));
    return dependencies.unitOfWork.run(caller, (tx) => revise(dependencies, tx, caller, input), { commit: 'pricing-plan.revise' });
  };
}

async function revise(dependencies: ListingDependencies, tx: Tx, caller: AuthenticatedUser, input: RevisePricingPlanInput): Promise<Result<PricingPlanId>> {
  const found = await lockOwnPlan(dependencies, tx, caller, input.id, ['input', 'id']);
  if (!found.ok) return found;
  const { plan, listing, facts } = found.value;
  if (!plan.active) return refused(userError('PLAN_NOT_ACTIVE', 'The plan is retired; create a new one instead.', ['input', 'id']));
  const decision = decideRevision(plan, changesOf(input, dependencies.defaultRefundWindowDays));
  if (!decision.ok) return refused(...under<UserError>(['input'], decision.problems));
  await dependencies.plans.revise(tx, decision.plan);
  await dependencies.outbox.append(tx, [revised(decision.plan), ...listingEvents('update', listing, withPlan(facts, decision.plan))]);
  return ok(plan.id);
}

function changesOf({ name, prices, refundPolicy, seatReassignmentLimit }: RevisePricingPlanInput, windowDays: number): PlanChanges {
  return {
    ...(name !== undefined && { name: name ?? '' }),
    ...(prices !== undefined && { prices: prices ?? [] }),
    ...(refundPolicy !== undefined && { refundPolicy: refundPolicy ?? { windowDays, partial: true } }),
    ...(seatReassignmentLimit !== undefined && { seatReassignmentLimit }),
  };
}

function revised(plan: PricingPlan): NewEvent<'marketplace.pricing_plan.revised.v1'> {
  const { id, listingId, providerTenantId, revision } = plan;
  return { type: 'marketplace.pricing_plan.revised.v1', subject: id, tenantId: providerTenantId, data: { planId: id, listingId, revision, prices: pricesOf(plan) } };
}
