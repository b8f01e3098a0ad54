import type { SagaId, TenantId } from '../../domain/ids';
import { defineSaga } from './definition';
import type { Inputs, Input } from './definition';
import type { SagaInstance } from './instance';
import type { SagaOperation, SagaOutcome } from './operation';
import { Interpreter, UnlistedInput } from './interpreter';
import type { Outcome, Transition } from './interpreter';
import { reactionsOf } from './reactions';

/*
 * A second, tiny saga: lend a book from a library. It proves that the engine knows nothing of orders.
 */
interface Loan {
  readonly data: { readonly book: string; readonly courier: string | null; readonly damaged: boolean };
  readonly events: { readonly 'courier.arrived': { readonly name: string }; readonly 'book.damaged': Record<never, never>; readonly 'rain.fell': Record<never, never> };
  readonly calls: {
    readonly 'send-courier': { readonly request: { readonly book: string }; readonly reply: { readonly courier: string } };
    readonly 'recall-courier': { readonly request: { readonly courier: string }; readonly reply: { readonly recalled: boolean } };
  };
  readonly timer: 'deadline';
  readonly effect: { readonly type: 'shelf.take' | 'shelf.return' | 'member.thank' | 'desk.alert' | 'loan.end' };
  readonly failure: 'LATE' | 'DAMAGED' | 'SHELF_JAMMED';
}
const { stay, next, compensate, undone, undoLater, undoAgain, ignore } = reactionsOf<Loan>();
const HOUR_MS = 3_600_000;

const loanSaga = defineSaga<Loan>({
  name: 'library.loan',
  version: 3,
  steps: [
    {
      name: 'shelf',
      invoke: () => next({ effects: [{ type: 'shelf.take' }] }),
      onStorageFailure: 'SHELF_JAMMED',
      compensate: () => undone({ effects: [{ type: 'shelf.return' }] }),
    },
    {
      name: 'delivery',
      skip: (data) => data.book === 'read here',
      invoke: (saga) => stay({ call: { name: 'send-courier', request: { book: saga.data.book } }, timers: { deadline: new Date(saga.now.getTime() + HOUR_MS) } }),
      on: {
        'send-courier.replied': (_saga, { courier }) => stay({ data: { courier }, call: null }),
        'send-courier.refused': () => compensate('LATE'),
        'courier.arrived': () => next(),
        'timer.deadline': () => compensate('LATE'),
      },
      compensate: ({ data }) => (data.courier ? stay({ call: { name: 'recall-courier', request: { courier: data.courier } } }) : undone()),
      onCompensating: {
        'recall-courier.replied': (_saga, { recalled }) => (recalled ? undone() : undoLater('the courier does not answer')),
        'courier.arrived': () => undone(),
      },
    },
    { name: 'thanks', invoke: () => next({ effects: [{ type: 'member.thank' }] }) },
  ],
  whenCompensating: () => ({}),
  whenCompensated: () => ({ effects: [{ type: 'loan.end' }] }),
  whenStuck: () => ({ effects: [{ type: 'desk.alert' }] }),
  operatorFailure: 'LATE',
  resolve: ({ data }, outcome) => (outcome === 'FULFIL' && data.damaged ? { impossibleBecause: 'the book is damaged' } : { effects: [{ type: outcome === 'FULFIL' ? 'member.thank' : 'loan.end' }] }),
  onEnded: { 'book.damaged': () => undoAgain('shelf', { data: { damaged: true } }), 'courier.arrived': () => ignore('he was here before') },
  otherwise: { 'book.damaged': () => compensate('DAMAGED', { data: { damaged: true } }) },
});

const interpreter = new Interpreter(loanSaga);
const at = (minutes: number) => ({ now: new Date(Date.UTC(2026, 0, 1, 0, minutes)), newId: () => 'id' });
const input = <K extends keyof Inputs<Loan>>(name: K, payload: Inputs<Loan>[K]) => ({ name, payload }) as Input<Loan>;

function lend(book: string): Transition<Loan> {
  return interpreter.start({ id: 'loan' as SagaId, correlationId: 'member', tenantId: 'library' as TenantId, buyerId: null, data: { book, courier: null, damaged: false } }, at(0));
}
function changed(outcome: Outcome<Loan>): Transition<Loan> {
  if (outcome.kind === 'ignored') throw new Error(`ignored: ${outcome.because}`);
  return outcome;
}
function tell(saga: SagaInstance<Loan>, ...inputs: Input<Loan>[]): Transition<Loan> {
  return inputs.reduce((before, one) => changed(interpreter.handle(before.saga, one, at(1))), { saga } as Transition<Loan>);
}
const lent = () => tell(lend('Emma').saga, input('send-courier.replied', { courier: 'Ada' })).saga;

