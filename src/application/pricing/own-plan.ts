import { parseId, type PricingPlanId } from '../../domain/ids';
import type { ListingFacts } from '../../domain/listing/decide';
import { isEditable, possibleCommands } from '../../domain/listing/lifecycle';
import type { Listing } from '../../domain/listing/listing';
import type { PricingPlan } from '../../domain/pricing/plan';
import type { AuthenticatedUser } from '../actor';
import { factsOf } from '../listing/change-listing';
import type { ListingDependencies } from '../listing/dependencies';
import { lockListing } from '../listing/find-listing';
import type { Tx } from '../ports/unit-of-work';
import { ok, refused, type Result, userError, type UserError } from '../user-error';

export interface OwnPlan {
  readonly plan: PricingPlan;
  readonly listing: Listing;
  readonly facts: ListingFacts;
}

/**
 * An own plan that may change now. Its listing is locked, and with it all of its plans: what is read here is what is
 * stored until the transaction ends. `path` names the plan's id in the arguments.
 */
export async function lockOwnPlan(dependencies: ListingDependencies, tx: Tx, caller: AuthenticatedUser, id: string, path: readonly string[]): Promise<Result<OwnPlan>> {
  const planId = parseId<PricingPlanId>(id);
  const [seen] = planId === null ? [] : await dependencies.readers.plans.byIds(tx, [planId]);
  if (seen === undefined) return refused(noSuchPlan(path));
  const found = await lockListing(dependencies, tx, caller, 'provider', seen.listingId, path);
  if (!found.ok) return found;
  const facts = await factsOf(dependencies, tx, found.value);
  const plan = facts.plans.find((candidate) => candidate.id === planId);
  if (plan === undefined) return refused(noSuchPlan(path));
  const obstacle = plansFixed(found.value, path);
  return obstacle ? refused(obstacle) : ok({ plan, listing: found.value, facts });
}

/** The facts once the plan is what it is to become: what events tell. */
export function withPlan(facts: ListingFacts, changed: PricingPlan): ListingFacts {
  return { ...facts, plans: facts.plans.map((plan) => (plan.id === changed.id ? changed : plan)) };
}

/** What was reviewed is what is approved, and what is archived is done with: then plans do not change either. */
export function plansFixed({ status }: Pick<Listing, 'status'>, path: readonly string[]): UserError | null {
  if (isEditable(status)) return null;
  const hint = status === 'SUBMITTED' ? 'Withdraw it from review first.' : 'That is final.';
  return userError('ILLEGAL_TRANSITION', `The plans of a listing that is ${status} cannot change. ${hint}`, path, { status, possible: possibleCommands(status).join(',') });
}

function noSuchPlan(path: readonly string[]): UserError {
  return userError('NOT_FOUND', 'There is no such pricing plan.', path);
}
