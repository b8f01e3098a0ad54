import type { Amount, FoundPaymentStatus, PurchaseEffect, PurchaseProtocol } from '../src/application/order/purchase-protocol';
import type { Input, Inputs } from '../src/application/saga/definition';
import type { SagaInstance } from '../src/application/saga/instance';
import type { SagaOperation, SagaOutcome } from '../src/application/saga/operation';
import { Interpreter } from '../src/application/saga/interpreter';
import type { Outcome } from '../src/application/saga/interpreter';
import type { SagaId, TenantId, UserId } from '../src/domain/ids';
import { purchaseSaga } from './purchase.saga';
import { DAY, HOUR, MINUTE, SECOND } from './schedule';

type Saga = SagaInstance<PurchaseProtocol>;
type Name = keyof Inputs<PurchaseProtocol>;

const interpreter = new Interpreter(purchaseSaga);
const START = new Date('2026-03-01T10:00:00.000Z');
const eur = (amountMinor: string): Amount => ({ amountMinor, currency: 'EUR' });
const TOTAL = eur('4900');
const input = <K extends Name>(name: K, payload: Inputs<PurchaseProtocol>[K]) => ({ name, payload }) as Input<PurchaseProtocol>;

const succeeded = (netAmount = TOTAL) => input('billing.payment.succeeded.v1', { paymentId: 'pay-1', orderId: 'order-1', netAmount, taxRecordId: 'tax-1' });
const failed = (declineKind: 'soft' | 'hard' = 'soft') => input('billing.payment.failed.v1', { paymentId: 'pay-1', orderId: 'order-1', code: 'insufficient_funds', declineKind });
const accepted = input('process-payment.replied', { paymentId: 'pay-1', status: 'requires_action', paymentUrl: 'https://pay.example/1', taxRecordId: null });
const found = (status: FoundPaymentStatus, netAmountMinor = '4900') => input('find-payment.replied', { payment: { paymentId: 'pay-1', status, netAmountMinor } });
const notFound = input('find-payment.replied', { payment: null });
const cancelRequested = input('order.cancel-requested', {});
const cancelled = input('cancel-payment.replied', { cancelled: true });
const cancelRefused = input('cancel-payment.replied', { cancelled: false });
const answered = (enrolled: number, rejected: number) => input('enrollment.answered', { enrolled, rejected });
const unasked = (amountMinor: string) => input('refund.unasked', { paymentId: 'pay-1', billingRefundId: 'dispute-1', amount: eur(amountMinor), reason: 'dispute' });
const refunded = (refundId: string, amount = TOTAL) => input('refund.succeeded', { refundId, amount, billingRefundId: 'ref-1' });
const refundFailed = (refundId: string) => input('refund.failed', { refundId, code: 'account_closed' });
const refundTaken = input('refund-payment.replied', { billingRefundId: 'ref-1', status: 'pending' });
const refundFound = (status: string, netAmountMinor = '4900') => input('find-refund.replied', { refund: { billingRefundId: 'ref-1', status, netAmountMinor } });
const timer = (name: 'call' | 'deadline' | 'ask' | 'undo') => ({ name: `timer.${name}`, payload: {} }) as Input<PurchaseProtocol>;

/** One purchase as it is told things: the saga now, and what each thing that was told led to. */
class Purchase {
  saga: Saga;
  now = START;
  effects: readonly PurchaseEffect[];
  outcome: Outcome<PurchaseProtocol> | null = null;
  private ids = 0;

  constructor({ total = TOTAL, seats = 1 }: { readonly total?: Amount; readonly seats?: number } = {}) {
    const begun = interpreter.start({
      id: 'saga-1' as SagaId, correlationId: 'order-1', tenantId: 'tenant-1' as TenantId, buyerId: 'buyer-1' as UserId,
      data: {
        orderId: 'order-1', total, paymentAttempt: 1, paymentId: null, paid: null, returnedMinor: '0', paymentClosed: false, cancelRefused: false,
        refundId: null, refundAsked: 0, seats, enrolled: 0, rejected: 0, enrollmentAsked: 0, grantedAt: null, failure: null, failedStep: null,
      },
    }, this.clockwork);
    this.saga = begun.saga;
    this.effects = begun.effects;
  }

  /** Tells it these things in order; `effects` are those of all of them together. */
  told(...inputs: readonly Input<PurchaseProtocol>[]): this {
    const effects: PurchaseEffect[] = [];
    for (const one of inputs) {
      this.outcome = interpreter.handle(this.saga, one, this.clockwork);
      if (this.outcome.kind === 'ignored') continue;
      this.saga = this.outcome.saga;
      effects.push(...this.outcome.effects);
    }
    this.effects = effects;
    return this;
  }

