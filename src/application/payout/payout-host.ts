import type { JournalEntryId, PayoutId, TenantId } from '../../domain/ids';
import { money, parseCurrency } from '../../domain/money';
import { putBack } from '../../domain/payout/bookings';
import type { NewEvent } from '../events/event-envelope';
import type { PayoutStore } from '../ports/payouts';
import { TransferRefused } from '../ports/stripe';
import type { Transfers } from '../ports/stripe';
import type { Tx } from '../ports/unit-of-work';
import type { CallAnswer, SagaHost } from '../saga/host';
import type { SagaInstance } from '../saga/instance';
import { payoutFailed, payoutPaid } from './payout-events';
import type { PayoutEffect, PayoutProtocol } from './payout-protocol';

type Saga = SagaInstance<PayoutProtocol>;

export interface PayoutHostParts {
  readonly payouts: PayoutStore;
  readonly transfers: Transfers;
}

/** Where the payout saga meets our tables (effects) and Stripe (its one call). */
export class PayoutHost implements SagaHost<PayoutProtocol> {
  constructor(private readonly parts: PayoutHostParts) {}

  async apply(tx: Tx, saga: Saga, effects: readonly PayoutEffect[]): Promise<readonly NewEvent[]> {
    const events: NewEvent[] = [];
    for (const effect of effects) events.push(...(await this.applyOne(tx, saga.data.payoutId as PayoutId, effect)));
    return events;
  }

  /** Looked up first, every time: whoever asked before may have died with the answer, and Stripe forgets keys after a day. */
  async call({ data }: Saga): Promise<CallAnswer> {
    const { transfers } = this.parts;
    const payoutId = data.payoutId as PayoutId;
    try {
      const { transferId } = await transfers.find(payoutId) ?? await transfers.create({
        payoutId, providerTenantId: data.providerTenantId as TenantId, destination: data.destination, amount: amountIn(data),
      });
      return { kind: 'replied', reply: { transferId } };
    } catch (error) {
      if (error instanceof TransferRefused) return { kind: 'refused', refusal: { code: error.code, message: error.message } };
      throw error;
    }
  }

  private async applyOne(tx: Tx, id: PayoutId, effect: PayoutEffect): Promise<readonly NewEvent[]> {
    const { payouts } = this.parts;
    switch (effect.type) {
      case 'payout.begin':
        await payouts.begin(tx, id);
        return [];
      case 'payout.settle':
        await payouts.pay(tx, id, effect.transferId);
        return [payoutPaid(await payouts.get(tx, id))];
      case 'payout.put-back': {
        const payout = await payouts.get(tx, id);
        await payouts.book(tx, putBack(payout, tx.now, () => tx.ids.next<JournalEntryId>()));
        await payouts.fail(tx, id, effect.message);
        return [payoutFailed(payout, effect.message)];
      }
    }
  }
}

function amountIn({ amountMinor, currency }: Saga['data']) {
  const known = parseCurrency(currency);
  if (!known) throw new Error(`unknown currency ${currency}`);
  return money(BigInt(amountMinor), known);
}
