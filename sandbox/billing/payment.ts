import type { Behaviour } from '../behaviour/behaviour';

export type PaymentStatus = 'requires_action' | 'processing' | 'succeeded' | 'failed' | 'cancelled';
export type RefundStatus = 'pending' | 'succeeded' | 'failed';

export interface Refund {
  readonly refundId: string;
  /** Absent where nobody asked: a dispute. */
  readonly idempotencyKey?: string;
  readonly amountMinor: bigint;
  /** The words of who asked, or `dispute`. */
  readonly reason: string;
  readonly status: RefundStatus;
}

/** A payment as billing keeps it. Amounts are minor units, net of tax. */
export interface Payment {
  readonly paymentId: string;
  readonly idempotencyKey: string;
  readonly orderId: string;
  readonly tenantId: string;
  readonly currency: string;
  /** What was asked for; what was taken, once it succeeded. */
  readonly amountMinor: bigint;
  readonly status: PaymentStatus;
  /** How it will go: the tenant's `payment` switch when it was opened. */
  readonly course: Behaviour['payment'];
  readonly taxRecordId: string;
  readonly returnUrl?: string;
  readonly refunds: readonly Refund[];
}

export type PaymentCommand =
  | { readonly type: 'settle' }
  | { readonly type: 'choose'; readonly action: 'pay' | 'decline' }
  | { readonly type: 'cancel'; readonly policy: Behaviour['cancel'] }
  | { readonly type: 'refund'; readonly refundId: string; readonly idempotencyKey: string; readonly amount: bigint | 'full'; readonly reason: string }
  | { readonly type: 'settle-refund'; readonly refundId: string; readonly outcome: 'succeed' | 'fail' }
  | { readonly type: 'dispute'; readonly refundId: string };

export type PaymentFact =
  | { readonly type: 'succeeded'; readonly amountMinor: bigint }
  | { readonly type: 'failed'; readonly code: string; readonly declineKind: 'soft' | 'hard' }
  | { readonly type: 'cancelled' }
  | { readonly type: 'refund-opened'; readonly refund: Refund }
  | { readonly type: 'refund-succeeded'; readonly refundId: string }
  | { readonly type: 'refund-failed'; readonly refundId: string; readonly code: string };

export type Decision =
  | { readonly kind: 'facts'; readonly facts: readonly PaymentFact[] }
  | { readonly kind: 'refused'; readonly code: 'cannot-cancel' | 'not-paid' | 'refund-exceeds-payment' | 'not-open'; readonly detail: string };

const SOFT_DECLINE: PaymentFact = { type: 'failed', code: 'card_declined', declineKind: 'soft' };
const HARD_DECLINE: PaymentFact = { type: 'failed', code: 'stolen_card', declineKind: 'hard' };
/** What `wrong_amount` takes beyond what was asked. */
const WRONG_BY_MINOR = 1n;

/** The status that a payment opens with; bank debits are the ones that start out processing. */
export function openingStatus(course: Behaviour['payment'], mode: 'checkout' | 'off_session' | 'setup'): PaymentStatus {
  if (course === 'processing') return 'processing';
  const settlesWithoutBuyer = settlesByItself(course) && mode !== 'checkout';
  return settlesWithoutBuyer ? 'processing' : 'requires_action';
}

/** Whether a timer settles the payment after it was opened. */
export function settlesByItself(course: Behaviour['payment']): boolean {
  return course !== 'manual' && course !== 'never' && course !== 'succeed_late';
}

/** What a command makes of a payment; the only place where billing decides. */
export function decide(payment: Payment, command: PaymentCommand): Decision {
  switch (command.type) {
    case 'settle':
      return facts(...settlement(payment));
    case 'choose':
      return choice(payment, command.action);
    case 'cancel':
      return cancellation(payment, command.policy);
    case 'refund':
      return refund(payment, command);
    case 'settle-refund':
      return facts(...refundSettlement(payment, command));
    case 'dispute':
      return dispute(payment, command.refundId);
  }
}

/** The payment after a fact. */
export function evolve(payment: Payment, fact: PaymentFact): Payment {
  switch (fact.type) {
    case 'succeeded':
      return { ...payment, status: 'succeeded', amountMinor: fact.amountMinor };
    case 'failed':
      return { ...payment, status: 'failed' };
    case 'cancelled':
      return { ...payment, status: 'cancelled' };
    case 'refund-opened':
      return { ...payment, refunds: [...payment.refunds, fact.refund] };
    case 'refund-succeeded':
      return withRefundStatus(payment, fact.refundId, 'succeeded');
    case 'refund-failed':
      return withRefundStatus(payment, fact.refundId, 'failed');
  }
}

