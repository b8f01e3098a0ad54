import type { PlanTerms } from '../../domain/pricing/plan';

/** Terms as stored; those of before there were subscriptions do not say that they have no period. */
export function termsOf(stored: PlanTerms): PlanTerms {
  return 'intervalCount' in stored ? stored : { ...(stored as PlanTerms), billingInterval: null, intervalCount: null };
}
