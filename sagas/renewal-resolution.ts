import type { RenewalProtocol } from '../src/application/subscription/renewal-protocol';
import type { Resolution, Situation } from '../src/application/saga/definition';
import type { SagaOutcome } from '../src/application/saga/operation';
import { keptMinor } from './payment-compensation';

/** An operator's end of a renewal that is stuck: extended if its money was kept, else given up. */
export function resolveRenewal(saga: Situation<RenewalProtocol>, outcome: SagaOutcome): Resolution<RenewalProtocol> {
  const { data } = saga;
  if (outcome === 'FAIL') {
    return {
      data: { failure: 'OPERATOR_DECISION' },
      effects: [{ type: 'renewal.end', failure: 'OPERATOR_DECISION', as: data.endAs, refunded: BigInt(data.returnedMinor) > 0n }],
    };
  }
  if (data.endAs === null) return { impossibleBecause: 'its subscription has ended' };
  if (!data.paid) return { impossibleBecause: 'it is not paid' };
  if (data.paid.currency !== data.total.currency || keptMinor(saga) !== BigInt(data.total.amountMinor)) return { impossibleBecause: 'what is kept of its payment is not its total' };
  if (data.refundId) return { impossibleBecause: 'a refund of its payment may still go through' };
  return { data: { failure: null }, effects: [{ type: 'renewal.extend' }] };
}
