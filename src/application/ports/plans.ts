import type { PricingPlanId } from '../../domain/ids';
import type { PricingPlan } from '../../domain/pricing/plan';
import type { Tx } from './unit-of-work';

/** Plans for writing; {@link PlanReader} is for reading. */
export interface Plans {
  /** Stores a new plan with its first revision, valid from now. */
  add(tx: Tx, plan: PricingPlan): Promise<void>;
  /**
   * Stores the next revision of a plan, valid from now; the one before it was valid until then.
   * @throws when the stored revision is not the one before it: the plan's listing was not locked
   */
  revise(tx: Tx, plan: PricingPlan): Promise<void>;
  /** Takes a plan off sale from now on. */
  retire(tx: Tx, id: PricingPlanId): Promise<void>;
}
