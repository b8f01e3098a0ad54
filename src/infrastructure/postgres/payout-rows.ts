import type { PayoutId, TenantId } from '../../domain/ids';
import type { CurrencyCode } from '../../domain/money';
import type { Payout, PayoutAccount, PayoutSource, PayoutStatus } from '../../domain/payout/payout';
import { moneyOf } from './rows';

export interface PayoutRecord {
  id: PayoutId; provider_tenant_id: TenantId; status: PayoutStatus; stripe_account_id: string; currency: CurrencyCode; amount_minor: bigint; day: string;
  failure_message: string | null; created_at: Date; paid_at: Date | null;
  sources: { currency: CurrencyCode; balance: string; rate: string; as_of: string; converted: string; residue: string }[];
}
export interface AccountRecord { provider_tenant_id: TenantId; stripe_account_id: string; currency: CurrencyCode; payouts_enabled: boolean; created_at: Date; held_until: Date }

/* A payout with its sources, its own currency first. Amounts go through JSON as text, which keeps every digit. */
export const PAYOUTS = `marketplace.payout cross join lateral (
    select jsonb_agg(jsonb_build_object('currency', s.currency, 'balance', s.balance_minor::text, 'rate', s.rate, 'as_of', s.rate_as_of, 'converted', s.converted_minor::text,
      'residue', s.residue_minor::text) order by s.currency <> payout.currency, s.currency) as sources
    from marketplace.payout_source s where s.payout_id = payout.id) behind`;
export const PAYOUT_COLUMNS = `id, provider_tenant_id, status, stripe_account_id, currency, amount_minor, to_char(scheduled_for, 'YYYY-MM-DD') as day, failure_message, created_at, paid_at, sources`;
export const ACCOUNT_COLUMNS = 'provider_tenant_id, stripe_account_id, currency, payouts_enabled, created_at, held_until';

export function payoutOf(row: PayoutRecord): Payout {
  const { currency } = row;
  return {
    id: row.id, providerTenantId: row.provider_tenant_id, status: row.status, stripeAccountId: row.stripe_account_id, amount: moneyOf(row.amount_minor, currency),
    sources: row.sources.map((source): PayoutSource => ({
      balance: moneyOf(BigInt(source.balance), source.currency), rate: source.rate, rateAsOf: new Date(source.as_of),
      converted: moneyOf(BigInt(source.converted), currency), residue: moneyOf(BigInt(source.residue), source.currency),
    })),
    scheduledFor: row.day, failureMessage: row.failure_message, createdAt: row.created_at, paidAt: row.paid_at,
  };
}

export function accountOf(row: AccountRecord): PayoutAccount {
  return {
    providerTenantId: row.provider_tenant_id, stripeAccountId: row.stripe_account_id, currency: row.currency, payoutsEnabled: row.payouts_enabled,
    createdAt: row.created_at, heldUntil: row.held_until,
  };
}

export function payoutColumns(payout: Payout): unknown[] {
  const { id, providerTenantId, status, stripeAccountId, amount, scheduledFor, createdAt } = payout;
  const sources = payout.sources.map(({ balance, rate, rateAsOf, converted, residue }) => ({
    currency: balance.currency, balance_minor: balance.amountMinor.toString(), rate, rate_as_of: rateAsOf, converted_minor: converted.amountMinor.toString(),
    residue_minor: residue.amountMinor.toString(),
  }));
  return [id, providerTenantId, status, stripeAccountId, amount.currency, amount.amountMinor, scheduledFor, createdAt, JSON.stringify(sources)];
}
