import type { JournalEntryId, PayoutId } from '../../domain/ids';
import type { CurrencyCode } from '../../domain/money';
import { bookPayout } from '../../domain/payout/bookings';
import type { Payout, PayoutAccount } from '../../domain/payout/payout';
import { settle } from '../../domain/payout/settlement';
import type { Quote, Settlement } from '../../domain/payout/settlement';
import { WORKER } from '../actor';
import type { ExchangeRates } from '../ports/exchange-rates';
import type { Outbox } from '../ports/outbox';
import type { Candidate, PayoutStore } from '../ports/payouts';
import type { ConnectAccounts } from '../ports/stripe';
import type { Tenants } from '../ports/tenants';
import type { Tx, UnitOfWork } from '../ports/unit-of-work';
import type { SagaEngine } from '../saga/engine';
import { payoutScheduled } from './payout-events';
import type { PayoutProtocol } from './payout-protocol';
import type { PayoutTerms } from './payout-terms';

/** What became of one provider in a batch. */
export type Paid = 'scheduled' | 'nothing-to-pay' | 'held' | 'account-missing' | 'kyc-not-verified';

export interface PayProviderParts {
  readonly unitOfWork: UnitOfWork;
  readonly payouts: PayoutStore;
  readonly outbox: Outbox;
  readonly engine: SagaEngine<PayoutProtocol>;
  readonly accounts: ConnectAccounts;
  readonly tenants: Tenants;
  readonly rates: ExchangeRates;
  readonly terms: PayoutTerms;
}

/**
 * One provider's payout of a day. What others have to say (onboarding, identity, rates) is asked first, outside of any
 * transaction; then one commit locks the balance and writes payout, sources, entries, ledger debit, saga and event.
 */
export class PayProvider {
  constructor(private readonly parts: PayProviderParts) {}

  /** @throws NeighbourUnavailable where somebody who has to be asked does not answer: nothing was written */
  async pay(candidate: Candidate, scheduledFor: string): Promise<Paid> {
    const { account, balances, providerTenantId } = candidate;
    if (!balances.some(({ amountMinor }) => amountMinor > 0n)) return 'nothing-to-pay';
    if (!account || !(await this.isEnabled(account))) return 'account-missing';
    if ((await this.parts.tenants.kycStatus(providerTenantId)) !== 'verified') return 'kyc-not-verified';
    const quotes = await this.quotesFor(candidate, account.currency);
    return this.parts.unitOfWork.run(WORKER, (tx) => this.schedule(tx, candidate, scheduledFor, quotes), { commit: 'payout.schedule' });
  }

  private async isEnabled({ payoutsEnabled, stripeAccountId, providerTenantId }: PayoutAccount): Promise<boolean> {
    if (payoutsEnabled) return true;
    if (!(await this.parts.accounts.payoutsEnabled(stripeAccountId))) return false;
    await this.parts.unitOfWork.run(WORKER, (tx) => this.parts.payouts.enableAccount(tx, providerTenantId), { commit: 'payout.account' });
    return true;
  }

  private async quotesFor({ balances }: Candidate, to: CurrencyCode): Promise<ReadonlyMap<CurrencyCode, Quote>> {
    const foreign = balances.map(({ currency }) => currency).filter((currency) => currency !== to);
    return new Map(await Promise.all(foreign.map(async (currency) => [currency, await this.parts.rates.rate(currency, to)] as const)));
  }

  private async schedule(tx: Tx, { providerTenantId }: Candidate, scheduledFor: string, quotes: ReadonlyMap<CurrencyCode, Quote>): Promise<Paid> {
    const { payouts, terms } = this.parts;
    const locked = await payouts.lockBalance(tx, providerTenantId);
    if (!locked || locked.account.heldUntil > tx.now) return 'held';
    if (await payouts.hasLive(tx, providerTenantId, scheduledFor)) return 'scheduled'; // another replica was faster
    const { account, available } = locked;
    const { currency } = account;
    const settlement = settle(available.map(({ balance }) => balance), { currency, quotes, minimumMinor: terms.minimumMinor(currency), now: tx.now });
    if (!settlement) return 'nothing-to-pay';
    const settled = new Set(settlement.sources.map(({ balance }) => balance.currency));
    await this.write(tx, newPayout(tx, account, settlement, scheduledFor), available.filter(({ balance }) => settled.has(balance.currency)).flatMap(({ entryIds }) => entryIds));
    return 'scheduled';
  }

  private async write(tx: Tx, payout: Payout, entryIds: readonly JournalEntryId[]): Promise<void> {
    const { payouts, outbox, engine } = this.parts;
    const { id, providerTenantId, stripeAccountId, amount, scheduledFor } = payout;
    await payouts.add(tx, payout, entryIds);
    await payouts.book(tx, bookPayout(payout, tx.now, () => tx.ids.next<JournalEntryId>()));
    await outbox.append(tx, [payoutScheduled(payout)], id);
    await engine.start(tx, {
      correlationId: id, tenantId: providerTenantId, buyerId: null,
      data: {
        payoutId: id, providerTenantId, destination: stripeAccountId, amountMinor: amount.amountMinor.toString(), currency: amount.currency, scheduledFor,
        transferId: null, refusal: null,
      },
    });
  }
}

function newPayout(tx: Tx, { providerTenantId, stripeAccountId }: PayoutAccount, { amount, sources }: Settlement, scheduledFor: string): Payout {
  return {
    id: tx.ids.next<PayoutId>(), providerTenantId, status: 'SCHEDULED', stripeAccountId, amount, sources, scheduledFor, failureMessage: null, createdAt: tx.now, paidAt: null,
  };
}
