import type { PricingPlanId } from '../../domain/ids';
import type { Listing } from '../../domain/listing/listing';
import type { PricingPlan } from '../../domain/pricing/plan';
import { decidePlan, MAX_ACTIVE_PLANS, type PlanDecision } from '../../domain/pricing/plan-terms';
import { under } from '../../domain/problem';
import type { AuthenticatedUser, Caller } from '../actor';
import { inRole, roleMissing } from '../listing/authorise';
import { factsOf } from '../listing/change-listing';
import type { ListingDependencies } from '../listing/dependencies';
import { lockListing } from '../listing/find-listing';
import { listingEvents } from '../listing/listing-events';
import type { Tx } from '../ports/unit-of-work';
import { ok, refused, type Result, userError, type UserError } from '../user-error';
import type { CreatePricingPlanInput } from './create-pricing-plan-request';
import { plansFixed } from './own-plan';

/**
 * A further, active plan of an own listing. Not while the listing is under review: what was reviewed is what is
 * approved. The listing's version counts its copy and status and does not change; `listing.updated` tells of it.
 */
export function createPricingPlan(dependencies: ListingDependencies) {
  return async (caller: Caller, input: CreatePricingPlanInput): Promise<Result<PricingPlanId>> => {
    if (!inRole(caller, 'provider')) return refused(roleMissing('provider'));
    const plan = decidePlan(draftOf(input, dependencies.defaultRefundWindowDays));
    return dependencies.unitOfWork.run(caller, (tx) => create(dependencies, tx, caller, input.listingId, plan), { commit: 'pricing-plan.create' });
  };
}

function draftOf(input: CreatePricingPlanInput, windowDays: number): Parameters<typeof decidePlan>[0] {
  return {
    kind: input.kind, name: input.name, prices: input.prices,
    seatsIncluded: input.seatsIncluded ?? null,
    accessDays: input.accessDays ?? null,
    perpetualOffline: input.perpetualOffline ?? false,
    billingInterval: input.billingInterval ?? null,
    intervalCount: input.intervalCount ?? null,
    trialDays: input.trialDays ?? 0,
    refundPolicy: input.refundPolicy ?? { windowDays, partial: true },
    seatReassignmentLimit: input.seatReassignmentLimit ?? null,
  };
}

async function create(dependencies: ListingDependencies, tx: Tx, caller: AuthenticatedUser, id: string, draft: PlanDecision): Promise<Result<PricingPlanId>> {
  const problems = draft.ok ? [] : under<UserError>(['input'], draft.problems);
  const found = await lockListing(dependencies, tx, caller, 'provider', id, ['input', 'listingId']);
  if (!found.ok) return refused(...found.errors, ...problems);
  const listing = found.value;
  const facts = await factsOf(dependencies, tx, listing);
  const obstacle = obstacleIn(listing, facts.plans);
  if (obstacle) problems.unshift(obstacle);
  if (!draft.ok || obstacle) return refused(...problems);
  const plan = planOf(tx.ids.next<PricingPlanId>(), listing, draft);
  await dependencies.plans.add(tx, plan);
  await dependencies.outbox.append(tx, listingEvents('update', listing, { ...facts, plans: [...facts.plans, plan] }));
  return ok(plan.id);
}

function planOf(id: PricingPlanId, listing: Listing, { terms, prices }: Extract<PlanDecision, { ok: true }>): PricingPlan {
  return { id, listingId: listing.id, providerTenantId: listing.providerTenantId, revision: 1, terms, prices, active: true };
}

function obstacleIn(listing: Listing, plans: readonly PricingPlan[]): UserError | null {
  const path = ['input', 'listingId'];
  const fixed = plansFixed(listing, path);
  if (fixed) return fixed;
  if (plans.filter((plan) => plan.active).length < MAX_ACTIVE_PLANS) return null;
  return userError('INVALID_INPUT', `A listing has at most ${MAX_ACTIVE_PLANS} active plans.`, path, { max: `${MAX_ACTIVE_PLANS}` });
}
