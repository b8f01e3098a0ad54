import fc from 'fast-check';
import type { SagaId, TenantId, UserId } from '../src/domain/ids';
import type { Input } from '../src/application/saga/definition';
import type { SagaInstance } from '../src/application/saga/instance';
import { earliestTimer, hasEnded } from '../src/application/saga/instance';
import { Interpreter } from '../src/application/saga/interpreter';
import type { RenewalData, RenewalEffect, RenewalProtocol } from '../src/application/subscription/renewal-protocol';
import { renewalSaga } from './renewal.saga';
import { after, DAY, MINUTE } from './schedule';

const DUE = new Date('2026-01-31T10:00:00.000Z');
const interpreter = new Interpreter(renewalSaga);
const DATA: RenewalData = {
  orderId: 'order-1', subscriptionId: 'subscription-1', total: { amountMinor: '900', currency: 'EUR' }, dueAt: DUE.toISOString(),
  dunning: { retryDays: [1, 3, 5, 7], graceDays: 7, suspensionDays: 14 }, mode: 'off_session', returnUrl: null, paymentAttempt: 1, paymentId: null, paid: null, paidBy: null,
  returnedMinor: '0', paymentClosed: false, cancelRefused: false, refundId: null, refundAsked: 0, earlier: [], intent: null, attemptFailed: false, pastDue: false, hard: false,
  moment: 0, suspendWhenFailed: false, cancelling: false, lastFailure: null, endAs: 'EXPIRED', failure: null,
};

/** A renewal as it goes on: what it was told, what it changed, what it asks. */
class Story {
  readonly effects: RenewalEffect[] = [];
  now = DUE;
  private ids = 0;
  saga: SagaInstance<RenewalProtocol>;

  constructor(data: Partial<RenewalData> = {}) {
    const started = interpreter.start({ id: 'saga-1' as SagaId, correlationId: 'order-1', tenantId: 'tenant-1' as TenantId, buyerId: 'buyer-1' as UserId, data: { ...DATA, ...data } }, this.clockwork());
    this.saga = started.saga;
    this.effects.push(...started.effects);
  }

  tell<N extends Input<RenewalProtocol>['name']>(name: N, payload: Extract<Input<RenewalProtocol>, { name: N }>['payload']): this {
    const outcome = interpreter.handle(this.saga, { name, payload } as Input<RenewalProtocol>, this.clockwork());
    if (outcome.kind === 'changed') {
      this.saga = outcome.saga;
      this.effects.push(...outcome.effects);
    }
    return this;
  }

  opened(paymentId: string): this {
    return this.tell('process-payment.replied', { paymentId, status: 'processing', paymentUrl: null, taxRecordId: null });
  }
  declined(paymentId: string, declineKind: 'soft' | 'hard' = 'soft'): this {
    return this.tell('billing.payment.failed.v1', { paymentId, orderId: 'order-1', code: 'card_declined', declineKind });
  }
  succeeded(paymentId: string, amountMinor = '900'): this {
    return this.tell('billing.payment.succeeded.v1', { paymentId, orderId: 'order-1', netAmount: { amountMinor, currency: 'EUR' }, taxRecordId: 'tax' });
  }
  /** Lets business time pass; every timer goes off when it is due. */
  untilDay(day: number): this {
    const until = after(DUE, day * DAY);
    for (let due = earliestTimer(this.saga.timers); due && due.at <= until; due = earliestTimer(this.saga.timers)) {
      if (due.at > this.now) this.now = due.at;
      this.tell(`timer.${due.name}` as 'timer.dunning', {});
    }
    this.now = until;
    return this;
  }
  get told(): string[] {
    return this.effects.map(({ type }) => type);
  }
  count(type: RenewalEffect['type']): number {
    return this.effects.filter((effect) => effect.type === type).length;
  }
  private clockwork() {
    return { now: this.now, newId: () => `id-${++this.ids}` };
  }
}
const asked = ({ saga: { call } }: Story) => (call?.name === 'process-payment' ? `${call.request.mode} ${call.request.idempotencyKey}` : call?.name);