  /** The effects of this step cannot be stored. */
  toldButNotStored(step: string, one: Input<PurchaseProtocol>): this {
    const outcome = interpreter.handle(this.saga, one, this.clockwork, { step, error: 'no room' });
    if (outcome.kind === 'changed') Object.assign(this, { saga: outcome.saga, effects: outcome.effects });
    return this;
  }

  unanswered(): this {
    const { saga, effects } = interpreter.callUnanswered(this.saga, 'billing is away', this.clockwork);
    Object.assign(this, { saga, effects });
    return this;
  }

  after(milliseconds: number): this {
    this.now = new Date(START.getTime() + milliseconds);
    return this;
  }

  /** Lets the timer that is due next come due. */
  next(): this {
    const [due] = Object.entries(this.saga.timers).sort(([, left], [, right]) => left.localeCompare(right));
    if (!due) throw new Error('no timer is set');
    this.now = new Date(due[1]);
    return this.told(timer(due[0] as 'call'));
  }

  get did(): readonly string[] {
    return this.effects.map((effect) => (effect.type === 'order.become' ? effect.statuses.join(' → ') : effect.type));
  }

  get ignoredBecause(): string | null {
    return this.outcome?.kind === 'ignored' ? this.outcome.because : null;
  }

  /** When the timer is due, in milliseconds after the order. */
  due(name: string): number | null {
    const at = this.saga.timers[name];
    return at === undefined ? null : new Date(at).getTime() - START.getTime();
  }

  get openRefund(): string {
    return this.saga.data.refundId ?? 'none';
  }

  private get clockwork() {
    return { now: this.now, newId: () => `id-${++this.ids}` };
  }
}

const placed = (options?: ConstructorParameters<typeof Purchase>[0]) => new Purchase(options);
const awaiting = (options?: ConstructorParameters<typeof Purchase>[0]) => placed(options).told(accepted);
const enrolling = (seats = 1) => awaiting({ seats }).told(succeeded());
const ended = (purchase: Purchase) => ({ state: purchase.saga.state, end: purchase.effects.find((effect) => effect.type === 'order.end') });
const failedWith = (failure: string, failedStep = 'payment', wasRefunded = false) => ({ state: 'COMPENSATED', end: { type: 'order.end', failure, failedStep, refunded: wasRefunded } });

describe('a purchase that goes well', () => {
  it('is placed with its payment armed, both deadlines set', () => {
    const purchase = placed();
    expect(purchase.saga).toMatchObject({ state: 'RUNNING', step: 'payment', version: 1, call: { name: 'process-payment', request: { orderId: 'order-1', idempotencyKey: 'saga-1:payment:1' } } });
    expect([purchase.due('call'), purchase.due('deadline')]).toEqual([10 * MINUTE, 30 * MINUTE]);
    expect(purchase.effects).toEqual([{ type: 'order.become', statuses: ['AWAITING_PAYMENT'], step: 'PAYMENT' }]);
  });

  it('keeps what billing answered and waits for the outcome', () => {
    const purchase = awaiting();
    expect(purchase.saga).toMatchObject({ state: 'WAITING', call: null, data: { paymentId: 'pay-1' } });
    expect(purchase.effects).toEqual([
      { type: 'payment.record', paymentId: 'pay-1', paymentUrl: 'https://pay.example/1', taxRecordId: null, attempt: 1, idempotencyKey: 'saga-1:payment:1' },
    ]);
    expect([purchase.due('call'), purchase.due('deadline')]).toEqual([null, 30 * MINUTE]);
  });

  it('is licensed in the transaction that takes in the payment, and waits for its seats', () => {
    const purchase = enrolling();
    expect(purchase.did).toEqual(['payment.take', 'LICENSING', 'license.issue', 'ENROLLING']);
    expect(purchase.saga).toMatchObject({ state: 'WAITING', step: 'enrollment' });
  });

  it('is fulfilled when its seats are enrolled: four versions in all', () => {
    const purchase = enrolling().told(answered(1, 0));
    expect(purchase.did).toEqual(['order.fulfil']);
    expect(purchase.saga).toMatchObject({ state: 'COMPLETED', step: 'fulfilment', version: 4, timers: {}, call: null });
  });

  it('goes on when the success beats the answer to the call', () => {
    expect(placed().told(succeeded()).did).toEqual(['payment.take', 'LICENSING', 'license.issue', 'ENROLLING']);
  });

  it('without seats to assign skips enrollment', () => {
    const purchase = awaiting({ seats: 0 }).told(succeeded());
    expect(purchase.did).toEqual(['payment.take', 'LICENSING', 'license.issue', 'order.fulfil']);
    expect(purchase.saga.state).toBe('COMPLETED');
  });

  it('with nothing to pay skips payment', () => {
    const purchase = placed({ total: eur('0') });
    expect(purchase.did).toEqual(['LICENSING', 'license.issue', 'ENROLLING']);
    expect(purchase.saga).toMatchObject({ step: 'enrollment', call: null });
    expect(placed({ total: eur('0'), seats: 0 }).saga).toMatchObject({ state: 'COMPLETED', version: 1 });
  });
});

