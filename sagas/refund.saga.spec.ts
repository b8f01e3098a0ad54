import type { RefundEffect, RefundProtocol } from '../src/application/refund/refund-protocol';
import type { Input, Inputs } from '../src/application/saga/definition';
import type { SagaInstance } from '../src/application/saga/instance';
import type { SagaOperation } from '../src/application/saga/operation';
import { Interpreter } from '../src/application/saga/interpreter';
import type { SagaId, TenantId, UserId } from '../src/domain/ids';
import { refundSaga } from './refund.saga';
import { HOUR } from './schedule';

type Name = keyof Inputs<RefundProtocol>;
const interpreter = new Interpreter(refundSaga);
const START = new Date('2026-03-01T10:00:00.000Z');
const amount = { amountMinor: '4900', currency: 'EUR' };
const input = <K extends Name>(name: K, payload: Inputs<RefundProtocol>[K]) => ({ name, payload }) as Input<RefundProtocol>;
const accepted = input('refund-payment.replied', { billingRefundId: 'ref-1', status: 'pending' });
const refused = input('refund-payment.refused', { code: 'too-much', message: 'more than is left' });
const succeeded = input('refund.succeeded', { amount, billingRefundId: 'ref-1' });
const failed = input('refund.failed', { code: 'account_closed' });
const overtaken = input('refund.overtaken', {});
const found = (status: string) => input('find-refund.replied', { refund: { billingRefundId: 'ref-1', status, netAmountMinor: '4900' } });
const unknown = input('find-refund.replied', { refund: null });
const ask = input('timer.ask', {});
const SETTLE = { type: 'refund.settle', amount, billingRefundId: 'ref-1' };

/** One refund as it is told things; `effects` are those of the last. */
class Refund {
  saga: SagaInstance<RefundProtocol>;
  effects: readonly RefundEffect[];
  ignored: string | null = null;
  private now = START;

  constructor() {
    const begun = interpreter.start({
      id: 'saga-1' as SagaId, correlationId: 'refund-1', tenantId: 'tenant-1' as TenantId, buyerId: 'buyer-1' as UserId,
      data: { refundId: 'refund-1', orderId: 'order-1', paymentId: 'pay-1', amount, reason: 'requested', asked: 0, returned: null, failure: null },
    }, this.clockwork);
    this.saga = begun.saga;
    this.effects = begun.effects;
  }

  told(...inputs: readonly Input<RefundProtocol>[]): this {
    for (const one of inputs) {
      if (one.name === 'timer.ask') this.now = new Date(this.saga.timers['ask'] ?? this.now);
      const outcome = interpreter.handle(this.saga, one, this.clockwork);
      this.ignored = outcome.kind === 'ignored' ? outcome.because : null;
      this.effects = outcome.kind === 'ignored' ? [] : outcome.effects;
      if (outcome.kind === 'changed') this.saga = outcome.saga;
    }
    return this;
  }

  get hoursUntilAsked(): number | null {
    const at = this.saga.timers['ask'];
    return at ? (new Date(at).getTime() - START.getTime()) / HOUR : null;
  }

  private get clockwork() {
    return { now: this.now, newId: () => 'id' };
  }
}

