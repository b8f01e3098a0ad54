import type { OrderLineId } from '../ids';
import { spread } from '../largest-remainder';
import { money } from '../money';
import type { CurrencyCode, Money } from '../money';
import { leftMinor } from './refundability';
import type { LineRefundability, RefundableLine } from './refundability';

/** Which seats of a line go back with its money: all, those never consumed, or none. */
export type SeatsBack = 'ALL' | 'UNCONSUMED' | 'NONE';

export interface PlannedLine {
  readonly lineId: OrderLineId;
  readonly amount: Money;
  readonly seats: SeatsBack;
}

/** A refund under the policy: what each line yields; a line of which nothing is left loses its consumed seats too. */
export function policyRefund(lines: readonly RefundableLine[], eligible: readonly LineRefundability[]): PlannedLine[] {
  return eligible.map(({ line, amount }) => ({ lineId: line.id, amount, seats: isAllOf(lines, line.id, amount) ? 'ALL' : 'UNCONSUMED' }));
}

/**
 * An operator's refund, spread over the lines by what is left of each; null: more than that. Below everything that is
 * left it is money only (domain-rules, "Refunds").
 */
export function operatorRefund(lines: readonly RefundableLine[], amountMinor: bigint, currency: CurrencyCode): PlannedLine[] | null {
  const left = lines.map(leftMinor);
  const everything = left.reduce((sum, one) => sum + one, 0n);
  if (amountMinor > everything) return null;
  const parts = spread(amountMinor, left);
  return lines.flatMap(({ line }, index): PlannedLine[] => {
    const part = parts[index] ?? 0n;
    return part === 0n ? [] : [{ lineId: line.id, amount: money(part, currency), seats: amountMinor === everything ? 'ALL' : 'NONE' }];
  });
}

export interface UnaskedRefund {
  readonly lines: readonly { readonly lineId: OrderLineId; readonly amount: Money }[];
  /** What is over everything that was left. */
  readonly excess: Money;
  /** Seats and licences of the order go, and a refund that is open cannot go through. */
  readonly takesBack: boolean;
}

/**
 * Money that billing moved without being asked, over the lines by largest remainder of what has not settled yet: a
 * refund that is only requested has moved nothing.
 */
export function unaskedRefund(lines: readonly RefundableLine[], amountMinor: bigint, currency: CurrencyCode, dispute: boolean): UnaskedRefund {
  const left = lines.map(({ line, facts }) => line.total.amountMinor - facts.settledMinor);
  const everything = left.reduce((sum, one) => sum + one, 0n);
  const within = amountMinor < everything ? amountMinor : everything;
  const parts = spread(within, left);
  return {
    lines: lines.flatMap(({ line }, index) => (parts[index] ? [{ lineId: line.id, amount: money(parts[index], currency) }] : [])),
    excess: money(amountMinor - within, currency),
    takesBack: dispute || within === everything,
  };
}

function isAllOf(lines: readonly RefundableLine[], lineId: OrderLineId, amount: Money): boolean {
  return lines.some((candidate) => candidate.line.id === lineId && leftMinor(candidate) === amount.amountMinor);
}