describe('a payment that fails', () => {
  it.each(['soft', 'hard'] as const)('%s declined: everything is taken back, nothing is asked of billing', (kind) => {
    const purchase = awaiting().told(failed(kind));
    expect(purchase.did).toEqual(['COMPENSATING', 'order.release', 'order.end']);
    expect(ended(purchase)).toEqual(failedWith('PAYMENT_DECLINED'));
  });

  it('refused by billing (a 4xx) is final', () => {
    const purchase = placed().told(input('process-payment.refused', { code: 'currency_not_supported', message: 'not here' }));
    expect(ended(purchase)).toEqual(failedWith('PAYMENT_REJECTED'));
  });

  it('unanswered is tried again with backoff for ten minutes; then billing is asked whether it took effect', () => {
    const once = placed().unanswered();
    expect(once.saga).toMatchObject({ state: 'RUNNING', attempt: 2, lastError: 'billing is away', call: { name: 'process-payment', request: { idempotencyKey: 'saga-1:payment:1' } } });
    expect(once.saga.callDelayMs).toBeGreaterThan(0);
    const given = once.next();
    expect(given.now).toEqual(new Date(START.getTime() + 10 * MINUTE));
    expect(given.saga).toMatchObject({ state: 'COMPENSATING', data: { failure: 'PAYMENT_UNAVAILABLE' }, call: { name: 'find-payment', request: { idempotencyKey: 'saga-1:payment:1' } } });
    expect(ended(given.told(notFound))).toEqual(failedWith('PAYMENT_UNAVAILABLE'));
  });

  it('unanswered, but it took effect: it is cancelled', () => {
    const purchase = placed().unanswered().next().told(found('requires_action'));
    expect(purchase.saga.call).toMatchObject({ name: 'cancel-payment', request: { paymentId: 'pay-1' } });
    expect(ended(purchase.told(cancelled))).toEqual(failedWith('PAYMENT_UNAVAILABLE'));
  });

  it('unanswered, but money was taken: all of it is given back', () => {
    const purchase = placed().unanswered().next().told(found('succeeded'));
    expect(purchase.did).toEqual(['payment.take', 'refund.request']);
    expect(ended(purchase.told(refundTaken, refunded(purchase.openRefund)))).toEqual(failedWith('PAYMENT_UNAVAILABLE', 'payment', true));
  });

  it.each([['less', eur('4899')], ['more', eur('4901')], ['nothing', eur('0')], ['another currency', { amountMinor: '4900', currency: 'USD' }]])('%s than asked: licences nothing and refunds all that was taken', (_what, amount) => {
    const purchase = awaiting().told(succeeded(amount));
    expect(purchase.saga.data.failure).toBe('PAYMENT_AMOUNT_MISMATCH');
    expect(purchase.did).not.toContain('license.issue');
    if (amount.amountMinor === '0') expect(ended(purchase)).toEqual(failedWith('PAYMENT_AMOUNT_MISMATCH'));
    else expect(purchase.effects).toContainEqual({ type: 'refund.request', refundId: purchase.openRefund, paymentId: 'pay-1', amount, reason: 'PAYMENT_AMOUNT_MISMATCH' });
  });
});

describe('a payment whose outcome stays away', () => {
  const asked = () => awaiting().next();

  it('is asked for by its key half an hour after the order', () => {
    const purchase = asked();
    expect(purchase.now).toEqual(new Date(START.getTime() + 30 * MINUTE));
    expect(purchase.saga).toMatchObject({ state: 'RUNNING', call: { name: 'find-payment', request: { idempotencyKey: 'saga-1:payment:1' } } });
  });

  it('succeeded meanwhile: goes on', () => {
    expect(asked().told(found('succeeded')).did).toEqual(['payment.take', 'LICENSING', 'license.issue', 'ENROLLING']);
  });

  it('succeeded at another amount: is refunded', () => {
    expect(asked().told(found('succeeded', '100')).did).toEqual(['payment.take', 'COMPENSATING', 'refund.request']);
  });

  it('still processing: is asked for again, ever more rarely, for seven days; then it is cancelled', () => {
    const purchase = asked();
    const askedAt = [purchase.now.getTime() - START.getTime()];
    while (purchase.told(found('processing')).saga.state !== 'COMPENSATING') {
      expect(purchase.saga).toMatchObject({ state: 'WAITING', call: null });
      askedAt.push(purchase.next().now.getTime() - START.getTime());
    }
    const pauses = askedAt.slice(1).map((at, index) => at - (askedAt[index] ?? 0));
    expect(pauses.slice(0, -1)).toEqual([...pauses.slice(0, -1)].sort((left, right) => left - right));
    expect(Math.min(...pauses.slice(0, -1))).toBe(30 * MINUTE);
    expect(askedAt.at(-1)).toBe(7 * DAY);
    expect(purchase.saga).toMatchObject({ data: { failure: 'PAYMENT_TIMEOUT' }, call: { name: 'cancel-payment' } });
  });

  it('processing, then success: goes on, however late', () => {
    expect(asked().told(found('processing')).after(3 * DAY).told(succeeded()).did).toContain('license.issue');
  });

  it.each([['requires_action', 'cancel-payment'], ['failed', null], ['cancelled', null]] as const)('%s: times out, what can still be paid is cancelled', (status, call) => {
    const purchase = asked().told(found(status));
    expect(purchase.saga.data.failure).toBe('PAYMENT_TIMEOUT');
    expect(purchase.saga.call?.name ?? null).toBe(call);
    if (call) purchase.told(cancelled);
    expect(ended(purchase)).toEqual(failedWith('PAYMENT_TIMEOUT'));
  });

  it('unknown to billing: times out', () => {
    const purchase = asked().told(notFound);
    expect(purchase.saga.data.failure).toBe('PAYMENT_TIMEOUT');
    expect(purchase.saga.call?.name).toBe('cancel-payment');
  });

  it('of which billing says nothing now: is asked again, not given up', () => {
    expect(asked().unanswered().saga).toMatchObject({ state: 'RUNNING', call: { name: 'find-payment' } });
  });
});

