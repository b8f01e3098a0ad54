import { parseId } from '../../domain/ids';
import type { OrderId } from '../../domain/ids';
import { money, toDecimal } from '../../domain/money';
import { leftMinor, textOf } from '../../domain/refund/refundability';
import { operatorRefund } from '../../domain/refund/refund-plan';
import { hasRole } from '../actor';
import type { Caller } from '../actor';
import { ok, refused, userError } from '../user-error';
import type { Result } from '../user-error';
import { checkReason, chosenLines } from './chosen-lines';
import { noSuchOrder, openRefund } from './open-refund';
import type { RefundableNow, RefundDecision } from './open-refund';
import type { RefundDependencies } from './refund-dependencies';
import type { OperatorRefundRequest } from './refund-requests';

/**
 * An operator's refund, past deadline and consumption but never past what was paid. Who and why stay in the saga's
 * first transition and in the refund.
 */
export function refundOrder(dependencies: RefundDependencies) {
  return async (caller: Caller, request: OperatorRefundRequest): Promise<Result<OrderId>> => {
    if (caller.kind !== 'user' || !hasRole(caller, 'platform_admin')) return refused(userError('FORBIDDEN', 'Only platform administrators may do this.', [], { role: 'platform_admin' }));
    const orderId = parseId<OrderId>(request.orderId);
    if (!orderId) return refused(noSuchOrder());
    const malformed = checkReason(request.reason);
    return malformed ? refused(malformed) : openRefund(dependencies, orderId, caller.userId, (situation) => decide(situation, request));
  };
}

function decide({ order, lines }: RefundableNow, { lineIds, amount, reason }: OperatorRefundRequest): Result<RefundDecision> {
  const chosen = chosenLines(lines, ({ line }) => line.id, lineIds);
  if (!chosen.ok) return chosen;
  if (order.fulfilledAt === null) return notEligible('Only an order that was completed can be given back.', 'NOT_FULFILLED');
  if (lines.some(({ facts }) => facts.refundOpen)) return notEligible('A refund of this order is under way.', 'REFUND_IN_PROGRESS');
  const left = money(chosen.value.reduce((sum, line) => sum + leftMinor(line), 0n), order.currency);
  if (left.amountMinor === 0n) return notEligible('Nothing is left to give back.', 'ALREADY_REFUNDED');
  if (amount && amount.currency !== order.currency) return refused(userError('INVALID_INPUT', `The order is in ${order.currency}.`, ['amount', 'currency'], { currency: order.currency }));
  const planned = amount && amount.amountMinor <= 0n ? null : operatorRefund(chosen.value, amount?.amountMinor ?? left.amountMinor, order.currency);
  if (!planned) return refused(userError('INVALID_INPUT', `The amount must be above zero and at most ${textOf(left)}, which is left.`, ['amount', 'amount'], { left: toDecimal(left) }));
  return ok({ kind: 'OPERATOR', lines: planned, reason });
}

function notEligible(message: string, reasons: string): Result<never> {
  return refused(userError('REFUND_NOT_ELIGIBLE', message, [], { reasons }));
}
