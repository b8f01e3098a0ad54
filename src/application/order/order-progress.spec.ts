import { aPlan } from '../../../test/support/listing-examples';
import { money, parseCurrency } from '../../domain/money';
import type { CurrencyCode } from '../../domain/money';
import type { UserId } from '../../domain/ids';
import { orderProgress } from './order-progress';
import type { PurchaseSoFar } from './order-progress';

const EUR = parseCurrency('EUR') as CurrencyCode;
const at = (second: number): Date => new Date(Date.UTC(2026, 2, 1, 12, 0, second));
const LEARNER = '0197d7a0-0000-7000-8000-0000000000a1' as UserId;

type Transitions = PurchaseSoFar['transitions'];
type Details = Partial<Omit<PurchaseSoFar, 'order'>> & { readonly order?: Partial<PurchaseSoFar['order']> };

/** A purchase of one seat for 49.00 EUR, placed at second 0. */
function purchase({ order, ...details }: Details): PurchaseSoFar {
  return {
    order: { source: 'CHECKOUT', total: money(4900n, EUR), failureReason: null, placedAt: at(0), ...order },
    lines: [{ learnerIds: [LEARNER], terms: aPlan().terms }],
    saga: { state: 'RUNNING', step: 'payment', deadline: at(1_800) },
    transitions: PLACED,
    ...details,
  };
}

const move = (second: number, fromStep: string, toStep: string, toState: Transitions[number]['toState'], cause = ''): Transitions[number] => ({ at: at(second), fromStep, toStep, toState, cause });
const PLACED: Transitions = [move(0, 'reserve', 'payment', 'RUNNING', 'started')];
const PAID: Transitions = [...PLACED, move(1, 'payment', 'payment', 'WAITING'), move(5, 'payment', 'enrollment', 'WAITING')];
const states = (steps: ReturnType<typeof orderProgress>): string[] => steps.map(({ name, state }) => `${name} ${state}`);

describe('the progress of a purchase', () => {
  it('given it was just placed, payment runs until its deadline', () => {
    const steps = orderProgress(purchase({}));
    expect(states(steps)).toEqual(['RESERVE DONE', 'PAYMENT RUNNING', 'LICENSING PENDING', 'ENROLLMENT PENDING', 'FULFILMENT PENDING']);
    expect(steps[1]).toEqual({ name: 'PAYMENT', state: 'RUNNING', startedAt: at(0), finishedAt: null, deadline: at(1_800) });
    expect(steps[2]).toEqual({ name: 'LICENSING', state: 'PENDING', startedAt: null, finishedAt: null, deadline: null });
  });

  it('given it was paid, licensing began and ended with the payment', () => {
    const steps = orderProgress(purchase({ saga: { state: 'WAITING', step: 'enrollment', deadline: at(9_000) }, transitions: PAID }));
    expect(states(steps)).toEqual(['RESERVE DONE', 'PAYMENT DONE', 'LICENSING DONE', 'ENROLLMENT RUNNING', 'FULFILMENT PENDING']);
    expect(steps[1]).toMatchObject({ startedAt: at(0), finishedAt: at(5), deadline: null });
    expect(steps[2]).toMatchObject({ startedAt: at(5), finishedAt: at(5) });
    expect(steps[3]).toMatchObject({ startedAt: at(5), finishedAt: null, deadline: at(9_000) });
  });

  it('given it is fulfilled, every step is done', () => {
    const steps = orderProgress(purchase({ saga: { state: 'COMPLETED', step: 'fulfilment', deadline: null }, transitions: [...PAID, move(7, 'enrollment', 'fulfilment', 'COMPLETED')] }));
    expect(states(steps)).toEqual(['RESERVE DONE', 'PAYMENT DONE', 'LICENSING DONE', 'ENROLLMENT DONE', 'FULFILMENT DONE']);
    expect(steps[4]).toMatchObject({ startedAt: at(7), finishedAt: at(7) });
  });

  it('given a subscription begins with nothing to pay, its mandate is still set up', () => {
    const terms = aPlan({ terms: { kind: 'SUBSCRIPTION' } }).terms;
    const steps = orderProgress(purchase({ order: { total: money(0n, EUR) }, lines: [{ learnerIds: [LEARNER], terms }] }));
    expect(states(steps).slice(0, 2)).toEqual(['RESERVE DONE', 'PAYMENT RUNNING']);
  });

  it('given a renewal was paid, nothing was licensed or enrolled', () => {
    const transitions = [move(0, 'invoice', 'payment', 'RUNNING', 'started'), move(5, 'payment', 'extend', 'COMPLETED')];
    const steps = orderProgress(purchase({ order: { source: 'RENEWAL' }, saga: { state: 'COMPLETED', step: 'extend', deadline: null }, transitions }));
    expect(states(steps)).toEqual(['RESERVE DONE', 'PAYMENT DONE', 'LICENSING SKIPPED', 'ENROLLMENT SKIPPED', 'FULFILMENT DONE']);
  });

  it('given nothing is to be paid and nobody to be enrolled, those steps are skipped', () => {
    const transitions = [move(0, 'reserve', 'fulfilment', 'COMPLETED', 'started')];
    const steps = orderProgress(purchase({ order: { total: money(0n, EUR) }, lines: [{ learnerIds: [], terms: aPlan().terms }], saga: { state: 'COMPLETED', step: 'fulfilment', deadline: null }, transitions }));
    expect(states(steps)).toEqual(['RESERVE DONE', 'PAYMENT SKIPPED', 'LICENSING DONE', 'ENROLLMENT SKIPPED', 'FULFILMENT DONE']);
  });
});