describe('a renewal', () => {
  it('given the mandate pays: extended, and done', () => {
    const story = new Story();
    expect(asked(story)).toBe('off_session saga-1:payment:1');
    story.opened('p1').succeeded('p1');
    expect(story.saga.state).toBe('COMPLETED');
    expect(story.told).toEqual(['order.become', 'payment.record', 'payment.take', 'renewal.extend']);
  });

  it('given nothing is to be paid: extended, and nobody is called', () => {
    const story = new Story({ total: { amountMinor: '0', currency: 'EUR' } });
    expect([story.saga.state, story.saga.call, story.told]).toEqual(['COMPLETED', null, ['order.become', 'renewal.extend']]);
  });

  it('given soft declines: tried on days 1, 3, 5 and 7, each under a key of its own; then suspended, on day 14 given up', () => {
    const story = new Story().opened('p1').declined('p1');
    expect(story.effects.at(-1)).toEqual({ type: 'renewal.past-due', nextRetryAt: '2026-02-01T10:00:00.000Z', graceEndsAt: '2026-02-07T10:00:00.000Z' });
    for (const [index, day] of [1, 3, 5, 7].entries()) {
      story.untilDay(day);
      expect([day, asked(story)]).toEqual([day, `off_session saga-1:payment:${index + 2}`]);
      expect(story.told).not.toContain('renewal.suspend');
      story.opened(`p${index + 2}`).declined(`p${index + 2}`);
    }
    expect(story.count('renewal.suspend')).toBe(1); // after that day's try
    story.untilDay(13.9);
    expect(story.saga.state).toBe('WAITING');
    story.untilDay(14);
    expect(story.saga.state).toBe('COMPENSATED');
    expect(story.effects.at(-1)).toEqual({ type: 'renewal.end', failure: 'PAYMENT_DECLINED', as: 'EXPIRED', refunded: false });
  });

  it('given a hard decline: not tried again, but it can be paid by hand', () => {
    const story = new Story().opened('p1').declined('p1', 'hard').untilDay(8);
    expect(story.effects.find((effect) => effect.type === 'renewal.past-due')).toMatchObject({ nextRetryAt: null });
    expect([asked(story), story.count('renewal.suspend')]).toEqual([undefined, 1]);
    story.tell('renewal.pay-by-hand', { returnUrl: 'https://shop.example/back' });
    expect(asked(story)).toBe('checkout saga-1:payment:2');
    story.opened('p2').succeeded('p2');
    expect([story.saga.state, story.told.at(-1)]).toEqual(['COMPLETED', 'renewal.extend']);
  });

  it('given a page to pay at is open on the day of a try: it is closed first', () => {
    const story = new Story().opened('p1').declined('p1').tell('renewal.pay-by-hand', { returnUrl: null }).opened('p2').untilDay(1);
    expect(asked(story)).toBe('cancel-payment');
    story.tell('cancel-payment.replied', { cancelled: true });
    expect(asked(story)).toBe('off_session saga-1:payment:3');
  });

  it('given the person pays just then: that counts, and there is no try', () => {
    const story = new Story().opened('p1').declined('p1').tell('renewal.pay-by-hand', { returnUrl: null }).opened('p2').untilDay(1).tell('cancel-payment.replied', { cancelled: false });
    expect(asked(story)).toBe('find-payment');
    story.tell('find-payment.replied', { payment: { paymentId: 'p2', status: 'succeeded', netAmountMinor: '900' } });
    expect([story.saga.state, story.count('payment.take')]).toEqual(['COMPLETED', 1]);
  });

  it('given a cancelled try succeeds after all: it counts, the later one is closed first, and if that took money too it goes back', () => {
    const story = new Story().opened('p1').untilDay(30 * MINUTE / DAY).tell('find-payment.replied', { payment: { paymentId: 'p1', status: 'requires_action', netAmountMinor: '900' } }).untilDay(1);
    story.tell('cancel-payment.replied', { cancelled: true }).opened('p2').succeeded('p1');
    expect([asked(story), story.told]).toEqual(['cancel-payment', expect.not.arrayContaining(['renewal.extend'])]);
    story.tell('cancel-payment.replied', { cancelled: false }).tell('find-payment.replied', { payment: { paymentId: 'p2', status: 'succeeded', netAmountMinor: '900' } });
    expect(story.saga.call).toMatchObject({ name: 'refund-payment', request: { paymentId: 'p2' } });
    story.tell('refund-payment.replied', { billingRefundId: 'r', status: 'pending' });
    expect([story.saga.state, story.count('renewal.extend'), story.count('refund.request')]).toEqual(['COMPLETED', 1, 1]);
  });

  it('given the page to pay at is being asked for on the day of a try: that is answered first, then closed, and nothing is asked beside it', () => {
    const onItsWay = () => new Story().opened('p1').declined('p1').untilDay(0.999).tell('renewal.pay-by-hand', { returnUrl: null }).untilDay(1);
    expect(asked(onItsWay())).toBe('checkout saga-1:payment:2');
    expect(asked(onItsWay().opened('p2'))).toBe('cancel-payment');
    expect(asked(onItsWay().tell('process-payment.refused', { code: 'INVALID', message: 'no' }))).toBe('off_session saga-1:payment:3');
    expect(onItsWay().succeeded('p2').saga.state).toBe('COMPLETED');
  });

  it('given a try is on its way when it is to be paid by hand: the page comes after its answer; without one, after billing was asked by its key', () => {
    const onItsWay = () => new Story().opened('p1').declined('p1').untilDay(1).tell('renewal.pay-by-hand', { returnUrl: null });
    expect(asked(onItsWay())).toBe('off_session saga-1:payment:2');
    expect(asked(onItsWay().opened('p2').tell('cancel-payment.replied', { cancelled: true }))).toBe('checkout saga-1:payment:3');
    const silent = onItsWay().untilDay(1 + 10 * MINUTE / DAY);
    expect(asked(silent)).toBe('find-payment');
    expect(asked(silent.tell('find-payment.replied', { payment: null }))).toBe('checkout saga-1:payment:3');
    const late = silent.opened('p3').succeeded('p2'); // it had been on its way all the time
    expect([asked(late), late.saga.data.paidBy]).toEqual(['cancel-payment', 'p2']);
  });

  it('given billing did not answer for a page to pay at: it can be asked for again; while one is open it is that one', () => {
    const story = new Story().opened('p1').declined('p1').tell('renewal.pay-by-hand', { returnUrl: null }).untilDay(20 * MINUTE / DAY).tell('renewal.pay-by-hand', { returnUrl: null });
    story.tell('find-payment.replied', { payment: null });
    expect(asked(story)).toBe('checkout saga-1:payment:3');
    expect(asked(story.opened('p3').tell('renewal.pay-by-hand', { returnUrl: null }))).toBeUndefined();
  });

  it('given it was cancelled while the payment was under way: paid, it goes on; declined, it ends without dunning', () => {
    expect(new Story().opened('p1').tell('subscription.cancel-requested', {}).succeeded('p1').saga.state).toBe('COMPLETED');
    const story = new Story().opened('p1').tell('subscription.cancel-requested', {}).declined('p1');
    expect([story.saga.state, story.effects.at(-1)]).toEqual(['COMPENSATED', { type: 'renewal.end', failure: 'PAYMENT_DECLINED', as: 'CANCELLED', refunded: false }]);
    expect(new Story({ cancelling: true }).tell('subscription.resume-requested', {}).opened('p1').declined('p1').told).toContain('renewal.past-due');
  });

  it('given it was given up and money comes: it goes back, once, and nothing is extended', () => {
    const story = new Story().opened('p1').declined('p1').tell('subscription.cancel-requested', {}).succeeded('p9').succeeded('p9');
    expect(story.saga.call).toMatchObject({ name: 'refund-payment', request: { paymentId: 'p9' } });
    story.tell('refund-payment.replied', { billingRefundId: 'r', status: 'pending' }).tell('refund.succeeded', { refundId: 'id-1', amount: { amountMinor: '900', currency: 'EUR' }, billingRefundId: 'r' });
    expect([story.saga.state, story.count('refund.request'), story.count('renewal.extend')]).toEqual(['COMPENSATED', 1, 0]);
  });

  it('given billing took another amount: all of it goes back, and it has failed', () => {
    const story = new Story().opened('p1').succeeded('p1', '901');
    expect([story.saga.state, story.effects.at(-1)]).toMatchObject(['COMPENSATING', { type: 'refund.request', amount: { amountMinor: '901' } }]);
  });

  it('given billing does not answer at all: past due after ten minutes; closed by its key before the next try', () => {
    const story = new Story().untilDay(10 * MINUTE / DAY);
    expect(story.told.at(-1)).toBe('renewal.past-due');
    story.untilDay(1);
    expect(asked(story)).toBe('find-payment');
    story.tell('find-payment.replied', { payment: null });
    expect(asked(story)).toBe('off_session saga-1:payment:2');
  });
});

