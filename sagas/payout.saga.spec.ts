import type { PayoutEffect, PayoutProtocol } from '../src/application/payout/payout-protocol';
import type { Input, Inputs } from '../src/application/saga/definition';
import type { SagaInstance } from '../src/application/saga/instance';
import { Interpreter } from '../src/application/saga/interpreter';
import type { SagaId, TenantId } from '../src/domain/ids';
import { payoutSaga } from './payout.saga';

const interpreter = new Interpreter(payoutSaga);
const NOW = new Date('2026-03-01T10:00:00.000Z');
const clockwork = { now: NOW, newId: () => 'id' };
const input = <K extends keyof Inputs<PayoutProtocol>>(name: K, payload: Inputs<PayoutProtocol>[K]) => ({ name, payload }) as Input<PayoutProtocol>;
const moved = input('transfer.replied', { transferId: 'tr_1' });
const refused = input('transfer.refused', { code: 'account_closed', message: 'closed' });
const due = input('timer.due', {});

function begin(scheduledFor: string) {
  return interpreter.start({
    id: 'saga-1' as SagaId, correlationId: 'payout-1', tenantId: 'provider-1' as TenantId, buyerId: null,
    data: { payoutId: 'payout-1', providerTenantId: 'provider-1', destination: 'acct_1', amountMinor: '5000', currency: 'EUR', scheduledFor, transferId: null, refusal: null },
  }, clockwork);
}

function told({ saga }: { readonly saga: SagaInstance<PayoutProtocol> }, one: Input<PayoutProtocol>) {
  const outcome = interpreter.handle(saga, one, clockwork);
  if (outcome.kind === 'ignored') throw new Error(outcome.because);
  return outcome;
}
const seen = ({ saga, effects }: { readonly saga: SagaInstance<PayoutProtocol>; readonly effects: readonly PayoutEffect[] }) =>
  ({ state: saga.state, step: saga.step, call: saga.call?.name ?? null, timers: saga.timers, effects });

const TRANSFERRING = { state: 'RUNNING', step: 'transfer', call: 'transfer', timers: {}, effects: [{ type: 'payout.begin' }] };

it('given its day has come: transferred at once', () => {
  expect(seen(begin('2026-03-01'))).toEqual(TRANSFERRING);
});

it('given a later day: nothing is asked of Stripe before it begins', () => {
  const waiting = begin('2026-03-02');
  expect(seen(waiting)).toEqual({ state: 'WAITING', step: 'schedule', call: null, timers: { due: '2026-03-02T00:00:00.000Z' }, effects: [] });
  expect(seen(told(waiting, due))).toEqual(TRANSFERRING);
});

it('given Stripe has moved the money: paid', () => {
  expect(seen(told(begin('2026-03-01'), moved))).toEqual({ state: 'COMPLETED', step: 'settle', call: null, timers: {}, effects: [{ type: 'payout.settle', transferId: 'tr_1' }] });
});

it('given Stripe refuses for good: put back, once', () => {
  const failed = told(begin('2026-03-01'), refused);
  expect(seen(failed)).toMatchObject({ state: 'COMPENSATED', call: null, effects: [{ type: 'payout.put-back', message: 'closed' }] });
  expect(() => told(failed, moved)).toThrow();
});

it('given nobody answers, however often: the same call again, and the payout is never given up', () => {
  let { saga } = begin('2026-03-01');
  for (let tries = 0; tries < 100; tries++) saga = interpreter.callUnanswered(saga, 'no answer', clockwork).saga;
  expect(saga).toMatchObject({ state: 'RUNNING', step: 'transfer', call: { name: 'transfer', request: { payoutId: 'payout-1' } }, attempt: 101 });
  expect(seen(told({ saga }, moved))).toMatchObject({ state: 'COMPLETED' });
});
