import type { Changes, Input, Reaction, SagaDefinition, SagaProtocol, Situation, Step } from './definition';
import { hasEnded } from './instance';
import { causeOf } from './operation';
import type { SagaOperation, SagaOutcome } from './operation';
import type { SagaInstance } from './instance';
import { sagaMayBecome } from './records';
import type { SagaState } from './records';
import { callBackoffMs, undoPauseMs } from './retry-schedule';

/** Engine's own timer: the next try to take a step back. */
const UNDO_TIMER = 'undo';

export interface Clockwork {
  readonly now: Date;
  newId(): string;
}

export interface Transition<P extends SagaProtocol> {
  readonly kind: 'changed';
  readonly saga: SagaInstance<P>;
  readonly effects: readonly P['effect'][];
  readonly cause: string;
  /** Steps that were reached, in order; a failure to store their effects is theirs. */
  readonly reached: readonly string[];
}
export interface Ignored {
  readonly kind: 'ignored';
  readonly because: string;
}
export type Outcome<P extends SagaProtocol> = Transition<P> | Ignored;

/** A handler once its input's name has been matched: name and payload belong together by the type `Input`. */
type AnyHandler<P extends SagaProtocol> = (saga: Situation<P>, payload: unknown) => Reaction<P>;
type AnyHandlers<P extends SagaProtocol> = Readonly<Record<string, AnyHandler<P> | undefined>>;

/** An input that the definition lists neither for the state nor in general: a gap in the definition, never dropped in silence. */
export class UnlistedInput extends Error {
  constructor(definition: string, state: string, step: string, input: string) {
    super(`${definition} does not say what to do with ${input} in ${step}/${state}`);
    this.name = 'UnlistedInput';
  }
}

/** The pure heart of the engine: (saga, input, now) → (saga', effects). */
export class Interpreter<P extends SagaProtocol> {
  constructor(readonly definition: SagaDefinition<P>) {}

  /** A new saga, run up to its first wait. */
  start(seed: Omit<SagaInstance<P>, 'name' | 'definitionVersion' | 'state' | 'step' | 'attempt' | 'call' | 'callDelayMs' | 'timers' | 'lastError' | 'version' | 'startedAt'>, clockwork: Clockwork): Transition<P> {
    const first = this.stepAt(0);
    const saga: SagaInstance<P> = {
      ...seed, name: this.definition.name, definitionVersion: this.definition.version, state: 'RUNNING', step: first.name,
      attempt: 1, call: null, callDelayMs: 0, timers: {}, lastError: null, version: 0, startedAt: clockwork.now,
    };
    const run = new Run(this.definition, saga, clockwork);
    run.enter(0);
    return run.finish('started');
  }

  /** A timer that has gone off is spent, even where it is ignored. `failing`: the effects of this step could not be stored; reaching it means its failure instead. */
  handle(saga: SagaInstance<P>, input: Input<P>, clockwork: Clockwork, failing?: { readonly step: string; readonly error: string }): Outcome<P> {
    const run = new Run(this.definition, saga, clockwork, failing);
    run.forgetTimer(input.name);
    const handled = input.name === `timer.${UNDO_TIMER}` ? run.undoStep() : run.react(this.reactionTo(saga, input, clockwork));
    const ticked = input.name.startsWith('timer.');
    return handled && !ticked ? handled : run.finish(input.name);
  }

  /** A call that nobody answered: made again after a pause, or counted as a try when something is being taken back. */
  callUnanswered(saga: SagaInstance<P>, error: string, clockwork: Clockwork): Transition<P> {
    const run = new Run(this.definition, saga, clockwork);
    if (saga.state === 'COMPENSATING') run.react({ kind: 'undo-later', error });
    else run.callAgain(error);
    return run.finish(`${saga.call?.name ?? 'call'}.unanswered`);
  }

  /** What an operator asks for; ignored with a reason that the operator can read where the state does not allow it. */
  operate(saga: SagaInstance<P>, operation: SagaOperation, clockwork: Clockwork): Outcome<P> {
    if (hasEnded(saga.state)) return { kind: 'ignored', because: 'it has ended' };
    const run = new Run(this.definition, saga, clockwork);
    return run.operate(operation) ?? run.finish(causeOf(operation));
  }

  private reactionTo(saga: SagaInstance<P>, input: Input<P>, clockwork: Clockwork): Reaction<P> {
    const handler = this.handlerFor(saga, input.name);
    if (!handler) throw new UnlistedInput(this.definition.name, saga.state, saga.step, input.name);
    return handler(situation(saga, clockwork), input.payload);
  }

