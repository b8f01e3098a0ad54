import type { PurchaseProtocol } from '../src/application/order/purchase-protocol';
import type { Handlers, Reaction, Resolution, Situation } from '../src/application/saga/definition';
import type { SagaOutcome } from '../src/application/saga/operation';
import { reactionsOf } from '../src/application/saga/reactions';
import { book, isEarly, isParked, park } from './purchase-early-refunds';
import { askBilling, take, takenPayment } from './purchase-payment';
import type { TakenPayment } from './purchase-payment';
import { after, REFUND_ASKS } from './schedule';

type Purchase = Situation<PurchaseProtocol>;
type PurchaseReaction = Reaction<PurchaseProtocol>;
const { ignore, stay, stuck, undoLater, undone } = reactionsOf<PurchaseProtocol>();

const keptMinor = ({ data }: Purchase): bigint => BigInt(data.paid?.amountMinor ?? '0') - BigInt(data.returnedMinor);

/** The compensation of `payment`: give back what was taken, else see to it that nothing will be. */
export function returnMoney(saga: Purchase): PurchaseReaction {
  const { data } = saga;
  if (data.paid) return keptMinor(saga) > 0n ? (refundAgain(saga) ?? refundAll(saga)) : undone();
  if (isReturnAwaited(saga)) return stay({ call: askBilling(saga) });
  if (data.paymentClosed) return undone();
  return data.paymentId ? cancel(saga, data.paymentId) : stay({ call: askBilling(saga) });
}

/** Billing gave money back that nobody has told the coming of: the purchase is not over before that is known. */
function isReturnAwaited({ data }: Purchase): boolean {
  return data.paid === null && (data.early ?? []).length > 0;
}

/** Billing says that this payment took no money and will not. */
function closed(saga: Purchase, data: Partial<PurchaseProtocol['data']>): PurchaseReaction {
  const known = { data: { ...data, paymentClosed: true } };
  return isReturnAwaited(saga) ? undoLater('billing gave money back of a payment that it says took none', known) : undone(known);
}

/** Money has come after all; what has not gone back already is refunded. */
function giveBack(saga: Purchase, payment: TakenPayment): PurchaseReaction {
  const taken = take(saga, payment);
  const afterwards = { ...saga, data: { ...saga.data, ...taken.data } };
  return keptMinor(afterwards) > 0n ? refundAll(afterwards, taken) : undone(taken);
}

function cancel(saga: Purchase, paymentId: string): PurchaseReaction {
  return stay({ data: { paymentId, cancelRefused: false }, call: { name: 'cancel-payment', request: { paymentId, idempotencyKey: `${saga.sagaId}:cancel:${saga.newId()}` } } });
}

/** A refund whose call nobody answered may have taken effect: it is sent again under its own id. */
function refundAgain({ data: { paymentId, refundId, failure } }: Purchase): PurchaseReaction | null {
  if (!paymentId || !refundId) return null;
  return stay({ call: { name: 'refund-payment', request: { paymentId, refundId, reason: failure ?? 'CANCELLED' } } });
}

/** Each try is a refund of its own, stored before the call: its id is billing's idempotency key. */
function refundAll(saga: Purchase, changes: { readonly data?: Partial<PurchaseProtocol['data']>; readonly effects?: readonly PurchaseProtocol['effect'][] } = {}): PurchaseReaction {
  const { paymentId, paid, failure } = saga.data;
  if (!paymentId || !paid) throw new Error('only a payment that was taken can be refunded');
  const refundId = saga.newId();
  const reason = failure ?? 'CANCELLED';
  const amount = { amountMinor: keptMinor(saga).toString(), currency: paid.currency };
  return stay({
    data: { ...changes.data, refundId, refundAsked: 0 },
    effects: [...(changes.effects ?? []), { type: 'refund.request', refundId, paymentId, amount, reason }],
    call: { name: 'refund-payment', request: { paymentId, refundId, reason } },
    timers: { ask: null },
  });
}