describe('a purchase that its buyer cancels', () => {
  it('cancels the payment; accepted: CANCELLED', () => {
    const purchase = awaiting().told(cancelRequested);
    expect(purchase.did).toEqual(['COMPENSATING']);
    expect(purchase.saga.call).toMatchObject({ name: 'cancel-payment', request: { paymentId: 'pay-1' } });
    expect(purchase.told(cancelled).did).toEqual(['order.release', 'order.end']);
    expect(ended(purchase)).toEqual(failedWith('CANCELLED'));
  });

  it('before billing answered asks whether there is a payment', () => {
    const purchase = placed().told(cancelRequested);
    expect(purchase.saga.call?.name).toBe('find-payment');
    expect(ended(purchase.told(notFound))).toEqual(failedWith('CANCELLED'));
  });

  it('a refused cancel means ask again: succeeded is refunded', () => {
    const purchase = awaiting().told(cancelRequested, cancelRefused);
    expect(purchase.saga.call?.name).toBe('find-payment');
    expect(purchase.told(found('succeeded')).did).toEqual(['payment.take', 'refund.request']);
    expect(ended(purchase.told(refundTaken, refunded(purchase.openRefund)))).toEqual(failedWith('CANCELLED', 'payment', true));
  });

  it('a refused cancel of a payment that is still open is tried again later', () => {
    const purchase = awaiting().told(cancelRequested, cancelRefused, found('processing'));
    expect(purchase.saga).toMatchObject({ state: 'COMPENSATING', attempt: 2, call: null });
    expect(purchase.next().saga.call?.name).toBe('cancel-payment');
  });

  it('refused with a problem: likewise', () => {
    expect(awaiting().told(cancelRequested, input('cancel-payment.refused', { code: 'gone', message: 'gone' })).saga.call?.name).toBe('find-payment');
  });

  it('a success that arrives while it is being cancelled is refunded', () => {
    expect(awaiting().told(cancelRequested, succeeded()).did).toEqual(['COMPENSATING', 'payment.take', 'refund.request']);
  });

  it('a failure that arrives while it is being cancelled ends it', () => {
    expect(ended(awaiting().told(cancelRequested, failed()))).toEqual(failedWith('CANCELLED'));
  });

  it('once paid it is past cancelling', () => {
    expect(enrolling().told(cancelRequested).ignoredBecause).toBe('the order is past cancelling');
  });
});

describe('a success after compensation was committed', () => {
  it.each([
    ['declined', () => awaiting().told(failed())],
    ['cancelled', () => awaiting().told(cancelRequested, cancelled)],
    ['timed out', () => awaiting().next().told(found('requires_action'), cancelled)],
    ['unavailable', () => placed().next().told(notFound)],
  ] as const)('%s: is booked and refunded, once, however often it is told', (_why, before) => {
    const purchase = before();
    expect(purchase.saga.state).toBe('COMPENSATED');
    purchase.after(2 * DAY).told(succeeded(), succeeded());
    expect(purchase.did).toEqual(['payment.take', 'refund.request']);
    expect(purchase.saga).toMatchObject({ state: 'COMPENSATING', step: 'payment', call: { name: 'refund-payment', request: { paymentId: 'pay-1' } } });
    purchase.told(refundTaken, refunded(purchase.openRefund));
    expect(purchase.saga.state).toBe('COMPENSATED');
    expect(purchase.told(succeeded()).ignoredBecause).toBe('this payment was taken in before');
  });
});