describe('a saga under way', () => {
  it('given its start, runs through its steps up to the first wait, with the call armed and the deadline set', () => {
    const { saga, effects, reached } = lend('Emma');
    expect(saga).toMatchObject({ state: 'RUNNING', step: 'delivery', version: 1, attempt: 1, call: { name: 'send-courier', request: { book: 'Emma' } } });
    expect(saga.timers).toEqual({ deadline: '2026-01-01T01:00:00.000Z' });
    expect(effects).toEqual([{ type: 'shelf.take' }]);
    expect(reached).toEqual(['shelf', 'delivery']);
  });

  it('given an answer, waits for the event; given the event, completes', () => {
    const waiting = tell(lend('Emma').saga, input('send-courier.replied', { courier: 'Ada' }));
    expect(waiting.saga).toMatchObject({ state: 'WAITING', call: null, data: { courier: 'Ada' } });
    const done = tell(waiting.saga, input('courier.arrived', { name: 'Ada' }));
    expect(done.saga).toMatchObject({ state: 'COMPLETED', timers: {}, version: 3 });
    expect(done.effects).toEqual([{ type: 'member.thank' }]);
  });

  it('given a step with nothing to do, skips it', () => {
    expect(lend('read here').saga).toMatchObject({ state: 'COMPLETED', version: 1 });
  });

  it('given an event before the answer to its call, goes on all the same', () => {
    expect(tell(lend('Emma').saga, input('courier.arrived', { name: 'Ada' })).saga.state).toBe('COMPLETED');
  });

  it('given a call that nobody answered, makes it again after a growing pause', () => {
    const once = interpreter.callUnanswered(lend('Emma').saga, 'no route', at(1)).saga;
    const twice = interpreter.callUnanswered(once, 'no route', at(2)).saga;
    expect([once.attempt, twice.attempt]).toEqual([2, 3]);
    expect(twice.callDelayMs).toBeGreaterThan(once.callDelayMs);
    expect(twice).toMatchObject({ state: 'RUNNING', lastError: 'no route', call: { name: 'send-courier' } });
  });

  it('given an input that the definition lists nowhere, refuses it loudly', () => {
    expect(() => interpreter.handle(lent(), input('rain.fell', {}), at(1))).toThrow(UnlistedInput);
  });
});

describe('compensation', () => {
  it('given the deadline, takes the steps back in reverse order', () => {
    const late = tell(lent(), input('timer.deadline', {}));
    expect(late.saga).toMatchObject({ state: 'COMPENSATING', step: 'delivery', call: { name: 'recall-courier' }, timers: {} });
    const back = tell(late.saga, input('recall-courier.replied', { recalled: true }));
    expect(back.saga).toMatchObject({ state: 'COMPENSATED', step: 'shelf' });
    expect(back.effects).toEqual([{ type: 'shelf.return' }, { type: 'loan.end' }]);
  });

  it('given an event that makes the rest needless, goes on without the answer', () => {
    const late = tell(lent(), input('timer.deadline', {}));
    expect(tell(late.saga, input('courier.arrived', { name: 'Ada' })).saga.state).toBe('COMPENSATED');
  });

  it('given the same trouble twelve times, is STUCK with an alert, and the awaited event still moves it on', () => {
    let { saga, effects } = tell(lent(), input('timer.deadline', {}));
    let tries = 0;
    while (saga.state === 'COMPENSATING') {
      tries += 1;
      ({ saga, effects } = tell(saga, input('recall-courier.replied', { recalled: false })));
      if (saga.timers.undo) saga = changed(interpreter.handle(saga, { name: 'timer.undo', payload: {} } as never, at(2))).saga;
    }
    expect(tries).toBe(12);
    expect(saga).toMatchObject({ state: 'STUCK', lastError: 'the courier does not answer' });
    expect(effects).toEqual([{ type: 'desk.alert' }]);
    expect(tell(saga, input('courier.arrived', { name: 'Ada' })).saga.state).toBe('COMPENSATED');
  });

  it('given a call unanswered while taking back, counts it as a try', () => {
    const late = tell(lent(), input('timer.deadline', {}));
    expect(interpreter.callUnanswered(late.saga, 'no route', at(2)).saga).toMatchObject({ state: 'COMPENSATING', attempt: 2, call: null, timers: { undo: expect.any(String) as string } });
  });

  it('given what is listed for every state, is begun from any', () => {
    expect(tell(lend('Emma').saga, input('book.damaged', {})).saga).toMatchObject({ state: 'COMPENSATED', data: { damaged: true } });
  });

  it('given effects that cannot be stored, means the failure of their step', () => {
    const failing = { step: 'shelf', error: 'jammed' };
    const early = { ...lend('Emma').saga, step: 'nowhere' };
    const run = changed(new Interpreter({ ...loanSaga, steps: [{ name: 'nowhere', invoke: () => stay(), on: { 'rain.fell': () => next() } }, ...loanSaga.steps] }).handle(early, input('rain.fell', {}), at(1), failing));
    expect(run.saga).toMatchObject({ state: 'COMPENSATED', lastError: 'jammed' });
    expect(run.effects).not.toContainEqual({ type: 'shelf.take' });
  });
});

