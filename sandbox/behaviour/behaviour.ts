import { z } from 'zod';

const minorUnits = z.string().regex(/^(0|[1-9]\d*)$/);
const policies = z.strictObject({
  allowedCurrencies: z.array(z.string()).exactOptional(),
  purchaseCaps: z
    .array(z.strictObject({
      currency: z.string(),
      perOrderMinor: minorUnits.exactOptional(),
      perMonthMinor: minorUnits.exactOptional(),
    }))
    .exactOptional(),
});

const switches = {
  payment: z.enum(['succeed', 'decline', 'decline_hard', 'manual', 'never', 'succeed_late', 'wrong_amount', 'processing']),
  cancel: z.enum(['accept', 'refuse']),
  paymentHttp: z.enum(['ok', 'error500', 'timeout_after_effect', 'slow', 'reject']),
  refund: z.enum(['succeed', 'fail', 'never']),
  enrollment: z.enum(['create', 'reject', 'never', 'partial']),
  settleAfterMs: z.number().int().min(0).max(86_400_000),
  duplicateEvents: z.number().int().min(0).max(10),
  reorderEvents: z.boolean(),
  kyc: z.enum(['verified', 'pending', 'rejected']),
  policies,
  /** Stripe's answer to a transfer. Errors other than rate limits are saved under the idempotency key. */
  transfer: z.enum(['succeed', 'refuse', 'error500', 'error500_after_effect', 'timeout_after_effect', 'rate_limited']),
  /** How long Stripe remembers an idempotency key. */
  stripeKeyKeptMs: z.number().int().min(0).max(86_400_000),
  stripeOnboarding: z.enum(['complete', 'manual', 'refuse']),
};

/** How the neighbours behave towards one tenant. */
export type Behaviour = { readonly [K in keyof typeof switches]: z.infer<(typeof switches)[K]> };
/** The switches that were set; the others have their defaults. */
export type BehaviourSettings = Partial<Behaviour>;
/** A change: a value sets a switch, null takes it back, absent leaves it. */
export type BehaviourChange = { readonly [K in keyof Behaviour]?: Behaviour[K] | null };

export const behaviourChangeSchema: z.ZodType<BehaviourChange & { tid?: string }> = z.strictObject({
  tid: z.string().min(1).exactOptional(),
  payment: switches.payment.nullable().exactOptional(),
  cancel: switches.cancel.nullable().exactOptional(),
  paymentHttp: switches.paymentHttp.nullable().exactOptional(),
  refund: switches.refund.nullable().exactOptional(),
  enrollment: switches.enrollment.nullable().exactOptional(),
  settleAfterMs: switches.settleAfterMs.nullable().exactOptional(),
  duplicateEvents: switches.duplicateEvents.nullable().exactOptional(),
  reorderEvents: switches.reorderEvents.nullable().exactOptional(),
  kyc: switches.kyc.nullable().exactOptional(),
  policies: switches.policies.nullable().exactOptional(),
  transfer: switches.transfer.nullable().exactOptional(),
  stripeKeyKeptMs: switches.stripeKeyKeptMs.nullable().exactOptional(),
  stripeOnboarding: switches.stripeOnboarding.nullable().exactOptional(),
});

/** Neighbours at their best: what holds while nothing is set. */
export const DEFAULT_BEHAVIOUR: Behaviour = {
  payment: 'succeed',
  cancel: 'accept',
  paymentHttp: 'ok',
  refund: 'succeed',
  enrollment: 'create',
  settleAfterMs: 50,
  duplicateEvents: 0,
  reorderEvents: false,
  kyc: 'verified',
  policies: {},
  transfer: 'succeed',
  stripeKeyKeptMs: 86_400_000,
  stripeOnboarding: 'complete',
};

/** Merges a change into what is set. */
export function mergeBehaviour(settings: BehaviourSettings, change: BehaviourChange): BehaviourSettings {
  const merged = Object.entries({ ...settings, ...change }).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(merged) as BehaviourSettings;
}

/** A tenant's own switch wins over the global one, that over the default. */
export function effectiveBehaviour(global: BehaviourSettings, ofTenant: BehaviourSettings): Behaviour {
  return { ...DEFAULT_BEHAVIOUR, ...global, ...ofTenant };
}
