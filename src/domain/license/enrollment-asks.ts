const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** When enrollment-service is asked again about an assignment that it has not answered for, counted from the assignment. */
const ASKS_MS = [MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 6 * HOUR_MS] as const;
/** When a silent assignment is given up and its seat free again, counted likewise. */
const GIVE_UP_MS = 24 * HOUR_MS;

/** What is due about an assignment that nobody has answered for (domain-rules, "Seats"). */
export type DueAsk = { readonly kind: 'ask'; readonly nextAt: Date } | { readonly kind: 'give-up' };

export function firstAskOf(assignedAt: Date): Date {
  return new Date(assignedAt.getTime() + ASKS_MS[0]);
}

/** Asks that were missed together (nobody was there to ask) are one ask. */
export function dueAsk(assignedAt: Date, now: Date): DueAsk {
  const elapsedMs = now.getTime() - assignedAt.getTime();
  if (elapsedMs >= GIVE_UP_MS) return { kind: 'give-up' };
  const nextMs = ASKS_MS.find((askMs) => askMs > elapsedMs) ?? GIVE_UP_MS;
  return { kind: 'ask', nextAt: new Date(assignedAt.getTime() + nextMs) };
}