/** Billing as it may be: knows what it opened, and never takes money of what it has closed. */
class PlayedBilling {
  private readonly status = new Map<string, 'open' | 'closed' | 'succeeded'>();
  private readonly onTheWire = new Set<string>();
  taken = 0;

  /** A request of the saga's leaves, and comes to billing whenever; even when nobody waits for it any more. */
  delay({ saga: { call } }: Story): void {
    if (call?.name === 'process-payment') this.onTheWire.add(`pay-${call.request.idempotencyKey}`);
  }
  arrive(): void {
    for (const id of this.onTheWire) if (!this.status.has(id)) this.status.set(id, 'open');
    this.onTheWire.clear();
  }

  answer(story: Story, kind: number): void {
    const { call } = story.saga;
    if (!call) return;
    switch (call.name) {
      case 'process-payment': {
        const id = `pay-${call.request.idempotencyKey}`;
        if (!this.status.has(id)) this.status.set(id, 'open');
        return void story.opened(id);
      }
      case 'cancel-payment': return void story.tell('cancel-payment.replied', { cancelled: this.close(call.request.paymentId) });
      case 'find-payment': {
        const id = `pay-${call.request.idempotencyKey}`;
        const status = this.status.get(id);
        const found = status === 'open' ? (kind % 2 ? 'requires_action' : 'processing') : status === 'closed' ? 'cancelled' : 'succeeded';
        return void story.tell('find-payment.replied', { payment: status ? { paymentId: id, status: found, netAmountMinor: '900' } : null });
      }
      case 'refund-payment': {
        story.tell('refund-payment.replied', { billingRefundId: 'r', status: 'pending' });
        this.taken -= 1;
        return void story.tell('refund.succeeded', { refundId: call.request.refundId, amount: { amountMinor: '900', currency: 'EUR' }, billingRefundId: 'r' });
      }
      case 'find-refund': return void story.tell('find-refund.replied', { refund: null });
    }
  }
  settle(story: Story, succeed: boolean, hard: boolean): void {
    const open = [...this.status].find(([, status]) => status === 'open')?.[0];
    if (!open) return;
    this.status.set(open, succeed ? 'succeeded' : 'closed');
    if (succeed) this.taken += 1;
    if (succeed) story.succeeded(open);
    else story.declined(open, hard ? 'hard' : 'soft');
  }
  private close(id: string): boolean {
    if (this.status.get(id) === 'succeeded') return false;
    this.status.set(id, 'closed');
    return true;
  }
}

