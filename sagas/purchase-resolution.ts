import type { PurchaseProtocol } from '../src/application/order/purchase-protocol';
import type { Resolution, Situation } from '../src/application/saga/definition';
import type { SagaOutcome } from '../src/application/saga/operation';
import { keptMinor } from './payment-compensation';

type Purchase = Situation<PurchaseProtocol>;

/**
 * A purchase that could not be taken back, ended by its operator. FULFIL keeps the order, which must be paid in full and
 * have no refund that could still go through; FAIL gives it up, and what is still owed is given back outside.
 */
export function resolvePurchase(saga: Purchase, outcome: SagaOutcome): Resolution<PurchaseProtocol> {
  const { data } = saga;
  if (outcome === 'FAIL') {
    return { data: { failure: 'OPERATOR_DECISION' }, effects: [
      { type: 'license.revoke', reason: 'OPERATOR_DECISION' }, { type: 'order.release' },
      { type: 'order.end', failure: 'OPERATOR_DECISION', failedStep: data.failedStep ?? 'payment', refunded: BigInt(data.returnedMinor) > 0n },
    ] };
  }
  if (data.total.amountMinor !== '0' && !data.paid) return { impossibleBecause: 'it is not paid' };
  if (data.paid && (data.paid.currency !== data.total.currency || keptMinor(saga) !== BigInt(data.total.amountMinor))) return { impossibleBecause: 'what is kept of its payment is not its total' };
  if (data.refundId) return { impossibleBecause: 'a refund of its payment may still go through' };
  return { data: { failure: null }, effects: [{ type: 'license.issue-anew' }, { type: 'order.fulfil' }] };
}