describe('a refund', () => {
  it('freezes its seats and asks for the money under its own id', () => {
    const refund = new Refund();
    expect(refund.effects).toEqual([{ type: 'refund.freeze' }]);
    expect(refund.saga).toMatchObject({ step: 'return-money', state: 'RUNNING', call: { name: 'refund-payment', request: { refundId: 'refund-1', amountMinor: '4900' } } });
    expect(refund.hoursUntilAsked).toBe(1);
  });

  it.each([[[accepted, succeeded]], [[succeeded]]])('settles when billing says so, even before it has answered', (inputs) => {
    const refund = new Refund().told(...inputs);
    expect(refund.effects).toEqual([SETTLE]);
    expect(refund.saga.state).toBe('COMPLETED');
  });

  it.each([['failed', failed, false], ['refused', refused, false], ['overtaken', overtaken, true]])('given it is %s: fails and thaws', (_, word, isOvertaken) => {
    const refund = new Refund().told(word);
    expect(refund.effects).toEqual([{ type: 'refund.fail', overtaken: isOvertaken }]);
    expect(refund.saga.state).toBe('COMPENSATED');
  });

  it('given silence: asks after 1, 6 and 24 hours, then is STUCK with an alert', () => {
    const refund = new Refund().told(accepted);
    const hours = [refund.hoursUntilAsked];
    for (let n = 0; n < 2; n++) hours.push(refund.told(ask, found('pending')).hoursUntilAsked);
    expect(hours).toEqual([1, 6, 24]);
    refund.told(ask, found('pending'));
    expect(refund.saga.state).toBe('STUCK');
    expect(refund.effects).toEqual([{ type: 'saga.alert', step: 'return-money', lastError: 'billing never told the end of the refund', attempts: 1 }]);
  });

  it('given billing answers no question either: STUCK an hour after the last', () => {
    const refund = new Refund().told(ask, ask, ask);
    expect([refund.saga.state, refund.hoursUntilAsked]).toEqual(['RUNNING', 25]);
    expect(refund.told(ask).saga).toMatchObject({ state: 'STUCK', call: null });
  });

  it('given billing knows nothing of it: sends it again, the same refund', () => {
    expect(new Refund().told(ask, unknown).saga.call).toMatchObject({ name: 'refund-payment', request: { refundId: 'refund-1' } });
  });

  it.each([['succeeded', 'COMPLETED'], ['failed', 'COMPENSATED']])('given it asks and it has %s: %s', (status, state) => {
    expect(new Refund().told(accepted, ask, found(status)).saga.state).toBe(state);
  });

  it.each([[succeeded, 'COMPLETED'], [failed, 'COMPENSATED'], [overtaken, 'COMPENSATED']])('given it is STUCK: the awaited word still moves it on', (word, state) => {
    const stuck = new Refund().told(accepted, ask, input('find-refund.refused', { code: 'no', message: 'no' }));
    expect(stuck.saga.state).toBe('STUCK');
    expect(stuck.told(word).saga.state).toBe(state);
  });

  it('given it was given up and the money went back all the same: settles, once', () => {
    const refund = new Refund().told(overtaken, succeeded);
    expect(refund.effects).toEqual([SETTLE]);
    expect(refund.told(succeeded).ignored).toBe('this refund was settled before');
  });

  it.each([[succeeded], [failed], [overtaken]])('given it has ended: ignored by name', (word) => {
    expect(new Refund().told(succeeded, word).ignored).not.toBeNull();
  });
});

describe('an operator', () => {
  const stuck = () => {
    const refund = new Refund();
    refund.saga = { ...refund.saga, state: 'STUCK', call: null, timers: {} };
    return refund;
  };
  const operate = (refund: Refund, operation: SagaOperation) => {
    const outcome = interpreter.operate(refund.saga, operation, { now: START, newId: () => 'id' });
    if (outcome.kind === 'changed') refund.saga = outcome.saga;
    return outcome;
  };

  it('who has a STUCK one tried again: billing is asked, and no answer never means that it failed', () => {
    const refund = stuck();
    operate(refund, { kind: 'retry' });
    expect(refund.saga).toMatchObject({ state: 'RUNNING', step: 'return-money', data: { asked: 0 }, call: { name: 'find-refund' } });
    refund.saga = interpreter.callUnanswered(refund.saga, 'no route', { now: START, newId: () => 'id' }).saga;
    expect(refund.saga).toMatchObject({ state: 'RUNNING', call: { name: 'find-refund' } });
    expect(refund.told(found('succeeded')).effects).toEqual([SETTLE]);
  });

  it('cannot take one back whose money may be on its way', () => {
    for (const refund of [new Refund(), stuck()]) expect(operate(refund, { kind: 'compensate' }).kind).toBe('ignored');
  });

  it('who says that the money went back settles it; billing’s word afterwards says nothing new', () => {
    const refund = stuck();
    expect(operate(refund, { kind: 'resolve', outcome: 'FULFIL' })).toMatchObject({ saga: { state: 'RESOLVED' }, effects: [{ type: 'refund.settle', amount, billingRefundId: 'operator:refund-1' }] });
    expect(refund.told(succeeded).ignored).toContain('settled before');
  });

  it('who gives it up thaws its seats; money that goes back all the same is booked, once', () => {
    const refund = stuck();
    expect(operate(refund, { kind: 'resolve', outcome: 'FAIL' })).toMatchObject({ effects: [{ type: 'refund.fail', overtaken: false }] });
    expect(refund.told(succeeded).effects).toEqual([SETTLE]);
    expect(refund.told(succeeded).effects).toEqual([]);
  });
});
