import type { RefundId } from '../../domain/ids';
import type { Money } from '../../domain/money';
import type { RefundStatus } from '../../domain/order/order';
import type { NewRefund, PaymentRecord, RefundKind, PaymentStore } from '../../application/ports/payments';
import type { Tx } from '../../application/ports/unit-of-work';
import { inside } from './transaction';

const RECORD = `insert into marketplace.payment (payment_id, order_id, tenant_id, buyer_id, attempt, idempotency_key, currency, asked_minor, paid_minor, payment_url, tax_record_id, created_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
  on conflict (payment_id) do update set
    currency = excluded.currency,
    paid_minor = greatest(payment.paid_minor, excluded.paid_minor),
    payment_url = coalesce(excluded.payment_url, payment.payment_url),
    tax_record_id = coalesce(excluded.tax_record_id, payment.tax_record_id)`;

const ADD_REFUND = `insert into marketplace.refund (id, payment_id, order_id, tenant_id, buyer_id, kind, initiated_by, status, amount_minor, currency, reason, billing_refund_id, requested_at, completed_at, excess_minor)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, case when $8 = 'SUCCEEDED' then $13::timestamptz end, $14)`;

const CLOSE_REFUND = `update marketplace.refund set status = $2, amount_minor = coalesce($3::bigint, amount_minor),
    billing_refund_id = coalesce($4, billing_refund_id), completed_at = $5, excess_minor = $6
  where id = $1`;

export class PostgresPaymentStore implements PaymentStore {
  async record(tx: Tx, payment: PaymentRecord): Promise<void> {
    const { paymentId, orderId, tenantId, buyerId, attempt, idempotencyKey, asked, paid, paymentUrl, taxRecordId } = payment;
    await inside(tx).prepared('payment-record', RECORD, [
      paymentId, orderId, tenantId, buyerId, attempt, idempotencyKey, (paid ?? asked).currency, asked.amountMinor, paid?.amountMinor ?? 0n,
      paymentUrl ?? null, taxRecordId ?? null, tx.now,
    ]);
  }

  async addRefund(tx: Tx, refund: NewRefund): Promise<void> {
    const { id, paymentId, orderId, tenantId, buyerId, kind, initiatedBy, status, amount, excess, reason, billingRefundId } = refund;
    await inside(tx).prepared('refund-add', ADD_REFUND, [
      id, paymentId, orderId, tenantId, buyerId, kind, initiatedBy, status, amount.amountMinor, amount.currency, reason, billingRefundId ?? null, tx.now, excess?.amountMinor ?? 0n,
    ]);
  }

  async closeRefund(tx: Tx, id: RefundId, status: 'SUCCEEDED' | 'FAILED', settled?: { readonly amount: Money; readonly excess?: Money; readonly billingRefundId: string }): Promise<void> {
    await inside(tx).prepared('refund-close', CLOSE_REFUND, [id, status, settled?.amount.amountMinor ?? null, settled?.billingRefundId ?? null, tx.now, settled?.excess?.amountMinor ?? 0n]);
  }

  async findRefunds(tx: Tx, ids: readonly RefundId[], billingRefundIds: readonly string[]) {
    return inside(tx).prepared<{ id: RefundId; kind: RefundKind; billingRefundId: string | null; status: RefundStatus }>('refunds-find',
      `select id, kind, billing_refund_id as "billingRefundId", status from marketplace.refund where id = any ($1::uuid[]) or billing_refund_id = any ($2)`,
      [ids, billingRefundIds]);
  }
}
