import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { JournalEntryId, OrderId } from '../src/domain/ids';
import type { Account } from '../src/domain/ledger/journal';
import type { CurrencyCode } from '../src/domain/money';

/** One side of a booking. Debits are positive, credits negative; minor units. */
@Entity({ name: 'journal_posting', schema: 'marketplace' })
@Check('journal_posting_account_check', `account in ('buyer_clearing', 'platform_promotions', 'provider_payable', 'platform_revenue', 'dispute_losses', 'fx_clearing', 'fx_rounding', 'payout_clearing')`)
@Check('journal_posting_amount_minor_check', 'amount_minor <> 0')
export class JournalPostingRow {
  @PrimaryColumn({ name: 'entry_id', type: 'uuid' })
  entryId!: JournalEntryId;

  @PrimaryColumn({ type: 'integer' })
  position!: number;

  /** The entry's order, repeated so that the policy need not join. */
  @Column({ name: 'order_id', type: 'uuid', nullable: true })
  orderId!: OrderId | null;

  @Column({ type: 'text' })
  account!: Account;

  @Column({ type: 'text' })
  currency!: CurrencyCode;

  @Column({ name: 'amount_minor', type: 'bigint' })
  amountMinor!: bigint;
}
