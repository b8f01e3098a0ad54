import { defineSaga } from '../src/application/saga/definition';
import type { Handlers, Reaction, Situation } from '../src/application/saga/definition';
import { reactionsOf } from '../src/application/saga/reactions';
import type { RefundProtocol } from '../src/application/refund/refund-protocol';
import { after, HOUR, REFUND_ASKS } from './schedule';

type Refund = Situation<RefundProtocol>;
const { compensate, ignore, next, stay, stuck, undone } = reactionsOf<RefundProtocol>();

/** The call; the refund's id is billing's idempotency key, so that sending it again is the same refund. */
function askForMoney({ data: { paymentId, refundId, amount, reason } }: Refund) {
  return { name: 'refund-payment', request: { paymentId, refundId, amountMinor: amount.amountMinor, reason } } as const;
}

/** Until the next question, or, after the last one, until nobody waits for its answer any more. */
function pauseAfter(asked: number): number {
  const [last, before] = [REFUND_ASKS[asked], REFUND_ASKS[asked - 1] ?? 0];
  return last === undefined ? HOUR : last - before;
}

function askAgainLater(saga: Refund): Reaction<RefundProtocol> {
  return saga.data.asked < REFUND_ASKS.length ? stay({ call: null }) : stuck('billing never told the end of the refund');
}

const awaiting: Handlers<RefundProtocol> = {
  'refund-payment.replied': () => stay({ call: null }),
  'refund-payment.refused': () => compensate('REFUSED'),
  'refund.succeeded': (_saga, returned) => next({ data: { returned } }),
  'refund.failed': () => compensate('FAILED'),
  'refund.overtaken': () => compensate('OVERTAKEN'),
  'timer.ask': (saga) => {
    const { asked, paymentId, refundId } = saga.data;
    if (asked >= REFUND_ASKS.length) return stuck('billing does not answer for the refund');
    return stay({
      data: { asked: asked + 1 }, call: { name: 'find-refund', request: { paymentId, refundId } },
      timers: { ask: after(saga.now, pauseAfter(asked + 1)) },
    });
  },
  'find-refund.replied': (saga, { refund }) => {
    if (!refund) return stay({ call: askForMoney(saga) }); // the request was lost: its key makes sending it again safe
    if (refund.status === 'failed') return compensate('FAILED');
    if (refund.status !== 'succeeded') return askAgainLater(saga);
    return next({ data: { returned: { amount: { amountMinor: refund.netAmountMinor, currency: saga.data.amount.currency }, billingRefundId: refund.billingRefundId } } });
  },
  'find-refund.refused': (_saga, { message }) => stuck(`billing does not answer for the refund: ${message}`),
};

/** A refund after fulfilment, contract F20 version 1: seats frozen, money returned, then seats revoked and books settled. */
export const refundSaga = defineSaga<RefundProtocol>({
  name: 'marketplace.refund',
  version: 1,
  steps: [
    {
      name: 'freeze', // the refund, its lines and its seats are written by the use case, in the same transaction
      invoke: () => next({ effects: [{ type: 'refund.freeze' }] }),
      compensate: ({ data }) => undone({ effects: [{ type: 'refund.fail', overtaken: data.failure === 'OVERTAKEN' }] }),
    },
    {
      name: 'return-money',
      invoke: (saga) => stay({ call: askForMoney(saga), timers: { ask: after(saga.now, pauseAfter(0)) } }),
      on: awaiting,
      onCompensating: awaiting, // while STUCK: the awaited word, arriving later, still moves it on
      onRetry: (saga) => stay({
        data: { asked: 0 }, call: { name: 'find-refund', request: { paymentId: saga.data.paymentId, refundId: saga.data.refundId } },
        timers: { ask: after(saga.now, pauseAfter(0)) },
      }),
    },
    {
      name: 'settle',
      invoke: ({ data: { returned } }) => {
        if (!returned) throw new Error('a refund settles at what billing says');
        return next({ effects: [{ type: 'refund.settle', ...returned }] });
      },
    },
  ],

  whenCompensating: (_saga, failure) => ({ data: { failure } }),
  whenCompensated: () => ({}),
  whenStuck: (saga, lastError, attempts) => ({ effects: [{ type: 'saga.alert', step: saga.step, lastError, attempts }] }),
  operatorFailure: null, // money may be on its way back: only billing's word, or a decision once it is STUCK, ends it
  resolve: ({ data }, outcome) => {
    if (outcome === 'FAIL') return { data: { failure: 'OPERATOR_DECISION' }, effects: [{ type: 'refund.fail', overtaken: false }] };
    const returned = { amount: data.amount, billingRefundId: `operator:${data.refundId}` };
    return { data: { returned }, effects: [{ type: 'refund.settle', ...returned }] };
  },

  onEnded: {
    // Given up, and the money went back all the same: what billing moves is booked.
    'refund.succeeded': ({ state, data }, returned) => state !== 'COMPLETED' && !data.returned
      ? stay({ data: { returned }, effects: [{ type: 'refund.settle', ...returned }] })
      : ignore('this refund was settled before'),
    'refund.failed': () => ignore('this refund has ended'),
    'refund.overtaken': () => ignore('this refund has ended'),
  },
  otherwise: {},
});
