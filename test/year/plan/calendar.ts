/** Days counted from 1 January 1970, UTC: whole numbers, so that nothing here knows hours or zones. */
export type Day = number;

const DAY_MS = 86_400_000;

export function dayOf(year: number, month: number, dayOfMonth: number): Day {
  return Date.UTC(year, month - 1, dayOfMonth) / DAY_MS;
}

export function isFirstOfMonth(day: Day): boolean {
  return partsOf(day).date === 1;
}

/** "2031-02-28". */
export function textOf(day: Day): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The instant at an hour of the day, milliseconds. */
export function instantOf(day: Day, hour: number): number {
  return day * DAY_MS + hour * 3_600_000;
}

/** So many months after a day, on its own day of the month or, where that month has no such day, on its last. */
export function monthsLater(day: Day, months: number): Day {
  const { year, month, date } = partsOf(day);
  const first = dayOf(year, month + months, 1);
  const next = dayOf(year, month + months + 1, 1);
  return Math.min(first + date - 1, next - 1);
}

function partsOf(day: Day): { readonly year: number; readonly month: number; readonly date: number } {
  const at = new Date(day * DAY_MS);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, date: at.getUTCDate() };
}
