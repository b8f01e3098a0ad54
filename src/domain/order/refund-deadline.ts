import type { OrderLine } from './order';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Until when a line may be given back: fulfilment plus its plan's window (domain-rules, "Refunds"). */
export function refundDeadlineOf(line: Pick<OrderLine, 'terms'>, fulfilledAt: Date): Date {
  return new Date(fulfilledAt.getTime() + line.terms.refundPolicy.windowDays * DAY_MS);
}
