import { parseId } from '../../domain/ids';
import type { OrderId } from '../../domain/ids';
import type { Order } from '../../domain/order/order';
import { refundabilityOf } from '../../domain/refund/refundability';
import type { LineRefundability, Refundability } from '../../domain/refund/refundability';
import { policyRefund } from '../../domain/refund/refund-plan';
import { hasRole } from '../actor';
import type { AuthenticatedUser, Caller } from '../actor';
import { ok, refused, userError } from '../user-error';
import type { Result, UserError } from '../user-error';
import { checkReason, chosenLines } from './chosen-lines';
import { noSuchOrder, openRefund } from './open-refund';
import type { RefundableNow, RefundDecision } from './open-refund';
import type { RefundDependencies } from './refund-dependencies';
import type { RefundRequest } from './refund-requests';

/** A buyer's refund under the policy of what was bought: by the same code as `refundability`, at the same instant. */
export function requestRefund(dependencies: RefundDependencies) {
  return async (caller: Caller, request: RefundRequest): Promise<Result<OrderId>> => {
    const orderId = parseId<OrderId>(request.orderId);
    if (caller.kind !== 'user' || !orderId) return refused(noSuchOrder());
    const [order] = await dependencies.unitOfWork.run(caller, (tx) => dependencies.readers.orders.byIds(tx, [orderId]));
    if (!order) return refused(noSuchOrder());
    if (!mayAsk(caller, order)) return refused(userError('FORBIDDEN', 'Only the buyer and administrators of the buyer’s organisation may ask for the refund.', ['orderId']));
    const malformed = request.reason === undefined ? null : checkReason(request.reason);
    return malformed ? refused(malformed) : openRefund(dependencies, orderId, caller.userId, (situation) => decide(situation, request));
  };
}

function mayAsk(caller: AuthenticatedUser, { tenantId, buyerId }: Order): boolean {
  return tenantId === caller.tenantId && ((buyerId === caller.userId && hasRole(caller, 'buyer')) || hasRole(caller, 'org_admin'));
}

function decide({ order, lines, now }: RefundableNow, { lineIds, reason }: RefundRequest): Result<RefundDecision> {
  const refundability = refundabilityOf(order, lines, now);
  const chosen = chosenLines(refundability.lines, ({ line }) => line.id, lineIds);
  if (!chosen.ok) return chosen;
  const eligible = chosen.value.filter((line) => line.eligible);
  const problems = lineIds === undefined
    ? (eligible.length > 0 ? [] : [whyNot(chosen.value, refundability, [])])
    : chosen.value.filter((line) => !line.eligible).map((line) => whyNot([line], refundability, ['lineIds', positionOf(line, lineIds)]));
  if (problems.length > 0) return refused(...problems);
  return ok({ kind: 'POLICY', lines: policyRefund(lines, eligible), reason: reason ?? null });
}

/** Where several reasons apply: the deadline, then consumption, then the rest (domain-rules, "Refunds"). */
function whyNot(lines: readonly LineRefundability[], { explanation }: Refundability, path: readonly string[]): UserError {
  const late = lines.find((line) => line.reasons.includes('DEADLINE_PASSED'));
  if (late?.deadline) {
    const deadline = late.deadline.toISOString();
    return userError('REFUND_DEADLINE_PASSED', `It could be given back until ${deadline}.`, path, { deadline });
  }
  const used = lines.filter((line) => line.reasons.includes('SEATS_CONSUMED')).reduce((seats, line) => seats + line.seatsConsumed, 0);
  if (used > 0) return userError('REFUND_SEATS_CONSUMED', 'It cannot be given back any more, because seats have been used.', path, { seatsConsumed: String(used) });
  return userError('REFUND_NOT_ELIGIBLE', explanation, path, { reasons: [...new Set(lines.flatMap((line) => line.reasons))].join(',') });
}

function positionOf({ line }: LineRefundability, lineIds: readonly string[]): string {
  return String(lineIds.findIndex((id) => id.toLowerCase() === line.id));
}