describe('enrollment', () => {
  it('answered in parts waits for the last', () => {
    const purchase = enrolling(3).told(answered(1, 0));
    expect(purchase.saga).toMatchObject({ state: 'WAITING', step: 'enrollment' });
    expect(purchase.told(answered(0, 1)).did).toEqual([]);
    expect(purchase.told(answered(1, 0)).did).toEqual(['order.fulfil']);
  });

  it('all rejected: licences are revoked, then the money goes back, then the order ends', () => {
    const purchase = enrolling(2).told(answered(0, 2));
    expect(purchase.did).toEqual(['COMPENSATING', 'license.revoke', 'refund.request']);
    expect(purchase.effects[0]).toMatchObject({ step: 'ENROLLMENT' });
    expect(purchase.told(refundTaken, refunded(purchase.openRefund)).did).toEqual(['refund.settle', 'order.release', 'order.end']);
    expect(ended(purchase)).toEqual(failedWith('ENROLLMENT_REJECTED', 'enrollment', true));
  });

  it('all rejected of an order with nothing to pay: nobody is asked for money', () => {
    const purchase = placed({ total: eur('0') }).told(answered(0, 1));
    expect(purchase.did).toEqual(['COMPENSATING', 'license.revoke', 'order.release', 'order.end']);
  });

  it('unanswered is asked for 1, 5, 30 minutes, 2 and 6 hours after the grant; 24 hours after it the order fails', () => {
    const purchase = enrolling(2);
    const askedAt: number[] = [];
    while (purchase.saga.timers['ask']) {
      purchase.next();
      askedAt.push(purchase.now.getTime() - START.getTime());
      expect(purchase.effects).toEqual([{ type: 'enrollment.ask-again', attempt: askedAt.length }]);
    }
    expect(askedAt).toEqual([MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR]);
    purchase.next();
    expect(purchase.now.getTime() - START.getTime()).toBe(DAY);
    expect(purchase.did).toEqual(['seat.reject-silent', 'COMPENSATING', 'license.revoke', 'refund.request']);
    expect(purchase.saga.data.failure).toBe('ENROLLMENT_TIMEOUT');
  });

  it('partly silent after 24 hours: the silent seats count as rejected and the order is kept', () => {
    const purchase = enrolling(2).told(answered(1, 0)).after(DAY).told(timer('deadline'));
    expect(purchase.did).toEqual(['seat.reject-silent', 'order.fulfil']);
    expect(purchase.saga.state).toBe('COMPLETED');
  });

  it('answered when nobody waits any more changes nothing', () => {
    expect(enrolling().told(answered(1, 0), answered(1, 0)).ignoredBecause).toBe('the purchase no longer waits for seats');
    expect(enrolling().told(answered(0, 1), answered(1, 0)).ignoredBecause).toBe('the purchase no longer waits for seats');
  });
});

describe('licensing that cannot be stored', () => {
  it('books the payment and gives it back: LICENSING_FAILED', () => {
    const purchase = awaiting().toldButNotStored('licensing', succeeded());
    expect(purchase.did).toEqual(['payment.take', 'COMPENSATING', 'license.revoke', 'refund.request']);
    expect(purchase.saga.lastError).toBe('no room');
    expect(ended(purchase.told(refundTaken, refunded(purchase.openRefund)))).toEqual(failedWith('LICENSING_FAILED', 'licensing', true));
  });
});

describe('money that billing gives back unasked', () => {
  it('all of it, before fulfilment: the order is taken back without another refund', () => {
    const purchase = enrolling().told(unasked('4900'));
    expect(purchase.did).toEqual(['refund.book-unasked', 'COMPENSATING', 'license.revoke', 'order.release', 'order.end']);
    expect(ended(purchase)).toEqual(failedWith('PAYMENT_REVERSED', 'enrollment', true));
  });

  it('a part of it: the remainder is refunded', () => {
    const purchase = enrolling().told(unasked('1000'));
    expect(purchase.did).toEqual(['refund.book-unasked', 'COMPENSATING', 'license.revoke', 'refund.request']);
    expect(purchase.effects.at(-1)).toMatchObject({ amount: eur('3900') });
    purchase.told(refundTaken, refunded(purchase.openRefund, eur('3900')));
    expect(purchase.saga).toMatchObject({ state: 'COMPENSATED', data: { returnedMinor: '4900' } });
  });

  it('while our own refund is open: ours is given up for one of what is left', () => {
    const purchase = enrolling().told(answered(0, 1));
    const ours = purchase.openRefund;
    purchase.told(unasked('1000'));
    expect(purchase.effects).toMatchObject([{ type: 'refund.book-unasked', openRefundId: ours }, { type: 'refund.request', amount: eur('3900') }]);
    expect(purchase.openRefund).not.toBe(ours);
    // When the one that was given up had gone through all the same
    const later = purchase.openRefund;
    purchase.told(refunded(ours, eur('3900')));
    expect(purchase.effects.slice(0, 2)).toMatchObject([{ type: 'refund.fail', refundId: later }, { type: 'refund.settle', refundId: ours }]);
    expect(purchase.saga.state).toBe('COMPENSATED');
  });

  it('after fulfilment and after the end: is booked', () => {
    expect(enrolling().told(answered(1, 0), unasked('1000')).did).toEqual(['order.fulfil', 'refund.book-unasked']);
    const over = enrolling().told(answered(0, 1));
    over.told(refunded(over.openRefund));
    expect(over.told(unasked('1')).did).toEqual(['refund.book-unasked']);
    expect(over.saga.state).toBe('COMPENSATED');
  });
});