  private handlerFor(saga: SagaInstance<P>, name: string): AnyHandler<P> | undefined {
    const step = this.definition.steps.find((candidate) => candidate.name === saga.step);
    const forward = saga.state === 'RUNNING' || saga.state === 'WAITING';
    const handlers = hasEnded(saga.state) ? this.definition.onEnded : forward ? step?.on : step?.onCompensating;
    return (handlers as AnyHandlers<P> | undefined)?.[name] ?? (this.definition.otherwise as AnyHandlers<P>)[name];
  }

  private stepAt(index: number): Step<P> {
    const step = this.definition.steps[index];
    if (!step) throw new Error(`${this.definition.name} has no step ${index}`);
    return step;
  }
}

function situation<P extends SagaProtocol>(saga: SagaInstance<P>, clockwork: Clockwork): Situation<P> {
  const { id, data, state, step, startedAt } = saga;
  return { sagaId: id, data, state, step, startedAt, now: clockwork.now, newId: () => clockwork.newId() };
}

/** One transition in the making: the saga as changed so far and the effects gathered so far. */
class Run<P extends SagaProtocol> {
  private readonly effects: P['effect'][] = [];
  private readonly reached: string[] = [];

  private readonly from: SagaState;

  constructor(
    private readonly definition: SagaDefinition<P>,
    private saga: SagaInstance<P>,
    private readonly clockwork: Clockwork,
    private readonly failing?: { readonly step: string; readonly error: string },
  ) {
    this.from = saga.state;
  }

  /** @throws Error where the definition leads to a change of state that is none */
  finish(cause: string): Transition<P> {
    const { saga } = this;
    const state = saga.state === 'RUNNING' || saga.state === 'WAITING' ? (saga.call ? 'RUNNING' : 'WAITING') : saga.state;
    if (state !== this.from && !sagaMayBecome(this.from, state)) throw new Error(`${this.definition.name} cannot go from ${this.from} to ${state} (${cause})`);
    return { kind: 'changed', saga: { ...saga, state, version: saga.version + 1 }, effects: this.effects, cause, reached: this.reached };
  }

  react(reaction: Reaction<P>): Ignored | undefined {
    if (reaction.kind === 'ignore') return { kind: 'ignored', because: reaction.because };
    this.apply(reaction);
    switch (reaction.kind) {
      case 'stay': return this.resumeIfStuck();
      case 'next': return this.enter(this.index() + 1);
      case 'compensate': return this.beginCompensation(reaction.failure);
      case 'undone': return this.undo(this.index() - 1);
      case 'undo-later': return this.undoLater(reaction.error);
      case 'stuck': return this.becomeStuck(reaction.error);
      case 'undo-again': return this.undo(this.definition.steps.findIndex((step) => step.name === reaction.step));
    }
  }

  /** Reaches the step at `index`, or the end. */
  enter(index: number): undefined {
    const step = this.definition.steps[index];
    if (!step) {
      this.change({ state: 'COMPLETED', call: null, timers: {}, lastError: null });
      return;
    }
    if (step.skip?.(this.saga.data)) return this.enter(index + 1);
    this.change({ state: 'RUNNING', step: step.name, attempt: 1, call: null, timers: {}, lastError: null });
    this.reached.push(step.name);
    if (this.failing?.step === step.name && step.onStorageFailure) {
      this.change({ lastError: this.failing.error });
      this.beginCompensation(step.onStorageFailure);
      return;
    }
    this.react(step.invoke(this.situation()));
  }

  /** Tries once more to take the current step back. */
  undoStep(): Ignored | undefined {
    const step = this.definition.steps[this.index()];
    return step?.compensate ? this.react(step.compensate(this.situation())) : this.undo(this.index() - 1);
  }

  operate(operation: SagaOperation): Ignored | undefined {
    const { state } = this.saga;
    switch (operation.kind) {
      case 'retry': return state === 'COMPENSATING' ? ignored('it is being taken back and tries by itself') : this.retry();
      case 'compensate': return state === 'COMPENSATING' ? ignored('it is being taken back already') : this.stopByOperator();
      case 'resolve': return state === 'STUCK' ? this.resolve(operation.outcome) : ignored('it is not stuck');
    }
  }