describe('the progress of a purchase that is taken back', () => {
  it('given the payment was declined, payment failed and the reservation was undone', () => {
    const steps = orderProgress(purchase({ order: { failureReason: 'PAYMENT_DECLINED' }, saga: { state: 'COMPENSATED', step: 'reserve', deadline: null }, transitions: [...PLACED, move(4, 'payment', 'reserve', 'COMPENSATED')] }));
    expect(states(steps)).toEqual(['RESERVE COMPENSATED', 'PAYMENT FAILED', 'LICENSING SKIPPED', 'ENROLLMENT SKIPPED', 'FULFILMENT SKIPPED']);
    expect(steps[1]).toMatchObject({ startedAt: at(0), finishedAt: at(4) });
  });

  it('given the buyer cancelled, nothing failed', () => {
    const steps = orderProgress(purchase({ saga: { state: 'COMPENSATED', step: 'reserve', deadline: null }, transitions: [...PLACED, move(4, 'payment', 'payment', 'COMPENSATING'), move(5, 'payment', 'reserve', 'COMPENSATED')] }));
    expect(states(steps)).toEqual(['RESERVE COMPENSATED', 'PAYMENT COMPENSATED', 'LICENSING SKIPPED', 'ENROLLMENT SKIPPED', 'FULFILMENT SKIPPED']);
  });

  it('given the enrollment was refused, the money is on its way back and the licences are gone', () => {
    const steps = orderProgress(purchase({ saga: { state: 'COMPENSATING', step: 'payment', deadline: null }, transitions: [...PAID, move(8, 'enrollment', 'payment', 'COMPENSATING')] }));
    expect(states(steps)).toEqual(['RESERVE DONE', 'PAYMENT COMPENSATING', 'LICENSING COMPENSATED', 'ENROLLMENT COMPENSATED', 'FULFILMENT SKIPPED']);
    expect(steps[2]).toMatchObject({ startedAt: at(5), finishedAt: at(8) });
  });

  it('given undoing is stuck, the step still says that it is being undone', () => {
    const transitions = [...PAID, move(8, 'enrollment', 'payment', 'COMPENSATING'), move(9, 'payment', 'payment', 'STUCK')];
    expect(states(orderProgress(purchase({ saga: { state: 'STUCK', step: 'payment', deadline: null }, transitions })))[1]).toBe('PAYMENT COMPENSATING');
  });

  it('given the licences could not be stored, licensing failed although it left no trace', () => {
    const transitions = [...PLACED, move(5, 'payment', 'payment', 'COMPENSATING'), move(6, 'payment', 'reserve', 'COMPENSATED')];
    const steps = orderProgress(purchase({ order: { failureReason: 'LICENSING_FAILED' }, saga: { state: 'COMPENSATED', step: 'reserve', deadline: null }, transitions }));
    expect(states(steps)).toEqual(['RESERVE COMPENSATED', 'PAYMENT COMPENSATED', 'LICENSING FAILED', 'ENROLLMENT SKIPPED', 'FULFILMENT SKIPPED']);
  });
});
