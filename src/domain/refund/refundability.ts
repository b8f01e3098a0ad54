import type { OrderId, OrderLineId } from '../ids';
import { money, sum, toDecimal, zero } from '../money';
import type { CurrencyCode, Money } from '../money';
import type { Order, OrderLine } from '../order/order';
import { refundDeadlineOf } from '../order/refund-deadline';

export const REFUND_BLOCKERS = ['NOT_FULFILLED', 'DEADLINE_PASSED', 'SEATS_CONSUMED', 'ALREADY_REFUNDED', 'REFUND_IN_PROGRESS', 'PLAN_NOT_REFUNDABLE'] as const;
export type RefundBlocker = (typeof REFUND_BLOCKERS)[number];

/** What has become of a line's seats and money so far. */
export interface LineFacts {
  readonly orderId: OrderId;
  readonly lineId: OrderLineId;
  /** Seats of its licence; null: unlimited, or no licence. */
  readonly seatsTotal: number | null;
  /** Seats that were ever consumed. */
  readonly seatsConsumed: number;
  /** Seats never consumed that a refund, requested or settled, has taken back. */
  readonly seatsTakenBack: number;
  /** Refunds of the line, requested or settled; minor units. */
  readonly refundedMinor: bigint;
  /** Of it, what has settled; minor units. */
  readonly settledMinor: bigint;
  /** A refund of the order is open. */
  readonly refundOpen: boolean;
}

/** A line with its facts: all that decides about giving it back. */
export interface RefundableLine {
  readonly line: OrderLine;
  readonly facts: LineFacts;
}

export interface LineRefundability {
  readonly line: OrderLine;
  readonly eligible: boolean;
  readonly amount: Money;
  /** Null: never refundable, or not fulfilled. */
  readonly deadline: Date | null;
  readonly seatsConsumed: number;
  readonly reasons: readonly RefundBlocker[];
}

export interface Refundability {
  readonly eligible: boolean;
  readonly amount: Money;
  readonly lines: readonly LineRefundability[];
  readonly explanation: string;
}

export type RefundableOrder = Pick<Order, 'fulfilledAt' | 'currency'>;

/** What can be given back under the policy of what was bought, at this instant (domain-rules, "Refunds"). */
export function refundabilityOf(order: RefundableOrder, lines: readonly RefundableLine[], now: Date): Refundability {
  const judged = lines.map((line) => judge(order, line, now));
  const amount = sum(judged.map((line) => line.amount), order.currency);
  return { eligible: amount.amountMinor > 0n, amount, lines: judged, explanation: explain(judged, amount) };
}

/** What is left of the line's total beside refunds requested or settled; minor units. */
export function leftMinor({ line, facts }: RefundableLine): bigint {
  return line.total.amountMinor - facts.refundedMinor;
}

/** By consumption alone: all, the unconsumed share rounded down, or nothing; minor units. */
export function ruleAmountMinor({ line, facts }: RefundableLine): bigint {
  const { seatsTotal, seatsConsumed, seatsTakenBack } = facts;
  if (seatsConsumed === 0) return line.total.amountMinor;
  if (!line.terms.refundPolicy.partial || seatsTotal === null) return 0n;
  const unconsumed = Math.max(0, seatsTotal - seatsConsumed - seatsTakenBack);
  return (line.total.amountMinor * BigInt(unconsumed)) / BigInt(seatsTotal);
}

function judge(order: RefundableOrder, refundable: RefundableLine, now: Date): LineRefundability {
  const { line, facts } = refundable;
  const deadline = order.fulfilledAt && line.terms.refundPolicy.windowDays > 0 ? refundDeadlineOf(line, order.fulfilledAt) : null;
  const reasons = blockersOf(order, refundable, deadline, now);
  const amount = reasons.length > 0 ? zero(order.currency) : money(smaller(ruleAmountMinor(refundable), leftMinor(refundable)), order.currency);
  return { line, eligible: reasons.length === 0, amount, deadline, seatsConsumed: facts.seatsConsumed, reasons };
}

function blockersOf({ fulfilledAt }: RefundableOrder, refundable: RefundableLine, deadline: Date | null, now: Date): RefundBlocker[] {
  if (fulfilledAt === null) return ['NOT_FULFILLED'];
  const { line, facts } = refundable;
  const paid = line.total.amountMinor > 0n;
  const left = leftMinor(refundable) > 0n;
  const blockers: (RefundBlocker | false)[] = [
    (line.terms.refundPolicy.windowDays === 0 || !paid) && 'PLAN_NOT_REFUNDABLE',
    deadline !== null && now > deadline && 'DEADLINE_PASSED',
    paid && left && ruleAmountMinor(refundable) === 0n && 'SEATS_CONSUMED',
    paid && !left && 'ALREADY_REFUNDED',
    facts.refundOpen && 'REFUND_IN_PROGRESS',
  ];
  return blockers.filter((blocker) => blocker !== false);
}

const WHY_NOT: Readonly<Record<RefundBlocker, string>> = {
  REFUND_IN_PROGRESS: 'A refund of this order is under way; what is left can be asked for when it has ended.',
  NOT_FULFILLED: 'Only an order that was completed can be given back.',
  ALREADY_REFUNDED: 'Everything that was paid has been returned, or is on its way back.',
  DEADLINE_PASSED: 'The time for giving it back is over.',
  SEATS_CONSUMED: 'It cannot be given back any more, because seats have been used.',
  PLAN_NOT_REFUNDABLE: 'What was bought cannot be given back under its terms.',
};

function explain(lines: readonly LineRefundability[], amount: Money): string {
  const eligible = lines.filter((line) => line.eligible);
  if (eligible.length === 0) return (Object.keys(WHY_NOT) as RefundBlocker[]).filter((why) => lines.some((line) => line.reasons.includes(why))).map((why) => WHY_NOT[why])[0] ?? WHY_NOT.PLAN_NOT_REFUNDABLE;
  const used = eligible.reduce((seats, line) => seats + line.seatsConsumed, 0);
  const until = eligible.flatMap((line) => line.deadline ?? []).reduce((first, deadline) => (deadline < first ? deadline : first));
  return [
    `${textOf(amount)} can be returned until ${until.toISOString().slice(0, 16).replace('T', ' ')} UTC.`,
    ...(used > 0 ? [`${used} ${used === 1 ? 'seat has' : 'seats have'} been used and ${used === 1 ? 'is' : 'are'} not returned.`] : []),
    ...(eligible.length < lines.length ? [`${lines.length - eligible.length} of ${lines.length} lines cannot be given back.`] : []),
  ].join(' ');
}

/** "49.00 EUR". */
export function textOf(amount: { readonly amountMinor: bigint; readonly currency: CurrencyCode }): string {
  return `${toDecimal(amount)} ${amount.currency}`;
}

function smaller(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}