  /** A pending call is made now, what is stuck is tried as if for the first time. */
  private retry(): Ignored | undefined {
    const { state, call } = this.saga;
    const step = this.definition.steps[this.index()];
    if (state === 'STUCK') {
      // a step that has nothing to take back can only have been stuck on its way forward
      const back = step?.compensate !== undefined || !step?.onRetry;
      this.change({ state: back ? 'COMPENSATING' : 'RUNNING', attempt: 1, call: null, timers: {}, lastError: null });
      if (back) return this.undoStep();
    } else if (call) {
      this.change({ attempt: 1, callDelayMs: 0, lastError: null });
      return;
    }
    return step?.onRetry ? this.react(step.onRetry(this.situation())) : ignored('there is nothing to try: it waits for an event');
  }

  private stopByOperator(): Ignored | undefined {
    const { operatorFailure } = this.definition;
    if (operatorFailure === null) return ignored('a process of this kind is not taken back; one that is stuck can be resolved');
    return this.saga.state === 'STUCK' ? this.retry() : this.beginCompensation(operatorFailure);
  }

  private resolve(outcome: SagaOutcome): Ignored | undefined {
    const resolution = this.definition.resolve(this.situation(), outcome);
    if ('impossibleBecause' in resolution) return ignored(resolution.impossibleBecause);
    this.change({ state: 'RESOLVED', call: null, timers: {} });
    this.apply(resolution);
    return;
  }

  callAgain(error: string): void {
    this.change({ attempt: this.saga.attempt + 1, callDelayMs: callBackoffMs(this.saga.attempt), lastError: error });
  }

  forgetTimer(input: string): void {
    const name = input.startsWith('timer.') ? input.slice('timer.'.length) : null;
    if (name) this.setTimers({ [name]: null });
  }

  private beginCompensation(failure: P['failure']): undefined {
    this.change({ state: 'COMPENSATING', call: null, timers: {} });
    this.apply(this.definition.whenCompensating(this.situation(), failure));
    this.undo(this.index());
  }

  /** Takes back the step at `index` and, once it is undone, those before it. */
  private undo(index: number): undefined {
    const step = this.definition.steps[index];
    if (!step) {
      this.change({ state: 'COMPENSATED', call: null, timers: {} });
      this.apply(this.definition.whenCompensated(this.situation()));
      return;
    }
    this.change({ state: 'COMPENSATING', step: step.name, attempt: 1, call: null, timers: {} });
    if (step.skip?.(this.saga.data) || !step.compensate) return this.undo(index - 1);
    this.react(step.compensate(this.situation()));
  }

  private undoLater(error: string): undefined {
    const pauseMs = undoPauseMs(this.saga.attempt);
    if (pauseMs === null) return this.becomeStuck(error);
    this.change({ state: 'COMPENSATING', attempt: this.saga.attempt + 1, call: null, timers: {}, lastError: error });
    this.setTimers({ [UNDO_TIMER]: new Date(this.clockwork.now.getTime() + pauseMs) });
  }

  private becomeStuck(error: string): undefined {
    this.change({ state: 'STUCK', call: null, timers: {}, lastError: error });
    this.apply(this.definition.whenStuck(this.situation(), error, this.saga.attempt));
  }

  /** What moves a STUCK saga, but not to its end, has it taken back again. */
  private resumeIfStuck(): undefined {
    if (this.saga.state === 'STUCK' && this.saga.call) this.change({ state: 'COMPENSATING' });
  }

  private apply(changes: Changes<P>): void {
    this.effects.push(...(changes.effects ?? []));
    if (changes.data) this.change({ data: { ...this.saga.data, ...changes.data } });
    if (changes.call !== undefined) this.change({ call: changes.call, callDelayMs: 0 });
    if (changes.timers) this.setTimers(changes.timers);
  }

  private setTimers(timers: Readonly<Record<string, Date | null | undefined>>): void {
    const kept = Object.entries(this.saga.timers).filter(([name]) => timers[name] === undefined);
    const set = Object.entries(timers).flatMap(([name, at]) => (at ? [[name, at.toISOString()] as const] : []));
    this.change({ timers: Object.fromEntries([...kept, ...set]) });
  }

  private change(changes: Partial<SagaInstance<P>>): void {
    this.saga = { ...this.saga, ...changes };
  }

  private situation(): Situation<P> {
    return situation(this.saga, this.clockwork);
  }

  private index(): number {
    return this.definition.steps.findIndex((step) => step.name === this.saga.step);
  }
}

function ignored(because: string): Ignored {
  return { kind: 'ignored', because };
}