describe('money that went back before anything told of its coming', () => {
  const found = (status: string) => input('find-payment.replied', { payment: { paymentId: 'pay-1', status: status as 'succeeded', netAmountMinor: '4900' } });

  it('waits, and billing is asked; told of the payment, both are booked and the order is taken back', () => {
    const purchase = awaiting().told(unasked('4900'));
    expect(purchase).toMatchObject({ did: [], saga: { state: 'RUNNING', call: { name: 'find-payment' } } });
    purchase.told(succeeded());
    expect(purchase.did).toEqual(['payment.take', 'refund.book-unasked', 'COMPENSATING', 'order.release', 'order.end']);
    expect(ended(purchase)).toEqual(failedWith('PAYMENT_REVERSED', 'payment', true));
    expect(purchase.saga.data).toMatchObject({ returnedMinor: '4900', early: [] });
  });

  it('a part of it: the remainder is refunded, never more than was paid', () => {
    const purchase = awaiting().told(unasked('1000'), found('succeeded'));
    expect(purchase.did).toEqual(['payment.take', 'refund.book-unasked', 'COMPENSATING', 'refund.request']);
    expect(purchase.effects.at(-1)).toMatchObject({ amount: eur('3900') });
  });

  it('told twice: waits once', () => {
    const purchase = awaiting().told(unasked('1000'), unasked('1000'));
    expect(purchase.ignoredBecause).toBe('it waits for its payment already');
    expect(purchase.saga.data.early).toHaveLength(1);
  });

  it('while the purchase is being taken back: what is left of the payment is given back', () => {
    const purchase = awaiting().told(input('order.cancel-requested', {}), unasked('1000'), unasked('1000'));
    expect(purchase.saga).toMatchObject({ state: 'COMPENSATING', call: { name: 'find-payment' }, data: { early: [{ billingRefundId: 'dispute-1' }] } });
    expect(purchase.told(succeeded()).did).toEqual(['payment.take', 'refund.book-unasked', 'refund.request']);
    expect(purchase.effects.at(-1)).toMatchObject({ amount: eur('3900') });
  });

  it('after the end: billing is asked once more, and what it says is booked', () => {
    const purchase = awaiting().told(input('billing.payment.failed.v1', { paymentId: 'pay-1', orderId: 'order-1', code: 'no', declineKind: 'soft' }));
    expect(purchase.saga.state).toBe('COMPENSATED');
    purchase.told(unasked('4900'));
    expect(purchase.saga).toMatchObject({ state: 'COMPENSATING', call: { name: 'find-payment' } });
    expect(purchase.told(found('succeeded')).did).toEqual(['payment.take', 'refund.book-unasked', 'order.release', 'order.end']);
    expect(purchase.saga.state).toBe('COMPENSATED');
  });

  it('of a payment that billing says took none: asked again for a day, then somebody has to look', () => {
    const purchase = awaiting().told(unasked('4900'), found('failed'));
    while (purchase.told(found('failed')).saga.state === 'COMPENSATING') purchase.next();
    expect(purchase.saga).toMatchObject({ state: 'STUCK', lastError: 'billing gave money back of a payment that it says took none' });
    // Then the payment is told after all
    expect(purchase.told(succeeded()).did).toEqual(['payment.take', 'refund.book-unasked', 'order.release', 'order.end']);
    expect(purchase.saga.state).toBe('COMPENSATED');
  });
});

