import type { JournalEntryId } from '../../domain/ids';
import { bookExcess, bookReversal, bookSale } from '../../domain/ledger/journal';
import type { JournalEntry } from '../../domain/ledger/journal';
import type { ProviderSale } from '../../domain/ledger/provider-sale';
import { shareOf } from '../../domain/ledger/revenue-share';
import type { RevenueShare } from '../../domain/ledger/revenue-share';
import { add, money, zero } from '../../domain/money';
import type { Order, OrderLine } from '../../domain/order/order';
import { refundDeadlineOf } from '../../domain/order/refund-deadline';
import type { NewEvent } from '../events/event-envelope';
import type { Earnings } from '../ports/earnings';
import type { LedgerStore } from '../ports/ledger-store';
import type { ProviderSales } from '../ports/provider-sales';
import type { Tx } from '../ports/unit-of-work';
import { earningAccrued, earningReversed } from './earning-events';

export interface RevenueTerms {
  /** What the platform keeps of the gross, in hundredths of a percent: 1,500 is 15 %. */
  readonly feeBasisPoints: number;
}

/** Keeps the providers' books: foreseen with the order, earned by fulfilment, reversed as money goes back. */
export class RevenueBooks implements Earnings, ProviderSales {
  constructor(
    private readonly ledger: LedgerStore,
    private readonly terms: RevenueTerms,
  ) {}

  async record(tx: Tx, order: Order, lines: readonly OrderLine[]): Promise<void> {
    await this.ledger.addSales(tx, lines.map((line) => this.saleOf(order, line)));
  }

  async accrue(tx: Tx, order: Order, lines: readonly OrderLine[], fulfilledAt: Date): Promise<readonly NewEvent[]> {
    const entries = lines.flatMap((line) => {
      const earning = { providerTenantId: line.providerTenantId, lineId: line.id, availableAt: refundDeadlineOf(line, fulfilledAt) };
      return bookSale({ id: tx.ids.next<JournalEntryId>(), orderId: order.id, at: fulfilledAt }, earning, this.shareOf(line)) ?? [];
    });
    await this.ledger.append(tx, entries);
    return entries.flatMap(earningAccrued);
  }

  /** A line that never accrued has nothing to reverse: its purchase was taken back before it was fulfilled. */
  async reverse(tx: Tx, order: Order, { id: refundId, kind, lines, excess }: Parameters<Earnings['reverse']>[2]): Promise<readonly NewEvent[]> {
    const occasion = () => ({ id: tx.ids.next<JournalEntryId>(), orderId: order.id, refundId, kind, at: tx.now });
    const booked = await this.ledger.bookedOn(tx, lines.map((line) => line.lineId));
    const reversals = booked.flatMap((line): JournalEntry[] => {
      const refunded = lines.find(({ lineId }) => lineId === line.earning.lineId)?.refundedSoFar;
      if (refunded && refunded.currency !== line.currency) throw new RangeError(`a line in ${line.currency} cannot be refunded in ${refunded.currency}`);
      const entry = refunded && bookReversal(occasion(), line, refunded.amountMinor);
      return entry ? [entry] : [];
    });
    const lost = bookExcess(occasion(), excess);
    await this.ledger.append(tx, lost ? [...reversals, lost] : reversals);
    return reversals.flatMap(earningReversed);
  }

  private shareOf(line: OrderLine): RevenueShare {
    return shareOf(line, this.terms.feeBasisPoints);
  }

  private saleOf(order: Order, line: OrderLine): ProviderSale {
    const { gross, fee, net, platformFunded } = this.shareOf(line);
    return {
      id: line.id, orderId: order.id, orderNumber: order.number, providerTenantId: line.providerTenantId, listingId: line.listingId,
      planName: line.terms.name, quantity: line.quantity, placedAt: order.placedAt, status: order.status,
      gross, discount: add(line.discount, money(-platformFunded.amountMinor, platformFunded.currency)), platformFee: fee, net, refunded: zero(order.currency),
    };
  }
}
