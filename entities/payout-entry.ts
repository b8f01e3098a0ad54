import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { JournalEntryId, PayoutId, TenantId } from '../src/domain/ids';

/** An earning, or its reversal, that a payout has paid. */
@Entity({ name: 'payout_entry', schema: 'marketplace' })
@Index('payout_entry_live', ['entryId'], { unique: true, where: 'live' })
export class PayoutEntryRow {
  @PrimaryColumn({ name: 'payout_id', type: 'uuid' })
  payoutId!: PayoutId;

  @PrimaryColumn({ name: 'entry_id', type: 'uuid' })
  entryId!: JournalEntryId;

  @Column({ name: 'provider_tenant_id', type: 'uuid' })
  providerTenantId!: TenantId;

  /** False once the payout has failed: the entry can be paid by another one. */
  @Column({ type: 'boolean', default: true })
  live!: boolean;
}
