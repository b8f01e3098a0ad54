import type { Money } from '../../domain/money';

/** A buyer's wish; contract `requestRefund`. Absent lines: every eligible one. */
export interface RefundRequest {
  readonly orderId: string;
  readonly lineIds?: readonly string[];
  readonly reason?: string;
}

/** An operator's decision; contract `refundOrder`. Absent lines: all; absent amount: everything that is left of them. */
export interface OperatorRefundRequest {
  readonly orderId: string;
  readonly lineIds?: readonly string[];
  readonly amount?: Money;
  readonly reason: string;
}
