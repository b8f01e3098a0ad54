import type { Behaviour } from '../../support/sandbox-client';
import type { PlanName } from '../../support/shop';

/** One buyer's way through the shop, with the manners that the neighbours show to them. */
export interface Journey {
  readonly plan: PlanName;
  /** Learners named with the order; none: the buyer, for themselves. */
  readonly learners?: number;
  /** What the neighbours do to this buyer's tenant until it is healed. */
  readonly behaviour: Behaviour;
  /** Billing says something else than what is true, as soon as there is a payment. */
  readonly contradiction?: true;
  readonly cancel?: true;
  readonly refund?: true;
  /** Seats are assigned and released once the order is kept. */
  readonly seats?: true;
  /** The tenant's orders of this month are capped, and others of it are under way. */
  readonly capped?: true;
}

const ONE_LICENSE = { plan: 'single', behaviour: {} } as const satisfies Journey;

/** Every kind of purchase; a name that a fault of the neighbours stands behind is counted as that fault. */
export const JOURNEYS = {
  'plain': ONE_LICENSE,
  'free': { plan: 'free', behaviour: {} },
  'site': { plan: 'site', behaviour: {}, learners: 2 },
  'pack with learners': { plan: 'pack', behaviour: {}, learners: 3 },
  'seats': { plan: 'pack', behaviour: {}, learners: 1, seats: true },
  'refund': { ...ONE_LICENSE, refund: true },
  'cancel': { ...ONE_LICENSE, behaviour: { payment: 'never' }, cancel: true },
  'capped': { ...ONE_LICENSE, capped: true },
  'billing declines': { ...ONE_LICENSE, behaviour: { payment: 'decline' } },
  'billing takes a wrong amount': { ...ONE_LICENSE, behaviour: { payment: 'wrong_amount' } },
  'billing answers 500': { ...ONE_LICENSE, behaviour: { paymentHttp: 'error500' } },
  'billing times out after the effect': { ...ONE_LICENSE, behaviour: { paymentHttp: 'timeout_after_effect' } },
  'billing is slow': { ...ONE_LICENSE, behaviour: { paymentHttp: 'slow' } },
  'billing settles late': { ...ONE_LICENSE, behaviour: { payment: 'succeed_late' }, cancel: true },
  'billing is processing': { ...ONE_LICENSE, behaviour: { payment: 'processing', settleAfterMs: 1_500 } },
  'events are duplicated': { plan: 'pack', behaviour: { duplicateEvents: 3 }, learners: 2 },
  'events are reordered': { plan: 'pack', behaviour: { reorderEvents: true, duplicateEvents: 1, settleAfterMs: 0 }, learners: 4 },
  'events contradict each other': { ...ONE_LICENSE, behaviour: { settleAfterMs: 600 }, contradiction: true },
  'refunds are refused': { ...ONE_LICENSE, behaviour: { enrollment: 'reject', refund: 'fail' } },
  'refunds are silent': { ...ONE_LICENSE, behaviour: { enrollment: 'reject', refund: 'never' } },
  'enrollment is silent': { plan: 'pack', behaviour: { enrollment: 'never' }, learners: 2 },
  'enrollment is partial': { plan: 'pack', behaviour: { enrollment: 'partial' }, learners: 3 },
} as const satisfies Record<string, Journey>;

export type JourneyName = keyof typeof JOURNEYS;
export const JOURNEY_NAMES = Object.keys(JOURNEYS) as JourneyName[];
/** The journeys that are faults of a neighbour. */
export const NEIGHBOUR_FAULTS = JOURNEY_NAMES.filter((name) => /^(billing|events|refunds|enrollment) /.test(name));
