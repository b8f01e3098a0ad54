/**
 * Named points at every commit and every outside effect, where tests kill the process to prove that nothing is lost.
 * Without `FAULT_KILL_AT` in the environment (production never has it) a point costs one comparison.
 */
export const COMMITS = [
  'order.place', 'order.cancel', 'saga.reply', 'saga.timer', 'consume.billing', 'consume.enrollment', 'consume.content', 'consume.catalog', 'outbox.mark',
] as const;
export const OUTSIDE_EFFECTS = [
  'billing.process-payment', 'billing.cancel-payment', 'billing.refund-payment', 'outbox.publish', 'consume.ack',
] as const;

/** Every point there is: before and after each commit, before and after each outside effect. */
export const FAULT_POINTS: readonly string[] = [
  ...COMMITS.flatMap((name) => [`${name}:before-commit`, `${name}:after-commit`]),
  ...OUTSIDE_EFFECTS.flatMap((name) => [`${name}:before`, `${name}:after`]),
];

/** `FAULT_KILL_AT=<point>#<n>`: SIGKILL to this very process when the point is passed for the n-th time. */
const [target, nth] = (process.env.FAULT_KILL_AT ?? '').split('#');
let passed = 0;

export function faultPoint(name: string): void {
  if (!target || name !== target) return;
  passed += 1;
  if (passed === Number(nth ?? 1)) process.kill(process.pid, 'SIGKILL');
}
