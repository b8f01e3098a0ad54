import { toDecimal } from '../money';
import type { Problem } from '../problem';
import type { PricingPlan } from './plan';
import { decidePlan, type PlanDraft } from './plan-terms';

/** What a revision changes; what is left out stays. */
export type PlanChanges = Partial<Pick<PlanDraft, 'name' | 'prices' | 'refundPolicy' | 'seatReassignmentLimit'>>;

export type RevisionDecision =
  | { readonly ok: true; readonly plan: PricingPlan }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * The plan at its next revision (domain rules, "Plans"), or everything that is wrong with the changes. Kind, seats and
 * validity are what the plan is: for others a provider makes another plan.
 */
export function decideRevision(plan: PricingPlan, changes: PlanChanges): RevisionDecision {
  const decision = decidePlan({ ...draftOf(plan), ...changes });
  if (!decision.ok) return decision;
  return { ok: true, plan: { ...plan, revision: plan.revision + 1, terms: decision.terms, prices: decision.prices } };
}

function draftOf({ terms, prices }: PricingPlan): PlanDraft {
  return { ...terms, prices: prices.map((price) => ({ amount: toDecimal(price), currency: price.currency })) };
}
