import type { PricingPlan } from '../../domain/pricing/plan';
import type { Tx } from './unit-of-work';

/** Plans for writing; {@link PlanReader} is for reading. */
export interface Plans {
  /** Stores a new plan with its first revision, valid from now. */
  add(tx: Tx, plan: PricingPlan): Promise<void>;
}
