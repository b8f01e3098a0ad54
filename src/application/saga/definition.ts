import type { SagaOutcome } from './operation';
import type { SagaState } from './records';

/**
 * What a saga deals in. `data` is stored as JSON (money as decimal strings of minor units); `events` are what it is
 * told; `calls` are what it asks of others, outside of any transaction; an `effect` is a change in our own database,
 * described as data and given its meaning by the saga's host.
 */
export interface SagaProtocol {
  readonly data: object;
  readonly events: object;
  readonly calls: Readonly<Record<string, { readonly request: object; readonly reply: object }>>;
  readonly timer: string;
  readonly effect: { readonly type: string };
  readonly failure: string;
}

export interface CallRefused {
  readonly code: string;
  readonly message: string;
}

/** All that can happen to a saga: its events, the answers to its calls, its timers. */
export type Inputs<P extends SagaProtocol> = P['events'] & {
  readonly [C in keyof P['calls'] & string as `${C}.replied`]: P['calls'][C]['reply'];
} & {
  readonly [C in keyof P['calls'] & string as `${C}.refused`]: CallRefused;
} & {
  readonly [T in P['timer'] as `timer.${T}`]: Record<never, never>;
};
export type InputName<P extends SagaProtocol> = keyof Inputs<P> & string;
export type Input<P extends SagaProtocol> = { readonly [K in InputName<P>]: { readonly name: K; readonly payload: Inputs<P>[K] } }[InputName<P>];

/** A remote call to be made after the commit, by whoever holds the saga's lease; repeated until it is answered. */
export type Call<P extends SagaProtocol> = {
  readonly [C in keyof P['calls'] & string]: { readonly name: C; readonly request: P['calls'][C]['request'] };
}[keyof P['calls'] & string];

export interface Changes<P extends SagaProtocol> {
  readonly data?: Partial<P['data']>;
  readonly effects?: readonly P['effect'][];
  /** Replaces what was to be called; null: nothing more. */
  readonly call?: Call<P> | null;
  /** Sets timers in business time; null takes one back. */
  readonly timers?: Partial<Record<P['timer'], Date | null>>;
}

export type Reaction<P extends SagaProtocol> =
  | ({ readonly kind: 'stay' } & Changes<P>)
  | ({ readonly kind: 'next' } & Changes<P>)
  | ({ readonly kind: 'compensate'; readonly failure: P['failure'] } & Changes<P>)
  | ({ readonly kind: 'undone' } & Changes<P>)
  | ({ readonly kind: 'undo-later'; readonly error: string } & Changes<P>)
  | ({ readonly kind: 'stuck'; readonly error: string } & Changes<P>)
  | ({ readonly kind: 'undo-again'; readonly step: string } & Changes<P>)
  | { readonly kind: 'ignore'; readonly because: string };

/** What a handler may look at. It decides from this alone: no clock, no I/O, no randomness. */
export type Situation<P extends SagaProtocol> = SituationWith<P['data']>;

/** By its data alone, so that sagas with data in common can share what decides by them. */
export interface SituationWith<Data> {
  readonly sagaId: string;
  readonly data: Data;
  readonly state: SagaState;
  readonly step: string;
  readonly startedAt: Date;
  readonly now: Date;
  newId(): string;
}

export type Handlers<P extends SagaProtocol> = {
  readonly [K in InputName<P>]?: (saga: Situation<P>, input: Inputs<P>[K]) => Reaction<P>;
};

export interface Step<P extends SagaProtocol> {
  readonly name: string;
  /** True: the step has nothing to do for this saga. */
  readonly skip?: (data: P['data']) => boolean;
  /** On reaching the step, in the transaction that reaches it. */
  readonly invoke: (saga: Situation<P>) => Reaction<P>;
  readonly on?: Handlers<P>;
  /** When the effects of `invoke` cannot be stored, for a reason that trying again would not mend. */
  readonly onStorageFailure?: P['failure'];
  /** Takes the step back, from whatever it had come to; called again after `undo-later`. */
  readonly compensate?: (saga: Situation<P>) => Reaction<P>;
  readonly onCompensating?: Handlers<P>;
  /** What an operator's retry does while nothing is being called: absent, there is nothing to try. Taking back is tried by `compensate`. */
  readonly onRetry?: (saga: Situation<P>) => Reaction<P>;
}

/** An end by an operator's decision: what it changes, or why it is not possible. */
export type Resolution<P extends SagaProtocol> = Changes<P> | { readonly impossibleBecause: string };

/** A saga as one readable page. Steps run top to bottom and are compensated bottom to top. */
export interface SagaDefinition<P extends SagaProtocol> {
  readonly name: string;
  readonly version: number;
  readonly steps: readonly Step<P>[];
  readonly whenCompensating: (saga: Situation<P>, failure: P['failure']) => Changes<P>;
  readonly whenCompensated: (saga: Situation<P>) => Changes<P>;
  readonly whenStuck: (saga: Situation<P>, error: string, attempts: number) => Changes<P>;
  /** Why a saga is taken back that an operator stops; null: this one is not to be stopped. */
  readonly operatorFailure: P['failure'] | null;
  /** Ends a STUCK saga as its operator decides. */
  readonly resolve: (saga: Situation<P>, outcome: SagaOutcome) => Resolution<P>;
  /** After the end: what still matters, and what is ignored by name. */
  readonly onEnded: Handlers<P>;
  /** What any state does with an input that it does not list itself. An input that is listed nowhere is an error, never dropped in silence. */
  readonly otherwise: Handlers<P>;
}

export function defineSaga<P extends SagaProtocol>(definition: SagaDefinition<P>): SagaDefinition<P> {
  return definition;
}