describe('for every course of events', () => {
  it('ends; extended once if and only if one payment was kept; else nothing was, and it ended once', () => {
    const step = fc.record({ kind: fc.integer({ min: 0, max: 7 }), bit: fc.integer({ min: 0, max: 3 }) });
    fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const story = new Story();
      const billing = new PlayedBilling();
      let day = 0;
      for (const { kind, bit } of steps) {
        if (kind <= 2) billing.answer(story, bit);
        else if (kind === 3) billing.settle(story, bit === 0, bit === 3);
        else if (kind === 4) story.untilDay((day += [0.01, 0.5, 1, 2][bit] ?? 1));
        else if (kind === 5) story.tell('renewal.pay-by-hand', { returnUrl: null });
        else if (kind === 6) story.tell(bit === 0 ? 'subscription.cancel-requested' : 'subscription.resume-requested', {});
        else if (bit === 0) story.tell('subscription.ended', {});
        else if (bit === 1) billing.delay(story);
        else billing.arrive();
      }
      for (let round = 0; round < 60 && !(hasEnded(story.saga.state) && !story.saga.call); round++) {
        while (story.saga.call) billing.answer(story, 1);
        story.untilDay((day += 1));
      }
      billing.arrive();
      for (let late = 0; late < 6; late++) {
        billing.settle(story, true, false);
        while (story.saga.call) billing.answer(story, 1);
      }
      expect(hasEnded(story.saga.state)).toBe(true);
      const extended = story.count('renewal.extend');
      expect([extended, billing.taken]).toEqual(story.saga.state === 'COMPLETED' ? [1, 1] : [0, 0]);
      expect(story.count('renewal.past-due')).toBeLessThanOrEqual(1);
    }), { numRuns: 2_000 });
  });
});
