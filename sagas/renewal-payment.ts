import { dunningMoments } from '../src/domain/subscription/dunning';
import type { DunningMoment } from '../src/domain/subscription/dunning';
import type { PaymentFailure, ProcessedPayment } from '../src/application/order/payment-protocol';
import type { PaymentMode, RenewalProtocol } from '../src/application/subscription/renewal-protocol';
import type { Changes, Handlers, Reaction, Situation } from '../src/application/saga/definition';
import { reactionsOf } from '../src/application/saga/reactions';
import { askBilling, isAsAsked, paymentKey, take } from './payment';
import type { TakenPayment } from './payment';
import { after, HOUR, MINUTE } from './schedule';

export type Renewal = Situation<RenewalProtocol>;
type RenewalChanges = Changes<RenewalProtocol>;
type RenewalReaction = Reaction<RenewalProtocol>;
const { compensate, ignore, next, stay } = reactionsOf<RenewalProtocol>();

/** The present attempt, asked of billing under its own key. */
export function attempt(saga: Renewal): RenewalChanges {
  const { orderId, mode, returnUrl } = saga.data;
  return {
    call: { name: 'process-payment', request: { orderId, idempotencyKey: paymentKey(saga), mode, returnUrl } },
    timers: { call: after(saga.now, 10 * MINUTE), outcome: after(saga.now, 30 * MINUTE) },
  };
}

function nextAttempt(saga: Renewal, mode: PaymentMode, more: RenewalChanges): RenewalReaction {
  const { data } = saga;
  const changed = {
    ...more.data, mode, paymentAttempt: data.paymentAttempt + 1, earlier: [...data.earlier, data.paymentId], paymentId: null,
    paymentClosed: false, cancelRefused: false, attemptFailed: false, intent: null,
  };
  const { call, timers } = attempt({ ...saga, data: { ...data, ...changed } });
  return stay({ ...more, data: changed, call: call ?? null, timers: { ...more.timers, ...timers } });
}

type Intent = NonNullable<Renewal['data']['intent']>;

function proceed(saga: Renewal, intent: Intent, more: RenewalChanges = {}): RenewalReaction {
  switch (intent) {
    case 'RETRY': return nextAttempt(saga, 'off_session', more);
    case 'BY_HAND': return nextAttempt(saga, 'checkout', more);
    case 'DONE': return next(more);
  }
}

/** Whether the present attempt's call may be on its way: asked about now, billing would not know of it yet. */
const isOnItsWay = ({ data }: Renewal): boolean => data.paymentId === null && !data.attemptFailed;

/** Sees to it that the present attempt takes nothing any more; only then comes what is intended. */
export function close(saga: Renewal, intent: Intent, more: RenewalChanges = {}): RenewalReaction {
  const { paymentClosed, paymentId } = saga.data;
  if (paymentClosed) return proceed(saga, intent, more);
  if (isOnItsWay(saga)) return stay({ ...more, data: { ...more.data, intent } }); // its answer says what to close
  const call = paymentId ? ({ name: 'cancel-payment', request: { paymentId, idempotencyKey: `${saga.sagaId}:cancel:${saga.newId()}` } } as const) : askBilling(saga);
  return stay({ ...more, data: { ...more.data, intent, cancelRefused: false }, call, timers: { ...more.timers, call: null } });
}

/** Billing knows the present attempt. */
export function opened(saga: Renewal, { paymentId, paymentUrl, taxRecordId }: ProcessedPayment): RenewalReaction {
  const known = { ...saga, data: { ...saga.data, paymentId } };
  const { paymentAttempt, intent } = saga.data;
  const changes = {
    data: { paymentId },
    effects: [{ type: 'payment.record', paymentId, paymentUrl, taxRecordId, attempt: paymentAttempt, idempotencyKey: paymentKey(saga) }],
    call: null,
    timers: { call: null },
  } as const;
  return intent ? close(known, intent, changes) : stay(changes);
}

/** The present attempt's call got no answer in time: it may have taken effect, so that billing is asked by its key before anything else is tried. */
export function unanswered(saga: Renewal): RenewalReaction {
  return saga.data.intent
    ? stay({ data: { attemptFailed: true }, call: askBilling(saga), timers: { call: null } })
    : failed(saga, { reason: 'PAYMENT_UNAVAILABLE' });
}

/** Billing's word that the present attempt has taken nothing, and will not. */
export function closed(saga: Renewal, paymentId: string | null): RenewalReaction {
  const data = { ...saga.data, paymentId: paymentId ?? saga.data.paymentId, paymentClosed: true };
  const shut = { ...saga, data };
  const known = { data: { paymentId: data.paymentId, paymentClosed: true }, call: null };
  return data.intent ? proceed(shut, data.intent, known) : failed(shut, { reason: 'PAYMENT_DECLINED' }, known);
}

const momentsOf = ({ data: { dunning, dueAt } }: Renewal): DunningMoment[] => dunningMoments(dunning, new Date(dueAt));

function nextRetryAt(saga: Renewal, hard: boolean, moment: number): string | null {
  const at = hard ? undefined : momentsOf(saga).slice(moment).find(({ kind }) => kind === 'try')?.at;
  return at?.toISOString() ?? null;
}

