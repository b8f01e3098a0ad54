import type { PaymentProtocol } from '../src/application/order/payment-protocol';
import type { Handlers, Reaction, Situation } from '../src/application/saga/definition';
import { reactionsOf } from '../src/application/saga/reactions';
import { book, isEarly, isParked, park } from './early-refunds';
import { askBilling, take, takenPayment } from './payment';
import type { TakenPayment } from './payment';
import { after, REFUND_ASKS } from './schedule';

type Payment = Situation<PaymentProtocol>;
type PaymentReaction = Reaction<PaymentProtocol>;
const { ignore, stay, stuck, undoLater, undone } = reactionsOf<PaymentProtocol>();

export const keptMinor = ({ data }: Payment): bigint => BigInt(data.paid?.amountMinor ?? '0') - BigInt(data.returnedMinor);

/** The compensation of a payment, the purchase's and the renewal's: give back what was taken, else see to it that nothing will be. */
export function returnMoney(saga: Payment): PaymentReaction {
  const { data } = saga;
  if (data.paid) return keptMinor(saga) > 0n ? (refundAgain(saga) ?? refundAll(saga)) : undone();
  if (isReturnAwaited(saga)) return stay({ call: askBilling(saga) });
  if (data.paymentClosed) return undone();
  return data.paymentId ? cancel(saga, data.paymentId) : stay({ call: askBilling(saga) });
}

/** Billing gave money back that nobody has told the coming of: nothing is over before that is known. */
function isReturnAwaited({ data }: Payment): boolean {
  return data.paid === null && (data.early ?? []).length > 0;
}

/** Billing says that this payment took no money and will not. */
function closed(saga: Payment, data: Partial<PaymentProtocol['data']>): PaymentReaction {
  const known = { data: { ...data, paymentClosed: true } };
  return isReturnAwaited(saga) ? undoLater('billing gave money back of a payment that it says took none', known) : undone(known);
}

/** Money has come after all; what has not gone back already is refunded. */
function giveBack(saga: Payment, payment: TakenPayment): PaymentReaction {
  const taken = take(saga, payment);
  return refundAll({ ...saga, data: { ...saga.data, ...taken.data } }, taken);
}

function cancel(saga: Payment, paymentId: string): PaymentReaction {
  return stay({ data: { paymentId, cancelRefused: false }, call: { name: 'cancel-payment', request: { paymentId, idempotencyKey: `${saga.sagaId}:cancel:${saga.newId()}` } } });
}

/** A refund whose call nobody answered may have taken effect: it is sent again under its own id. */
function refundAgain({ data: { paymentId, refundId, failure } }: Payment): PaymentReaction | null {
  if (!paymentId || !refundId) return null;
  return stay({ call: { name: 'refund-payment', request: { paymentId, refundId, reason: failure ?? 'CANCELLED' } } });
}

/** Each try is a refund of its own, stored before the call: its id is billing's idempotency key. */
function refundAll(saga: Payment, changes: { readonly data?: Partial<PaymentProtocol['data']>; readonly effects?: readonly PaymentProtocol['effect'][] } = {}): PaymentReaction {
  const { paymentId, paid, failure } = saga.data;
  if (!paymentId || !paid) throw new Error('only a payment that was taken can be refunded');
  if (keptMinor(saga) <= 0n) return undone(changes); // a mandate, which took nothing
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
export const returning: Handlers<PaymentProtocol> = {
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
};

/** The rest, if there is one, is another refund. */
function afterMoneyBack(saga: Payment, settled: { readonly data: { readonly returnedMinor: string; readonly refundId: null }; readonly effects: readonly PaymentProtocol['effect'][] }): PaymentReaction {
  const afterwards = { ...saga, data: { ...saga.data, ...settled.data } };
  return saga.data.paid && keptMinor(afterwards) > 0n ? refundAll(afterwards, settled) : undone(settled);
}

function refundFailed(saga: Payment, error: string): PaymentReaction {
  const { refundId } = saga.data;
  return undoLater(error, { data: { refundId: null }, effects: refundId ? [{ type: 'refund.fail', refundId }] : [] });
}
