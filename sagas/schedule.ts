/** Durations of the frozen contract, in milliseconds of business time. */
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** When enrollment-service is asked again about seats that it has not answered for, counted from the grant. */
export const ENROLLMENT_ASKS = [MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR] as const;
/** The next time to ask after `now`; null: all of them are past. */
export function nextAsk(grantedAt: Date, now: Date): Date | null {
  return ENROLLMENT_ASKS.map((pause) => after(grantedAt, pause)).find((at) => at > now) ?? null;
}

/** When billing is asked about a refund that it took on but never told the end of, counted from the request. */
export const REFUND_ASKS = [HOUR, 6 * HOUR, 24 * HOUR] as const;

export function after(start: Date, milliseconds: number): Date {
  return new Date(start.getTime() + milliseconds);
}
