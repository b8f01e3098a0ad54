import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { PayoutId, TenantId } from '../src/domain/ids';
import type { CurrencyCode } from '../src/domain/money';
import type { PayoutStatus } from '../src/domain/payout/payout';

/** One payment to a provider. Its id is also the transfer's idempotency key and transfer_group. */
@Entity({ name: 'payout', schema: 'marketplace' })
@Unique('payout_transfer_id_key', ['transferId'])
@Unique('payout_of_provider', ['id', 'providerTenantId'])
@Index('payout_live', ['providerTenantId', 'scheduledFor'], { unique: true, where: `status <> 'FAILED'` })
@Index('payout_newest', ['createdAt', 'id'])
@Index('payout_day', ['scheduledFor'])
@Check('payout_status_check', `status in ('SCHEDULED', 'PROCESSING', 'PAID', 'FAILED')`)
@Check('payout_currency_check', `currency ~ '^[A-Z]{3}$'`)
@Check('payout_amount_minor_check', 'amount_minor > 0')
@Check('payout_paid', `(status = 'PAID') = (paid_at is not null) and (status = 'PAID') = (transfer_id is not null)`)
@Check('payout_failed', `(status = 'FAILED') = (failure_message is not null)`)
export class PayoutRow {
  @PrimaryColumn({ type: 'uuid' })
  id!: PayoutId;

  @Column({ name: 'provider_tenant_id', type: 'uuid' })
  providerTenantId!: TenantId;

  @Column({ type: 'text' })
  status!: PayoutStatus;

  /** As it was when the payout was made; likewise the currency. */
  @Column({ name: 'stripe_account_id', type: 'text' })
  stripeAccountId!: string;

  @Column({ type: 'text' })
  currency!: CurrencyCode;

  @Column({ name: 'amount_minor', type: 'bigint' })
  amountMinor!: bigint;

  @Column({ name: 'scheduled_for', type: 'date' })
  scheduledFor!: string;

  @Column({ name: 'transfer_id', type: 'text', nullable: true })
  transferId!: string | null;

  @Column({ name: 'failure_message', type: 'text', nullable: true })
  failureMessage!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'paid_at', type: 'timestamptz', nullable: true })
  paidAt!: Date | null;
}