describe('by an operator', () => {
  const stuck = () => {
    const late = tell(lent(), input('timer.deadline', {})).saga;
    return { ...late, state: 'STUCK', attempt: 12, call: null, lastError: 'the courier does not answer' } as const;
  };
  const operate = (saga: SagaInstance<Loan>, operation: SagaOperation, definition = loanSaga) => new Interpreter(definition).operate(saga, operation, at(5));
  const why = (outcome: Outcome<Loan>) => (outcome.kind === 'ignored' ? outcome.because : 'it was done');
  const resolve = (outcome: SagaOutcome) => ({ kind: 'resolve', outcome }) as const;

  it('retried while a call waits for its next try, makes it now', () => {
    const waiting = interpreter.callUnanswered(lend('Emma').saga, 'no route', at(1)).saga;
    expect(changed(operate(waiting, { kind: 'retry' }))).toMatchObject({ cause: 'operator.retry', saga: { state: 'RUNNING', attempt: 1, callDelayMs: 0, lastError: null, call: { name: 'send-courier' }, version: 3 } });
  });

  it('retried while it waits, does what the step says, and says so where there is nothing to do', () => {
    expect(why(operate(lent(), { kind: 'retry' }))).toContain('nothing to try');
    const asking = { ...loanSaga, steps: loanSaga.steps.map((step) => (step.name === 'delivery' ? { ...step, onRetry: () => stay({ call: { name: 'send-courier', request: { book: 'again' } } }) } as const : step)) };
    expect(changed(operate(lent(), { kind: 'retry' }, asking)).saga).toMatchObject({ state: 'RUNNING', call: { request: { book: 'again' } }, timers: { deadline: expect.any(String) as string } });
  });

  it.each([{ kind: 'retry' }, { kind: 'compensate' }] as const)('%s of a STUCK one takes it back as if for the first time', (operation) => {
    expect(changed(operate(stuck(), operation)).saga).toMatchObject({ state: 'COMPENSATING', attempt: 1, lastError: null, call: { name: 'recall-courier' } });
  });

  it('retried where it was STUCK on its way forward, goes forward: nothing is taken back', () => {
    const forward = { ...loanSaga, steps: loanSaga.steps.map((step) => (step.name === 'thanks' ? { ...step, onRetry: () => next({ effects: [{ type: 'member.thank' as const }] }) } : step)) };
    const outcome = changed(operate({ ...stuck(), step: 'thanks' }, { kind: 'retry' }, forward));
    expect(outcome).toMatchObject({ saga: { state: 'COMPLETED' }, effects: [{ type: 'member.thank' }] });
  });

  it('taken back while it waits', () => {
    expect(changed(operate(lent(), { kind: 'compensate' }))).toMatchObject({ cause: 'operator.compensate', saga: { state: 'COMPENSATING', step: 'delivery', timers: {} } });
    expect(why(operate(lent(), { kind: 'compensate' }, { ...loanSaga, operatorFailure: null }))).toContain('not taken back');
  });

  it.each([['FULFIL', 'member.thank'], ['FAIL', 'loan.end']] as const)('resolved as %s where it is STUCK, is RESOLVED and nothing waits any more', (outcome, effect) => {
    const done = changed(operate(stuck(), resolve(outcome)));
    expect(done).toMatchObject({ cause: `operator.resolve.${outcome}`, effects: [{ type: effect }], saga: { state: 'RESOLVED', call: null, timers: {} } });
  });

  it('resolved only as the definition allows, and only where it is STUCK', () => {
    expect(why(operate({ ...stuck(), data: { ...stuck().data, damaged: true } }, resolve('FULFIL')))).toBe('the book is damaged');
    expect(why(operate(lent(), resolve('FAIL')))).toBe('it is not stuck');
  });

  it('refused while it takes itself back, and after the end', () => {
    const back = tell(lent(), input('timer.deadline', {})).saga;
    const done = tell(lent(), input('courier.arrived', { name: 'Ada' })).saga;
    for (const operation of [{ kind: 'retry' }, { kind: 'compensate' }, resolve('FAIL')] as const) {
      expect(operate(back, operation).kind).toBe('ignored');
      expect(why(operate(done, operation))).toBe('it has ended');
    }
  });
});

describe('after the end', () => {
  it('given something to take back after all, does so once and ends again', () => {
    const done = tell(lent(), input('courier.arrived', { name: 'Ada' }));
    const again = tell(done.saga, input('book.damaged', {}));
    expect(again.saga).toMatchObject({ state: 'COMPENSATED', data: { damaged: true } });
    expect(again.effects).toContainEqual({ type: 'shelf.return' });
  });

  it('given what is known and of no consequence, changes nothing', () => {
    const done = tell(lent(), input('courier.arrived', { name: 'Ada' }));
    expect(interpreter.handle(done.saga, input('courier.arrived', { name: 'Ada' }), at(2))).toEqual({ kind: 'ignored', because: 'he was here before' });
  });
});
