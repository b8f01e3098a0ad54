import type { JournalEntry } from '../../domain/ledger/journal';
import type { NewEvent } from '../events/event-envelope';
import { amountOf } from '../order/order-events';

export function earningAccrued(entry: JournalEntry): NewEvent[] {
  return aboutEarning(entry, (common, data) => ({ ...common, type: 'marketplace.earning.accrued.v1', data }));
}

/** Its amounts are negative: they add to those that were accrued. */
export function earningReversed(entry: JournalEntry): NewEvent[] {
  return aboutEarning(entry, (common, data) => ({ ...common, type: 'marketplace.earning.reversed.v1', data }));
}

/** No event where no provider is concerned. */
function aboutEarning({ id, orderId, earning, gross, fee, net }: JournalEntry, event: (common: { readonly subject: string; readonly tenantId: string }, data: ReturnType<typeof dataOf>) => NewEvent): NewEvent[] {
  if (!earning) return [];
  const data = dataOf({ id, orderId, gross, fee, net }, earning);
  return [event({ subject: earning.lineId, tenantId: earning.providerTenantId }, data)];
}

function dataOf({ id, orderId, gross, fee, net }: Pick<JournalEntry, 'id' | 'orderId' | 'gross' | 'fee' | 'net'>, { lineId, providerTenantId, availableAt }: NonNullable<JournalEntry['earning']>) {
  return {
    entryId: id, orderId, lineId, providerTenantId, gross: amountOf(gross), platformFee: amountOf(fee), net: amountOf(net), availableAt: availableAt.toISOString(),
  };
}
