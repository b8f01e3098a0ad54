import type { Payout } from '../../domain/payout/payout';
import type { NewEvent } from '../events/event-envelope';
import { amountOf } from '../order/order-events';

export function payoutScheduled(payout: Payout): NewEvent {
  return { ...about(payout), type: 'marketplace.payout.scheduled.v1', data: dataOf(payout) };
}

export function payoutPaid(payout: Payout): NewEvent {
  return { ...about(payout), type: 'marketplace.payout.paid.v1', data: dataOf(payout) };
}

export function payoutFailed(payout: Payout, failureMessage: string): NewEvent {
  return { ...about(payout), type: 'marketplace.payout.failed.v1', data: { ...dataOf(payout), failureMessage } };
}

function about({ id, providerTenantId }: Payout) {
  return { subject: id, tenantId: providerTenantId };
}

function dataOf({ id, providerTenantId, amount, sources }: Payout) {
  return {
    payoutId: id, providerTenantId, amount: amountOf(amount),
    sources: sources.map(({ balance, rate, rateAsOf, converted }) => ({ balance: amountOf(balance), rate, rateAsOf: rateAsOf.toISOString(), converted: amountOf(converted) })),
  };
}
