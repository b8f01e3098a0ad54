import type { NewEvent } from '../events/event-envelope';
import type { Tx } from '../ports/unit-of-work';
import type { Call, CallRefused, SagaProtocol } from './definition';
import type { SagaInstance } from './instance';

export type CallAnswer = { readonly kind: 'replied'; readonly reply: object } | { readonly kind: 'refused'; readonly refusal: CallRefused };

/** Thrown by a call that got no answer: nobody knows whether it took effect, so it is made again. */
export class Unanswered extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Unanswered';
  }
}

/** What gives a saga's effects and calls their meaning. */
export interface SagaHost<P extends SagaProtocol> {
  /** The chain that the saga's events belong to; absent: what the saga is about began it. */
  chainOf?(saga: SagaInstance<P>): string;
  /** Stores the effects in order, in the saga's own transaction; answers with the events to publish. */
  apply(tx: Tx, saga: SagaInstance<P>, effects: readonly P['effect'][]): Promise<readonly NewEvent[]>;
  /** Makes a remote call, outside of any transaction. Throws `Unanswered` when there is no answer. */
  call(saga: SagaInstance<P>, call: Call<P>): Promise<CallAnswer>;
}
