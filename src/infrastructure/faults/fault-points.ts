import { COMMITS } from '../../application/ports/unit-of-work';
import type { CommitName } from '../../application/ports/unit-of-work';

/** Everything that takes effect outside of the database. */
export const OUTSIDE_EFFECTS = ['billing.process-payment', 'billing.cancel-payment', 'billing.refund-payment', 'stripe.create-account', 'stripe.create-transfer', 'outbox.publish', 'consume.ack'] as const;
export type OutsideEffect = (typeof OUTSIDE_EFFECTS)[number];

export type FaultPoint = `${CommitName}:${'before-commit' | 'after-commit'}` | `${OutsideEffect}:${'before' | 'after'}`;

/** Named points before and after every commit and every outside effect, where tests kill the process to prove that nothing is lost. */
export const FAULT_POINTS: readonly FaultPoint[] = [
  ...COMMITS.flatMap((name) => [`${name}:before-commit`, `${name}:after-commit`] as const),
  ...OUTSIDE_EFFECTS.flatMap((name) => [`${name}:before`, `${name}:after`] as const),
];

/**
 * `FAULT_KILL_AT=<point>#<n>`: SIGKILL to this very process when the point is passed for the n-th time;
 * `FAULT_STOP_AT` likewise: SIGSTOP, a replica that hangs until somebody lets it go on.
 * Without them (production never has it) a point costs one comparison.
 */
const SIGNAL = process.env.FAULT_KILL_AT ? 'SIGKILL' : 'SIGSTOP';
const [target, nth] = (process.env.FAULT_KILL_AT ?? process.env.FAULT_STOP_AT ?? '').split('#');
let passed = 0;

export function faultPoint(name: FaultPoint): void {
  if (!target || name !== target) return;
  passed += 1;
  if (passed === Number(nth ?? 1)) process.kill(process.pid, SIGNAL);
}
