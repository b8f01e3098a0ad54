/** Days of the calendar (UTC) as text, "2026-03-01". */
const DAY_MS = 24 * 60 * 60 * 1_000;

export function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}

/** When the day begins. */
export function startOf(day: string): Date {
  return new Date(`${day}T00:00:00.000Z`);
}

/** The next monthly day of payouts on or after this instant's. `dayOfMonth` is from 1 to 28, so that every month has it. */
export function nextMonthly(from: Date, dayOfMonth: number): string {
  const inMonth = (offset: number) => dayOf(new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + offset, dayOfMonth)));
  return [inMonth(0), inMonth(1)].find((day) => day >= dayOf(from)) ?? inMonth(1);
}

/** The next day on which the account can be paid: a monthly one, after today, that does not begin before the hold has ended. */
export function nextPayoutOn(now: Date, heldUntil: Date, dayOfMonth: number): string {
  const latest = Math.max(now.getTime() + 1, heldUntil.getTime());
  return nextMonthly(new Date(Math.ceil(latest / DAY_MS) * DAY_MS), dayOfMonth);
}