describe('a refund of ours', () => {
  const refunding = () => enrolling().told(answered(0, 1));

  it('is stored before the call, whose idempotency key is its id', () => {
    const purchase = refunding();
    expect(purchase.saga.call).toEqual({ name: 'refund-payment', request: { paymentId: 'pay-1', refundId: purchase.openRefund, reason: 'ENROLLMENT_REJECTED' } });
    expect(purchase.effects).toContainEqual({ type: 'refund.request', refundId: purchase.openRefund, paymentId: 'pay-1', amount: TOTAL, reason: 'ENROLLMENT_REJECTED' });
  });

  it('may succeed before its call is answered', () => {
    const purchase = refunding();
    expect(ended(purchase.told(refunded(purchase.openRefund)))).toEqual(failedWith('ENROLLMENT_REJECTED', 'enrollment', true));
  });

  it('whose call nobody answered is sent again under the same id: it may have taken effect', () => {
    const purchase = refunding();
    const { openRefund } = purchase;
    purchase.unanswered().next();
    expect(purchase.saga.call).toMatchObject({ name: 'refund-payment', request: { refundId: openRefund } });
    expect(purchase.did).toEqual([]);
  });

  it.each([
    ['failed', (purchase: Purchase) => purchase.told(refundTaken, refundFailed(purchase.openRefund))],
    ['was refused', (purchase: Purchase) => purchase.told(input('refund-payment.refused', { code: 'no', message: 'no' }))],
    ['is unknown to billing', (purchase: Purchase) => purchase.told(refundTaken).next().told(input('find-refund.replied', { refund: null }))],
    ['is found failed', (purchase: Purchase) => purchase.told(refundTaken).next().told(refundFound('failed'))],
  ] as const)('that %s is tried again as a new one', (_how, fail) => {
    const purchase = refunding();
    const first = purchase.openRefund;
    fail(purchase);
    expect(purchase.effects.at(-1)).toEqual({ type: 'refund.fail', refundId: first });
    expect(purchase.saga).toMatchObject({ state: 'COMPENSATING', attempt: 2, data: { refundId: null } });
    purchase.next();
    expect(purchase.did).toEqual(['refund.request']);
    expect(purchase.openRefund).not.toBe(first);
    expect(purchase.told(refundFailed(first)).ignoredBecause).toBe('a later refund is under way');
  });

  it('that is silent is asked for 1, 6 and 24 hours after the request, then STUCK, and its success still moves it on', () => {
    const purchase = refunding().told(refundTaken);
    const askedAt: number[] = [];
    while (purchase.saga.state === 'COMPENSATING') {
      purchase.next();
      askedAt.push(purchase.now.getTime() - START.getTime());
      expect(purchase.saga.call?.name).toBe('find-refund');
      purchase.told(refundFound('pending'));
    }
    expect(askedAt).toEqual([HOUR, 6 * HOUR, DAY]);
    expect(purchase.saga).toMatchObject({ state: 'STUCK', call: null, timers: {} });
    expect(purchase.effects).toMatchObject([{ type: 'saga.alert', step: 'payment' }]);
    expect(ended(purchase.told(refunded(purchase.openRefund)))).toEqual(failedWith('ENROLLMENT_REJECTED', 'enrollment', true));
  });

  it('found settled is as good as told', () => {
    const purchase = refunding().told(refundTaken).next().told(refundFound('succeeded'));
    expect(purchase.did).toEqual(['refund.settle', 'order.release', 'order.end']);
  });

  it('that keeps failing is STUCK after twelve tries over about a day, and a success of the last one still moves it on', () => {
    const purchase = refunding();
    let tries = 0;
    let last = '';
    while (purchase.saga.state === 'COMPENSATING') {
      tries += 1;
      last = purchase.openRefund;
      purchase.told(refundFailed(last));
      if (purchase.saga.state === 'COMPENSATING') purchase.next();
    }
    expect(tries).toBe(12);
    expect((purchase.now.getTime() - START.getTime()) / HOUR).toBeGreaterThan(22);
    expect((purchase.now.getTime() - START.getTime()) / HOUR).toBeLessThan(26);
    expect(purchase.effects).toContainEqual({ type: 'saga.alert', step: 'payment', lastError: 'the refund failed: account_closed', attempts: 12 });
    expect(ended(purchase.told(refunded(last)))).toEqual(failedWith('ENROLLMENT_REJECTED', 'enrollment', true));
  });
});

describe('taking a payment back, when billing is away', () => {
  it('is STUCK after twelve tries, told once; a success that comes then is refunded', () => {
    const purchase = awaiting().told(cancelRequested);
    let alerts = 0;
    while (purchase.saga.state === 'COMPENSATING') {
      purchase.unanswered();
      alerts += purchase.effects.filter(({ type }) => type === 'saga.alert').length;
      if (purchase.saga.state === 'COMPENSATING') purchase.next();
    }
    expect(alerts).toBe(1);
    expect(purchase.saga).toMatchObject({ state: 'STUCK', attempt: 12 });
    purchase.told(succeeded());
    expect(purchase.saga).toMatchObject({ state: 'COMPENSATING', call: { name: 'refund-payment' } });
    expect(ended(purchase.told(refundTaken, refunded(purchase.openRefund)))).toEqual(failedWith('CANCELLED', 'payment', true));
  });

  it('is STUCK, and moved on by the news that the payment failed', () => {
    const purchase = awaiting().told(cancelRequested);
    while (purchase.saga.state === 'COMPENSATING') {
      purchase.unanswered();
      if (purchase.saga.state === 'COMPENSATING') purchase.next();
    }
    expect(ended(purchase.told(failed()))).toEqual(failedWith('CANCELLED'));
  });
});

