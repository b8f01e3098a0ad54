import type { OrderId, RefundId, TenantId, UserId } from '../../domain/ids';
import type { Money } from '../../domain/money';
import type { RefundInitiator, RefundStatus } from '../../domain/order/order';
import type { Tx } from './unit-of-work';

export interface PaymentOwner {
  readonly orderId: OrderId;
  readonly tenantId: TenantId;
  readonly buyerId: UserId | null;
}

export interface PaymentRecord extends PaymentOwner {
  readonly paymentId: string;
  readonly attempt: number;
  readonly idempotencyKey: string;
  readonly asked: Money;
  readonly paymentUrl?: string;
  readonly taxRecordId?: string;
  /** What billing took. */
  readonly paid?: Money;
}

/** Ours while an order is taken back; billing's own; a buyer's under the policy; an operator's past it. */
export type RefundKind = 'COMPENSATION' | 'UNASKED' | 'POLICY' | 'OPERATOR';

export interface NewRefund extends PaymentOwner {
  readonly id: RefundId;
  readonly paymentId: string;
  readonly kind: RefundKind;
  readonly initiatedBy: RefundInitiator;
  readonly status: RefundStatus;
  readonly amount: Money;
  /** What billing gave back beyond what it took. Absent: nothing. */
  readonly excess?: Money;
  readonly reason: string | null;
  readonly billingRefundId?: string;
}

/** What we know of billing's payments, and the refunds: never more than what was paid, by a database constraint. */
export interface PaymentStore {
  /** Adds what is known now to the payment's row; nothing known before is lost. */
  record(tx: Tx, payment: PaymentRecord): Promise<void>;
  addRefund(tx: Tx, refund: NewRefund): Promise<void>;
  /** Settles or fails a refund; settled at the amount that billing says. */
  closeRefund(tx: Tx, id: RefundId, status: 'SUCCEEDED' | 'FAILED', settled?: { readonly amount: Money; readonly excess?: Money; readonly billingRefundId: string }): Promise<void>;
  /** Refunds by our id or billing's, whatever is known of either. */
  findRefunds(tx: Tx, ids: readonly RefundId[], billingRefundIds: readonly string[]): Promise<readonly { readonly id: RefundId; readonly kind: RefundKind; readonly billingRefundId: string | null; readonly status: RefundStatus }[]>;
}
