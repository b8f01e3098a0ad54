const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Pauses between the twelve tries to take something back: about 24 hours in all, then STUCK (purchase-saga, rule 7). */
const UNDO_PAUSES_MS = [SECOND, 5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 8 * HOUR];

/** Business milliseconds to wait after the `attempt`-th failed try (from 1); null: that was the last. */
export function undoPauseMs(attempt: number): number | null {
  return UNDO_PAUSES_MS[attempt - 1] ?? null;
}

/** Real milliseconds to wait before a call that nobody answered is made again, after `attempt` tries (from 1). */
export function callBackoffMs(attempt: number): number {
  return Math.min(30 * SECOND, 200 * 2 ** Math.min(attempt - 1, 12));
}
