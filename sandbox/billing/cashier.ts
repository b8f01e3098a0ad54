import { v7 } from 'uuid';
import type { BehaviourRegister } from '../behaviour/behaviour-register';
import type { EventOutlet } from '../events/event-outlet';
import { Problem } from '../http/problem';
import { announcementOf } from './announcements';
import { IdempotentCalls } from './idempotent-calls';
import { decide, evolve, openingStatus, settlesByItself } from './payment';
import type { Payment, PaymentCommand, Refund } from './payment';
import type { ProcessRequest, RefundRequest } from './requests';

/** Billing's memory and clock: keeps payments, performs what `decide` says, settles after `settleAfterMs`. */
export class Cashier {
  private readonly payments = new Map<string, Payment>();
  private readonly opened = new IdempotentCalls<{ readonly payment: Payment }>();
  private readonly refunded = new IdempotentCalls<{ readonly paymentId: string; readonly refund: Refund }>();
  private readonly timers = new Set<NodeJS.Timeout>();
  /** Ids of payments, each time that one changed. */
  private readonly changes: string[] = [];

  constructor(
    private readonly behaviour: BehaviourRegister,
    private readonly outlet: EventOutlet,
  ) {}

  /** Opens a payment once per key; returns it as it was when it was opened. */
  open(key: string, request: ProcessRequest): Payment {
    return this.opened.once(key, request, () => {
      const { payment: course, settleAfterMs } = this.behaviour.of(request.tenantId);
      const payment: Payment = {
        paymentId: v7(),
        idempotencyKey: key,
        orderId: request.orderId,
        tenantId: request.tenantId,
        currency: request.currency,
        amountMinor: BigInt(request.netAmountMinor),
        status: openingStatus(course, request.mode),
        course,
        taxRecordId: v7(),
        ...(request.returnUrl === undefined ? {} : { returnUrl: request.returnUrl }),
        refunds: [],
      };
      this.keep(payment);
      if (settlesByItself(course)) this.later(settleAfterMs, payment.paymentId, { type: 'settle' }, key);
      return { payment };
    }).payment;
  }

  /** @throws Problem 404 */
  payment(paymentId: string): Payment {
    const payment = this.payments.get(paymentId);
    if (payment === undefined) throw new Problem(404, 'no-such-payment', `there is no payment ${paymentId}`);
    return payment;
  }

  /** @throws Problem 404 */
  paymentByKey(key: string): Payment {
    const opened = this.opened.find(key);
    if (opened === undefined) throw new Problem(404, 'no-such-payment', `no payment was opened with the key ${key}`);
    return this.payment(opened.payment.paymentId);
  }

  paymentsOf(orderId: string): Payment[] {
    return [...this.payments.values()].filter((payment) => payment.orderId === orderId);
  }

  /** What has changed since the cashier stood at `position`, and where it stands now. */
  changedAfter(position: number): { readonly payments: Payment[]; readonly position: number } {
    const changed = new Set(this.changes.slice(position));
    return { payments: [...changed].map((paymentId) => this.payment(paymentId)), position: this.changes.length };
  }

  /** @throws Problem 409 when it can no longer be cancelled. */
  cancel(paymentId: string, key: string): Payment {
    const { tenantId } = this.payment(paymentId);
    const { cancel: policy, settleAfterMs } = this.behaviour.of(tenantId);
    const payment = this.perform(paymentId, { type: 'cancel', policy }, key);
    if (payment.course === 'succeed_late') this.later(settleAfterMs, paymentId, { type: 'settle' }, key);
    return payment;
  }

  /** The buyer's choice on the hosted page. @throws Problem 409 when nothing is open any more. */
  choose(paymentId: string, action: 'pay' | 'decline'): Payment {
    return this.perform(paymentId, { type: 'choose', action }, paymentId);
  }

  /** Opens a refund once per key. @throws Problem 409 when nothing was taken, 422 when it is more than is left. */
  refund(paymentId: string, key: string, request: RefundRequest): Refund {
    return this.refunded.once(key, { paymentId, ...request }, () => {
      const amount = request.full === true ? 'full' : BigInt(request.netAmountMinor);
      const refundId = v7();
      const command: PaymentCommand = { type: 'refund', refundId, idempotencyKey: key, amount, reason: request.reason };
      const payment = this.perform(paymentId, command, key);
      const { refund: outcome, settleAfterMs } = this.behaviour.of(payment.tenantId);
      if (outcome !== 'never') this.later(settleAfterMs, paymentId, { type: 'settle-refund', refundId, outcome }, key);
      return { paymentId, refund: refundWith(payment, refundId) };
    }).refund;
  }

  /** @throws Problem 404 */
  refundByKey(paymentId: string, key: string): Refund {
    const refund = this.payment(paymentId).refunds.find(({ idempotencyKey }) => idempotencyKey === key);
    if (refund === undefined) throw new Problem(404, 'no-such-refund', `no refund of ${paymentId} was asked for with the key ${key}`);
    return refund;
  }

  /** @throws Problem 409 when there is nothing left to take back. */
  dispute(paymentId: string): Refund {
    const refundId = v7();
    return refundWith(this.perform(paymentId, { type: 'dispute', refundId }, refundId), refundId);
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  private keep(payment: Payment): void {
    this.payments.set(payment.paymentId, payment);
    this.changes.push(payment.paymentId);
  }

  private perform(paymentId: string, command: PaymentCommand, causationId: string): Payment {
    const before = this.payment(paymentId);
    const decision = decide(before, command);
    if (decision.kind === 'refused') {
      throw new Problem(decision.code === 'refund-exceeds-payment' ? 422 : 409, decision.code, decision.detail);
    }
    const after = decision.facts.reduce(evolve, before);
    this.keep(after);
    for (const fact of decision.facts) {
      const event = announcementOf(after, fact, causationId);
      if (event !== undefined) this.outlet.publish(event);
    }
    return after;
  }

  private later(afterMs: number, paymentId: string, command: PaymentCommand, causationId: string): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.perform(paymentId, command, causationId);
    }, afterMs);
    this.timers.add(timer);
  }
}

function refundWith(payment: Payment, refundId: string): Refund {
  const refund = payment.refunds.find((candidate) => candidate.refundId === refundId);
  if (refund === undefined) throw new Error(`payment ${payment.paymentId} lost its refund ${refundId}`);
  return refund;
}
