import { orderStepOf } from '../src/domain/order/order-step';
import type { PurchaseProtocol } from '../src/application/order/purchase-protocol';
import { defineSaga } from '../src/application/saga/definition';
import { reactionsOf } from '../src/application/saga/reactions';
import { book, isEarly, isParked, park } from './early-refunds';
import { askBilling, take, takenPayment } from './payment';
import { returnMoney, returning } from './payment-compensation';
import { askForSeats, callBilling, checkPaid, findAtDeadline, untilEnrolled } from './purchase-payment';
import { resolvePurchase } from './purchase-resolution';
import { after, DAY, MINUTE, nextAsk } from './schedule';

const { compensate, ignore, next, stay, undoAgain, undone } = reactionsOf<PurchaseProtocol>();

/**
 * The purchase, contract F20 version 1: payment, licences and enrollment as one outcome. Steps, order, deadlines and
 * compensations are frozen: a change is a new version beside this one, and sagas under way keep theirs.
 */
export const purchaseSaga = defineSaga<PurchaseProtocol>({
  name: 'marketplace.purchase',
  version: 1,
  steps: [
    {
      name: 'reserve', // the order itself is written by placeOrder, in the same transaction
      invoke: () => next(),
      compensate: () => undone({ effects: [{ type: 'order.release' }] }),
    },
    {
      name: 'payment',
      skip: (data) => data.total.amountMinor === '0' && !data.startsSubscription, // a mandate is set up even where nothing is due
      invoke: (saga) => stay({
        effects: [{ type: 'order.become', statuses: ['AWAITING_PAYMENT'], step: 'PAYMENT' }],
        call: callBilling(saga),
        timers: { call: after(saga.now, 10 * MINUTE), deadline: after(saga.startedAt, 30 * MINUTE) },
      }),
      on: {
        'process-payment.replied': (saga, { paymentId, paymentUrl, taxRecordId }) => stay({
          data: { paymentId },
          effects: [{ type: 'payment.record', paymentId, paymentUrl, taxRecordId, attempt: saga.data.paymentAttempt, idempotencyKey: callBilling(saga).request.idempotencyKey }],
          call: null,
          timers: { call: null },
        }),
        'process-payment.refused': () => compensate('PAYMENT_REJECTED', { data: { paymentClosed: true } }),
        'timer.call': () => compensate('PAYMENT_UNAVAILABLE'),
        'billing.payment.succeeded.v1': (saga, event) => checkPaid(saga, takenPayment(event)),
        'billing.payment.failed.v1': (_saga, { paymentId }) => compensate('PAYMENT_DECLINED', { data: { paymentId, paymentClosed: true } }),
        'timer.deadline': (saga) => stay({ call: askBilling(saga) }),
        'find-payment.replied': findAtDeadline,
        'find-payment.refused': () => compensate('PAYMENT_TIMEOUT'),
        'order.cancel-requested': () => compensate('CANCELLED'),
      },
      compensate: returnMoney,
      onCompensating: { ...returning, 'order.cancel-requested': () => ignore('the order is being taken back already') },
      onRetry: (saga) => stay({ call: askBilling(saga) }),
    },
    {
      name: 'licensing',
      invoke: () => next({ effects: [{ type: 'order.become', statuses: ['LICENSING'], step: 'LICENSING' }, { type: 'license.issue' }] }),
      onStorageFailure: 'LICENSING_FAILED',
      compensate: (saga) => undone({ effects: [{ type: 'license.revoke', reason: saga.data.failure ?? 'CANCELLED' }] }),
    },
    {
      name: 'enrollment', // its compensation is part of license.revoked: enrollment-service withdraws
      skip: (data) => data.seats === 0,
      invoke: (saga) => stay({
        data: { grantedAt: saga.now.toISOString() },
        effects: [{ type: 'order.become', statuses: ['ENROLLING'], step: 'ENROLLMENT' }],
        timers: { ask: nextAsk(saga.now, saga.now), deadline: after(saga.now, DAY) },
      }),
      on: {
        'enrollment.answered': untilEnrolled,
        'timer.ask': askForSeats,
        'timer.deadline': ({ data }) => data.enrolled > 0
          ? next({ effects: [{ type: 'seat.reject-silent' }] })
          : compensate('ENROLLMENT_TIMEOUT', { effects: [{ type: 'seat.reject-silent' }] }),
      },
      onRetry: askForSeats,
    },
    {
      name: 'fulfilment',
      invoke: () => next({ effects: [{ type: 'order.fulfil' }] }),
    },
  ],

  whenCompensating: (saga, failure) => ({
    data: { failure, failedStep: saga.step },
    effects: [{ type: 'order.become', statuses: ['COMPENSATING'], step: orderStepOf(saga.step) }],
  }),
  whenCompensated: ({ data }) => ({
    effects: [{ type: 'order.end', failure: data.failure ?? 'CANCELLED', failedStep: data.failedStep ?? 'payment', refunded: BigInt(data.returnedMinor) > 0n }],
  }),
  whenStuck: (saga, lastError, attempts) => ({ effects: [{ type: 'saga.alert', step: saga.step, lastError, attempts }] }),
  operatorFailure: 'OPERATOR_DECISION',
  resolve: resolvePurchase,

  onEnded: {
    // Compensation is committed: a success, however late, is given back. What was kept or given back already says so again.
    'billing.payment.succeeded.v1': (saga, event) =>
      saga.state === 'COMPLETED' || saga.data.paid ? ignore('this payment was taken in before') : undoAgain('payment', take(saga, takenPayment(event))),
    'refund.unasked': (saga, refund) => isEarly(saga, refund) ? undoAgain('payment', park(saga, refund)) : stay({
      data: { returnedMinor: (BigInt(saga.data.returnedMinor) + BigInt(refund.amount.amountMinor)).toString() },
      effects: [book(refund)],
    }),
    // One that had been given up, after an operator kept the order: money that goes back unasked.
    'refund.succeeded': ({ state, data }, { refundId, amount, billingRefundId }) => stay({ effects: [state === 'RESOLVED' && data.failure === null && data.paymentId
      ? { type: 'refund.book-unasked', paymentId: data.paymentId, amount, billingRefundId, reason: 'other', openRefundId: null }
      : { type: 'refund.settle', refundId, amount, billingRefundId }] }),
    'refund.failed': () => ignore('nothing is awaited from this refund'),
  },

  otherwise: {
    'billing.payment.succeeded.v1': () => ignore('this payment was taken in before'),
    'billing.payment.failed.v1': () => ignore('the outcome of this payment was taken in before'),
    'refund.unasked': (saga, refund) => {
      if (isParked(saga, refund)) return ignore('it waits for its payment already');
      // billing is asked at once: where money went back, some must have come
      if (isEarly(saga, refund)) return stay({ ...park(saga, refund), call: askBilling(saga) });
      const returnedMinor = (BigInt(saga.data.returnedMinor) + BigInt(refund.amount.amountMinor)).toString();
      return compensate('PAYMENT_REVERSED', { data: { returnedMinor }, effects: [book(refund)] });
    },
    'refund.succeeded': () => ignore('no refund of ours is open'),
    'refund.failed': () => ignore('no refund of ours is open'),
    'order.cancel-requested': () => ignore('the order is past cancelling'),
    'enrollment.answered': () => ignore('the purchase no longer waits for seats'),
  },
});
