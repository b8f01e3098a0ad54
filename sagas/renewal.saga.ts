import type { RenewalProtocol } from '../src/application/subscription/renewal-protocol';
import { defineSaga } from '../src/application/saga/definition';
import { reactionsOf } from '../src/application/saga/reactions';
import { askBilling, take, takenPayment } from './payment';
import { returnMoney, returning } from './payment-compensation';
import { resolveRenewal } from './renewal-resolution';
import { asked, attempt, close, closed, dun, failed, opened, paid, takenTwice, unanswered } from './renewal-payment';

const { compensate, ignore, next, stay, undoAgain, undone } = reactionsOf<RenewalProtocol>();

/**
 * The renewal of one period of one subscription, contract F20 version 1: invoice, payment with dunning, extension.
 * Never a second licence; until it is given up, money counts, whichever attempt brings it and however late.
 */
export const renewalSaga = defineSaga<RenewalProtocol>({
  name: 'marketplace.renewal',
  version: 1,
  steps: [
    {
      name: 'invoice', // the order and its place among the periods are written by the schedule, in the same transaction
      invoke: () => next({ effects: [{ type: 'order.become', statuses: ['AWAITING_PAYMENT'] }] }),
      compensate: () => undone(),
    },
    {
      name: 'payment',
      skip: (data) => data.total.amountMinor === '0',
      invoke: (saga) => stay(attempt(saga)),
      on: {
        'process-payment.replied': opened,
        'process-payment.refused': (saga) => (saga.data.intent ? closed(saga, null) : failed(saga, { reason: 'PAYMENT_REJECTED', hard: true }, { data: { paymentClosed: true } })),
        'timer.call': unanswered,
        'billing.payment.succeeded.v1': (saga, event) => paid(saga, takenPayment(event)),
        'billing.payment.failed.v1': (saga, { paymentId, declineKind }) => {
          const { data } = saga;
          if (data.earlier.includes(paymentId) || data.paymentClosed || data.paidBy === paymentId) return ignore('an earlier attempt, or one whose end was taken in before');
          const known = { data: { paymentId, paymentClosed: true } };
          return data.intent ? closed(saga, paymentId) : failed(saga, { reason: 'PAYMENT_DECLINED', hard: declineKind === 'hard' }, known);
        },
        'timer.outcome': (saga) => (saga.data.paymentClosed ? ignore('the attempt has ended') : stay({ call: askBilling(saga) })),
        ...asked,
        'cancel-payment.replied': (saga, { cancelled }) => (cancelled ? closed(saga, null) : stay({ data: { cancelRefused: true }, call: askBilling(saga) })),
        'cancel-payment.refused': (saga) => stay({ data: { cancelRefused: true }, call: askBilling(saga) }),
        'timer.dunning': dun,
        'renewal.pay-by-hand': (saga, { returnUrl }) => (saga.data.mode === 'checkout' && !saga.data.paymentClosed && !saga.data.attemptFailed
          ? ignore('a page to pay at is open')
          : close({ ...saga, data: { ...saga.data, returnUrl } }, 'BY_HAND', { data: { returnUrl } })),
        'subscription.cancel-requested': ({ data }) => (data.pastDue
          ? compensate(data.lastFailure ?? 'PAYMENT_DECLINED', { data: { endAs: 'CANCELLED' } })
          : stay({ data: { cancelling: true } })),
        'subscription.resume-requested': () => stay({ data: { cancelling: false } }),
        'subscription.ended': ({ data }) => compensate(data.lastFailure ?? 'PAYMENT_DECLINED', { data: { endAs: null } }),
        'refund-payment.replied': (saga) => (saga.data.intent === 'DONE' ? next() : stay({ call: null })),
        'refund-payment.refused': (saga, { message }) => next({ effects: [{ type: 'saga.alert', step: saga.step, lastError: message, attempts: 1 }] }),
      },
      compensate: returnMoney,
      onCompensating: returning,
      onRetry: (saga) => stay({ call: askBilling(saga) }),
    },
    {
      name: 'extend',
      invoke: () => next({ effects: [{ type: 'renewal.extend' }] }),
    },
  ],

  whenCompensating: (_saga, failure) => ({ data: { failure } }),
  whenCompensated: ({ data }) => ({
    effects: [{ type: 'renewal.end', failure: data.failure ?? 'PAYMENT_DECLINED', as: data.endAs, refunded: BigInt(data.returnedMinor) > 0n }],
  }),
  whenStuck: (saga, lastError, attempts) => ({ effects: [{ type: 'saga.alert', step: saga.step, lastError, attempts }] }),

  operatorFailure: 'OPERATOR_DECISION',
  resolve: resolveRenewal,

  onEnded: {
    'billing.payment.succeeded.v1': (saga, event) => {
      const { paidBy, paid: already } = saga.data;
      if (paidBy === event.paymentId) return ignore('this payment was taken in before');
      if (saga.state === 'COMPLETED') return takenTwice(saga, takenPayment(event));
      return already ? ignore('the money of this order was given back before') : undoAgain('payment', take(saga, takenPayment(event)));
    },
    'billing.payment.failed.v1': () => ignore('the renewal has ended'),
    'refund.unasked': ({ data }, { paymentId, amount, billingRefundId, reason }) => stay({
      data: { returnedMinor: (BigInt(data.returnedMinor) + BigInt(amount.amountMinor)).toString() },
      effects: [{ type: 'refund.book-unasked', paymentId, amount, billingRefundId, reason, openRefundId: null }],
    }),
    'refund-payment.replied': () => stay({ call: null }),
    'refund-payment.refused': (saga, { message }) => stay({ call: null, effects: [{ type: 'saga.alert', step: saga.step, lastError: message, attempts: 1 }] }),
    'refund.succeeded': (_saga, { refundId, amount, billingRefundId }) => stay({ effects: [{ type: 'refund.settle', refundId, amount, billingRefundId }] }),
    'refund.failed': (saga, { refundId, code }) => stay({ effects: [{ type: 'refund.fail', refundId }, { type: 'saga.alert', step: saga.step, lastError: code, attempts: 1 }] }),
  },

  otherwise: {
    'billing.payment.succeeded.v1': () => ignore('this payment was taken in before'),
    'billing.payment.failed.v1': () => ignore('the outcome of this payment was taken in before'),
    'refund.unasked': (saga, { paymentId, amount, billingRefundId, reason }) => compensate('PAYMENT_REVERSED', {
      data: { returnedMinor: (BigInt(saga.data.returnedMinor) + BigInt(amount.amountMinor)).toString(), endAs: 'EXPIRED' },
      effects: [{ type: 'refund.book-unasked', paymentId, amount, billingRefundId, reason, openRefundId: null }],
    }),
    'refund.succeeded': (_saga, { refundId, amount, billingRefundId }) => stay({ effects: [{ type: 'refund.settle', refundId, amount, billingRefundId }] }),
    'refund.failed': () => ignore('no refund of ours is open'),
    'renewal.pay-by-hand': () => ignore('the renewal has ended, or is being given up'),
    'subscription.cancel-requested': () => ignore('the renewal has ended, or is being given up'),
    'subscription.resume-requested': () => ignore('the renewal has ended, or is being given up'),
    'subscription.ended': () => ignore('the renewal has ended, or is being given up'),
  },
});