/** What billing may say while the payment is being taken back; in any order, late, or twice. */
export const returning: Handlers<PurchaseProtocol> = {
  'billing.payment.succeeded.v1': (saga, event) => {
    if (saga.data.paid) return ignore('this payment was taken in before');
    return giveBack(saga, takenPayment(event));
  },
  'billing.payment.failed.v1': (saga, { paymentId }) =>
    saga.data.paid ? ignore('money was taken: what billing says now contradicts it') : closed(saga, { paymentId }),

  'cancel-payment.replied': (saga, { cancelled }) =>
    cancelled ? closed(saga, {}) : stay({ data: { cancelRefused: true }, call: askBilling(saga) }),
  'cancel-payment.refused': (saga) => stay({ data: { cancelRefused: true }, call: askBilling(saga) }),
  'find-payment.replied': (saga, { payment }) => {
    if (!payment) return closed(saga, {});
    switch (payment.status) {
      case 'succeeded':
        return giveBack(saga, { paymentId: payment.paymentId, paid: { amountMinor: payment.netAmountMinor, currency: saga.data.total.currency }, taxRecordId: null });
      case 'failed':
      case 'cancelled':
        return closed(saga, { paymentId: payment.paymentId });
      case 'requires_action':
      case 'processing':
        return saga.data.cancelRefused
          ? undoLater(`billing refuses to cancel the payment, which is ${payment.status}`, { data: { cancelRefused: false } })
          : cancel(saga, payment.paymentId);
    }
  },
  'find-payment.refused': (_saga, { message }) => undoLater(`billing does not answer for the payment: ${message}`),

  'refund-payment.replied': (saga) => stay({ call: null, timers: { ask: after(saga.now, REFUND_ASKS[0]) } }),
  'refund-payment.refused': (saga, { message }) => refundFailed(saga, `billing refuses the refund: ${message}`),
  'refund.succeeded': (saga, { refundId, amount, billingRefundId }) => {
    const returnedMinor = (BigInt(saga.data.returnedMinor) + BigInt(amount.amountMinor)).toString();
    // one that was given up has gone through after all: a later one cannot go through beside it
    const later = saga.data.refundId === refundId ? null : saga.data.refundId;
    return afterMoneyBack(saga, {
      data: { returnedMinor, refundId: null },
      effects: [...(later ? [{ type: 'refund.fail', refundId: later } as const] : []), { type: 'refund.settle', refundId, amount, billingRefundId }],
    });
  },
  'refund.failed': (saga, { refundId, code }) =>
    refundId === saga.data.refundId ? refundFailed(saga, `the refund failed: ${code}`) : ignore('a later refund is under way'),
  'timer.ask': ({ data }) => (data.paymentId && data.refundId
    ? stay({ data: { refundAsked: data.refundAsked + 1 }, call: { name: 'find-refund', request: { paymentId: data.paymentId, refundId: data.refundId } } })
    : ignore('no refund is open')),
  'find-refund.replied': (saga, { refund }) => {
    if (refund?.status === 'succeeded' && saga.data.refundId) {
      const amount = { amountMinor: refund.netAmountMinor, currency: (saga.data.paid ?? saga.data.total).currency };
      return returning['refund.succeeded']?.(saga, { refundId: saga.data.refundId, amount, billingRefundId: refund.billingRefundId }) ?? stay();
    }
    if (!refund || refund.status === 'failed') return refundFailed(saga, 'billing has no such refund, or it failed');
    const asked = saga.data.refundAsked;
    const pause = (REFUND_ASKS[asked] ?? 0) - (REFUND_ASKS[asked - 1] ?? 0);
    return pause > 0 ? stay({ call: null, timers: { ask: after(saga.now, pause) } }) : stuck('billing never told the end of the refund');
  },
  'find-refund.refused': (_saga, { message }) => stuck(`billing does not answer for the refund: ${message}`),

  'refund.unasked': (saga, refund) => {
    if (isParked(saga, refund)) return ignore('it waits for its payment already');
    if (isEarly(saga, refund)) return stay({ ...park(saga, refund), call: askBilling(saga) });
    const returnedMinor = (BigInt(saga.data.returnedMinor) + BigInt(refund.amount.amountMinor)).toString();
    return afterMoneyBack(saga, { data: { returnedMinor, refundId: null }, effects: [book(refund, saga.data.refundId)] });
  },
  'order.cancel-requested': () => ignore('the order is being taken back already'),
};

/** The rest, if there is one, is another refund. */
function afterMoneyBack(saga: Purchase, settled: { readonly data: { readonly returnedMinor: string; readonly refundId: null }; readonly effects: readonly PurchaseProtocol['effect'][] }): PurchaseReaction {
  const afterwards = { ...saga, data: { ...saga.data, ...settled.data } };
  return saga.data.paid && keptMinor(afterwards) > 0n ? refundAll(afterwards, settled) : undone(settled);
}

function refundFailed(saga: Purchase, error: string): PurchaseReaction {
  const { refundId } = saga.data;
  return undoLater(error, { data: { refundId: null }, effects: refundId ? [{ type: 'refund.fail', refundId }] : [] });
}

/**
 * A purchase that could not be taken back, ended by its operator. FULFIL keeps the order, which must be paid in full and
 * have no refund that could still go through; FAIL gives it up, and what is still owed is given back outside.
 */
export function resolvePurchase(saga: Purchase, outcome: SagaOutcome): Resolution<PurchaseProtocol> {
  const { data } = saga;
  if (outcome === 'FAIL') {
    return { data: { failure: 'OPERATOR_DECISION' }, effects: [
      { type: 'license.revoke', reason: 'OPERATOR_DECISION' }, { type: 'order.release' },
      { type: 'order.end', failure: 'OPERATOR_DECISION', failedStep: data.failedStep ?? 'payment', refunded: BigInt(data.returnedMinor) > 0n },
    ] };
  }
  if (data.total.amountMinor !== '0' && !data.paid) return { impossibleBecause: 'it is not paid' };
  if (data.paid && (data.paid.currency !== data.total.currency || keptMinor(saga) !== BigInt(data.total.amountMinor))) return { impossibleBecause: 'what is kept of its payment is not its total' };
  if (data.refundId) return { impossibleBecause: 'a refund of its payment may still go through' };
  return { data: { failure: null }, effects: [{ type: 'license.issue-anew' }, { type: 'order.fulfil' }] };
}