/** What can still be given back: taken, less what is refunded or being refunded. */
export function refundableMinor(payment: Payment): bigint {
  if (payment.status !== 'succeeded') return 0n;
  return payment.refunds
    .filter(({ status }) => status !== 'failed')
    .reduce((left, { amountMinor }) => left - amountMinor, payment.amountMinor);
}

function settlement(payment: Payment): PaymentFact[] {
  const taken: PaymentFact = { type: 'succeeded', amountMinor: payment.amountMinor };
  if (payment.course === 'succeed_late') return payment.status === 'cancelled' ? [taken] : [];
  if (!isOpen(payment)) return [];
  switch (payment.course) {
    case 'succeed':
    case 'processing':
      return [taken];
    case 'wrong_amount':
      return [{ type: 'succeeded', amountMinor: payment.amountMinor + WRONG_BY_MINOR }];
    case 'decline':
      return [SOFT_DECLINE];
    case 'decline_hard':
      return [HARD_DECLINE];
    case 'manual':
    case 'never':
      return [];
  }
}

function choice(payment: Payment, action: 'pay' | 'decline'): Decision {
  if (payment.status !== 'requires_action') return refused('not-open', `the payment is ${payment.status}`);
  return facts(action === 'pay' ? { type: 'succeeded', amountMinor: payment.amountMinor } : SOFT_DECLINE);
}

/** Cancelling what is over without money is a success: it is what the caller wants. */
function cancellation(payment: Payment, policy: Behaviour['cancel']): Decision {
  if (payment.status === 'cancelled' || payment.status === 'failed') return facts();
  if (payment.status === 'succeeded') return refused('cannot-cancel', 'the payment has succeeded');
  if (policy === 'refuse') return refused('cannot-cancel', 'the payment can no longer be cancelled');
  return facts({ type: 'cancelled' });
}

function refund(payment: Payment, command: Extract<PaymentCommand, { type: 'refund' }>): Decision {
  if (payment.status !== 'succeeded') return refused('not-paid', `the payment is ${payment.status}`);
  const left = refundableMinor(payment);
  const amountMinor = command.amount === 'full' ? left : command.amount;
  if (amountMinor <= 0n || amountMinor > left) {
    return refused('refund-exceeds-payment', `${amountMinor} of ${left} minor units left cannot be refunded`);
  }
  const { refundId, idempotencyKey, reason } = command;
  return facts({ type: 'refund-opened', refund: { refundId, idempotencyKey, amountMinor, reason, status: 'pending' } });
}

function refundSettlement(payment: Payment, command: Extract<PaymentCommand, { type: 'settle-refund' }>): PaymentFact[] {
  const pending = payment.refunds.some(({ refundId, status }) => refundId === command.refundId && status === 'pending');
  if (!pending) return [];
  return command.outcome === 'succeed'
    ? [{ type: 'refund-succeeded', refundId: command.refundId }]
    : [{ type: 'refund-failed', refundId: command.refundId, code: 'refund_failed' }];
}

/** The bank takes back what is left, and asks nobody. */
function dispute(payment: Payment, refundId: string): Decision {
  const amountMinor = refundableMinor(payment);
  if (amountMinor === 0n) return refused('not-paid', 'there is nothing left to take back');
  return facts(
    { type: 'refund-opened', refund: { refundId, amountMinor, reason: 'dispute', status: 'pending' } },
    { type: 'refund-succeeded', refundId },
  );
}

function isOpen({ status }: Payment): boolean {
  return status === 'requires_action' || status === 'processing';
}

function withRefundStatus(payment: Payment, refundId: string, status: RefundStatus): Payment {
  return {
    ...payment,
    refunds: payment.refunds.map((refund) => (refund.refundId === refundId ? { ...refund, status } : refund)),
  };
}

function facts(...facts: readonly PaymentFact[]): Decision {
  return { kind: 'facts', facts };
}

function refused(code: Extract<Decision, { kind: 'refused' }>['code'], detail: string): Decision {
  return { kind: 'refused', code, detail };
}
