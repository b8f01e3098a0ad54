import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { JournalEntryId, OrderId, OrderLineId, PayoutId, RefundId, TenantId } from '../src/domain/ids';
import type { LedgerEntryKind } from '../src/domain/ledger/journal';
import type { CurrencyCode } from '../src/domain/money';

/** One booking of the ledger and what it means to the provider; only ever added to, and zero in sum. Minor units. */
@Entity({ name: 'journal_entry', schema: 'marketplace' })
@Index('journal_entry_provider', ['providerTenantId', 'at', 'id'])
@Index('journal_entry_line', ['orderLineId'])
@Index('journal_entry_payout', ['payoutId'], { where: 'payout_id is not null' })
@Index('journal_entry_sale', ['orderLineId'], { unique: true, where: `kind = 'SALE'` })
@Index('journal_entry_reversal', ['refundId', 'orderLineId'], { unique: true, where: 'order_line_id is not null and refund_id is not null' })
@Index('journal_entry_excess', ['refundId'], { unique: true, where: 'order_line_id is null' })
@Check('journal_entry_kind_check', `kind in ('SALE', 'REFUND', 'DISPUTE', 'PAYOUT', 'FX', 'ADJUSTMENT')`)
@Check('journal_entry_net', 'net_minor = gross_minor - fee_minor')
@Check('journal_entry_earning', `case when payout_id is null then order_id is not null and (provider_tenant_id is null) = (order_line_id is null) and (provider_tenant_id is null) = (available_at is null)
  else order_id is null and order_line_id is null and available_at is null and provider_tenant_id is not null end`)
@Check('journal_entry_cause', `case when payout_id is null then (kind = 'SALE') = (refund_id is null) and (kind <> 'SALE' or order_line_id is not null) else refund_id is null end`)
@Check('journal_entry_paid_out', `(kind in ('PAYOUT', 'FX', 'ADJUSTMENT')) = (payout_id is not null)`)
export class JournalEntryRow {
  @PrimaryColumn({ type: 'uuid' })
  id!: JournalEntryId;

  @Column({ type: 'text' })
  kind!: LedgerEntryKind;

  /** Null where no provider is concerned: money beyond what was paid. */
  @Column({ name: 'provider_tenant_id', type: 'uuid', nullable: true })
  providerTenantId!: TenantId | null;

  /** Null where it books a payout. */
  @Column({ name: 'order_id', type: 'uuid', nullable: true })
  orderId!: OrderId | null;

  @Column({ name: 'order_line_id', type: 'uuid', nullable: true })
  orderLineId!: OrderLineId | null;

  @Column({ name: 'refund_id', type: 'uuid', nullable: true })
  refundId!: RefundId | null;

  @Column({ type: 'text' })
  currency!: CurrencyCode;

  @Column({ name: 'gross_minor', type: 'bigint' })
  grossMinor!: bigint;

  @Column({ name: 'fee_minor', type: 'bigint' })
  feeMinor!: bigint;

  @Column({ name: 'net_minor', type: 'bigint' })
  netMinor!: bigint;

  @Column({ type: 'timestamptz' })
  at!: Date;

  @Column({ name: 'available_at', type: 'timestamptz', nullable: true })
  availableAt!: Date | null;

  @Column({ name: 'payout_id', type: 'uuid', nullable: true })
  payoutId!: PayoutId | null;
}