/** The present attempt has not brought the money. The first time, dunning begins; a try by hand changes nothing about it. */
export function failed(saga: Renewal, { reason, hard = false }: { readonly reason: PaymentFailure; readonly hard?: boolean }, more: RenewalChanges = {}): RenewalReaction {
  const { data } = saga;
  const known = { ...more.data, attemptFailed: true, lastFailure: reason, intent: null };
  const timers = { call: null, outcome: null };
  if (data.cancelling) return compensate(reason, { data: { ...known, endAs: 'CANCELLED' } });
  if (data.mode === 'checkout' && data.pastDue) return stay({ ...more, data: known, call: null, timers });
  const isHard = data.hard || hard;
  if (!data.pastDue) {
    const moments = momentsOf(saga);
    const graceEndsAt = moments.find(({ kind }) => kind === 'suspend')?.at.toISOString() ?? data.dueAt;
    return stay({
      data: { ...known, pastDue: true, hard: isHard }, call: null, timers: { ...timers, dunning: moments[0]?.at ?? null },
      effects: [{ type: 'renewal.past-due', nextRetryAt: nextRetryAt(saga, isHard, 0), graceEndsAt }],
    });
  }
  return stay({
    data: { ...known, hard: isHard, suspendWhenFailed: false }, call: null, timers,
    effects: [{ type: 'renewal.retry-at', at: nextRetryAt(saga, isHard, data.moment) }, ...(data.suspendWhenFailed ? [{ type: 'renewal.suspend' } as const] : [])],
  });
}

/** Days 1, 3, 5, 7 … of a renewal that is not paid (domain-rules, "Subscriptions"). Moments that were missed come one right after the other. */
export function dun(saga: Renewal): RenewalReaction {
  const { data } = saga;
  const moments = momentsOf(saga);
  const due = moments[data.moment];
  if (!due) return ignore('dunning is over');
  const passed = { data: { moment: data.moment + 1 }, timers: { dunning: moments[data.moment + 1]?.at ?? null } };
  const underWay = !data.attemptFailed && data.mode === 'off_session';
  const shown = { type: 'renewal.retry-at', at: nextRetryAt(saga, data.hard, data.moment + 1) } as const;
  switch (due.kind) {
    case 'try': return data.hard || underWay || data.intent ? stay({ ...passed, effects: [shown] }) : close(saga, 'RETRY', { ...passed, effects: [shown] });
    case 'suspend': return underWay ? stay({ ...passed, data: { ...passed.data, suspendWhenFailed: true } }) : stay({ ...passed, effects: [{ type: 'renewal.suspend' }] });
    case 'expire': return compensate(data.lastFailure ?? 'PAYMENT_DECLINED', { data: { ...passed.data, endAs: 'EXPIRED' } });
  }
}

/** Money has come, by the present attempt or, late, by an earlier one: a success counts until the renewal is given up. */
export function paid(saga: Renewal, payment: TakenPayment): RenewalReaction {
  const { data } = saga;
  if (data.paid) return data.paidBy === payment.paymentId ? ignore('this payment was taken in before') : takenTwice(saga, payment);
  const before = data.earlier.indexOf(payment.paymentId);
  const of = before === -1 ? saga : { ...saga, data: { ...data, paymentAttempt: before + 1 } };
  const { effects, ...taken } = take(of, payment);
  const changes = { data: { ...taken.data, paidBy: payment.paymentId }, effects };
  if (!isAsAsked(saga, payment)) return compensate('PAYMENT_AMOUNT_MISMATCH', { ...changes, data: { ...changes.data, endAs: 'EXPIRED' } });
  const isPresent = before === -1 && (data.paymentId ?? payment.paymentId) === payment.paymentId;
  if (isPresent || data.paymentClosed) return next(changes);
  return close(saga, 'DONE', changes);
}

/** A second payment for one period goes back, and the renewal stays. */
export function takenTwice(saga: Renewal, payment: TakenPayment): RenewalReaction {
  const { paymentId, paid: amount } = payment;
  const before = saga.data.earlier.indexOf(paymentId);
  const { effects } = take(before === -1 ? saga : { ...saga, data: { ...saga.data, paymentAttempt: before + 1 } }, payment);
  const refundId = saga.newId();
  return stay({
    data: { paymentClosed: true },
    effects: [...effects, { type: 'refund.request', refundId, paymentId, amount, reason: 'PAID_TWICE' }],
    call: { name: 'refund-payment', request: { paymentId, refundId, reason: 'PAID_TWICE' } },
  });
}

/** Half an hour without an outcome, or on the way to close the attempt: billing's own word decides. */
export const asked: Required<Pick<Handlers<RenewalProtocol>, 'find-payment.replied' | 'find-payment.refused'>> = {
  'find-payment.replied': (saga, { payment }) => {
    const { data } = saga;
    if (!payment) return closed(saga, null);
    const { paymentId, status, netAmountMinor } = payment;
    const known = { ...saga, data: { ...data, paymentId: data.paid ? data.paymentId : paymentId } };
    switch (status) {
      case 'succeeded': return paid(known, { paymentId, paid: { amountMinor: netAmountMinor, currency: data.total.currency }, taxRecordId: null });
      case 'failed':
      case 'cancelled': return closed(known, paymentId);
      case 'requires_action':
      case 'processing': return stillOpen(known, paymentId, status);
    }
  },
  'find-payment.refused': (saga) => stay({ call: null, timers: { outcome: after(saga.now, HOUR) } }),
};

function stillOpen(saga: Renewal, paymentId: string, status: 'requires_action' | 'processing'): RenewalReaction {
  const { data } = saga;
  const known = { data: { paymentId } };
  if (data.intent && !data.cancelRefused) return close(saga, data.intent, known);
  if (status === 'processing' || data.intent) return stay({ data: { paymentId, intent: data.intent === 'DONE' ? 'DONE' : null }, call: null, timers: { outcome: after(saga.now, 12 * HOUR) } });
  if (data.mode === 'checkout') return stay({ ...known, call: null });
  return failed({ ...saga, data: { ...data, paymentId } }, { reason: 'PAYMENT_TIMEOUT' }, known);
}
