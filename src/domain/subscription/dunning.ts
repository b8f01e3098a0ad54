/** Days counted from the period's end. */
export interface DunningPolicy {
  /** When a softly declined renewal is tried again. */
  readonly retryDays: readonly number[];
  /** When access ends, after that day's try. */
  readonly graceDays: number;
  /** When the renewal is given up. */
  readonly suspensionDays: number;
}

export interface DunningMoment {
  readonly kind: 'try' | 'suspend' | 'expire';
  readonly at: Date;
}

const DAY_MS = 24 * 60 * 60 * 1_000;
const RANK = { try: 0, suspend: 1, expire: 2 } as const;

/** What becomes of a renewal that is not paid, in its order; at one instant, the try comes first (domain-rules, "Subscriptions"). */
export function dunningMoments(policy: DunningPolicy, periodEnd: Date): DunningMoment[] {
  const on = (kind: DunningMoment['kind'], day: number): DunningMoment => ({ kind, at: new Date(periodEnd.getTime() + day * DAY_MS) });
  return [
    ...policy.retryDays.filter((day) => day < policy.suspensionDays).map((day) => on('try', day)), on('suspend', policy.graceDays), on('expire', policy.suspensionDays),
  ].sort((left, right) => left.at.getTime() - right.at.getTime() || RANK[left.kind] - RANK[right.kind]);
}