describe('what is told twice, or of no consequence', () => {
  const states: readonly (readonly [string, () => Purchase, readonly Input<PurchaseProtocol>[]])[] = [
    ['payment awaited', awaiting, [refunded('none'), refundFailed('none'), answered(1, 0)]],
    ['enrolling', enrolling, [succeeded(), failed(), cancelRequested, refunded('none'), refundFailed('none')]],
    ['fulfilled', () => enrolling().told(answered(1, 0)), [succeeded(), failed(), cancelRequested, answered(1, 0), refundFailed('none')]],
    ['refunding', () => enrolling().told(answered(0, 1)), [succeeded(), failed(), cancelRequested, answered(1, 0), refundFailed('another')]],
    ['failed', () => awaiting().told(failed()), [failed(), cancelRequested, answered(1, 0), refundFailed('none')]],
  ];
  it.each(states.flatMap(([state, reach, inputs]) => inputs.map((one) => [state, one.name, reach, one] as const)))('%s: %s is ignored by name', (_state, _name, reach, one) => {
    const purchase = reach();
    const before = purchase.saga;
    purchase.told(one);
    expect(purchase.ignoredBecause).toEqual(expect.any(String));
    expect(purchase.saga).toBe(before);
  });
});

describe('an operator', () => {
  const operate = (purchase: Purchase, operation: SagaOperation) => interpreter.operate(purchase.saga, operation, { now: START, newId: () => 'id' });
  const early = (status: FoundPaymentStatus) => input('find-payment.replied', { payment: { paymentId: 'pay-1', status, netAmountMinor: TOTAL.amountMinor } });
  function retried(): Purchase {
    const purchase = awaiting();
    const outcome = operate(purchase, { kind: 'retry' });
    if (outcome.kind === 'changed') purchase.saga = outcome.saga;
    return purchase;
  }
  function stuck(data: Partial<PurchaseProtocol['data']>): Purchase {
    const purchase = enrolling();
    purchase.saga = { ...purchase.saga, state: 'STUCK', step: 'payment', call: null, timers: {}, data: { ...purchase.saga.data, failure: 'ENROLLMENT_REJECTED', ...data } };
    return purchase;
  }
  const resolved = (data: Partial<PurchaseProtocol['data']>, outcome: SagaOutcome) => operate(stuck(data), { kind: 'resolve', outcome });

  it('who has billing asked before the deadline: what was paid goes on, what is open stays as it was with its deadline', () => {
    expect(retried().saga).toMatchObject({ state: 'RUNNING', call: { name: 'find-payment' } });
    expect(retried().told(early('succeeded')).saga).toMatchObject({ step: 'enrollment', data: { paid: TOTAL } });
    for (const open of ['requires_action', 'processing'] as const) {
      const purchase = retried().told(early(open));
      expect(purchase.saga).toMatchObject({ state: 'WAITING', step: 'payment', call: null });
      expect(purchase.due('deadline')).toBe(30 * MINUTE);
    }
    expect(retried().told(early('failed')).saga).toMatchObject({ state: 'COMPENSATED', data: { failure: 'PAYMENT_DECLINED' } });
    expect(retried().told(input('find-payment.replied', { payment: null })).saga.call).toMatchObject({ name: 'process-payment', request: { idempotencyKey: 'saga-1:payment:1' } });
  });

  it('keeps an order only if all of its total is there to stay', () => {
    const impossible: readonly Partial<PurchaseProtocol['data']>[] = [
      { paid: null }, { returnedMinor: '1' }, { paid: { ...TOTAL, currency: 'USD' } }, { paid: { ...TOTAL, amountMinor: '1' } }, { refundId: 'refund-1' },
    ];
    for (const data of impossible) expect(resolved(data, 'FULFIL').kind).toBe('ignored');
    expect(resolved({}, 'FULFIL')).toMatchObject({ saga: { state: 'RESOLVED' }, effects: [{ type: 'license.issue-anew' }, { type: 'order.fulfil' }] });
  });

  it('gives an order up whatever its money; what comes back afterwards is booked where it belongs', () => {
    const given = resolved({ refundId: 'refund-1' }, 'FAIL');
    expect(given).toMatchObject({ saga: { state: 'RESOLVED' }, effects: [{ type: 'license.revoke' }, { type: 'order.release' }, { type: 'order.end', failure: 'OPERATOR_DECISION' }] });
    const after = (outcome: Outcome<PurchaseProtocol>) => {
      const purchase = enrolling();
      if (outcome.kind === 'changed') purchase.saga = outcome.saga;
      return purchase.told(refunded('refund-1')).did;
    };
    expect(after(given)).toEqual(['refund.settle']);
    expect(after(resolved({}, 'FULFIL'))).toEqual(['refund.book-unasked']);
  });
});

it('knows its durations', () => {
  expect([SECOND, MINUTE, HOUR, DAY]).toEqual([1_000, 60_000, 3_600_000, 86_400_000]);
});
