import type { Changes, Reaction, SagaProtocol } from './definition';

/** The words in which a saga's handlers answer, typed for its protocol. */
export interface Reactions<P extends SagaProtocol> {
  /** Wait here. */
  stay(changes?: Changes<P>): Reaction<P>;
  /** The step is done; on to the next. */
  next(changes?: Changes<P>): Reaction<P>;
  /** Take back this step and all before it. */
  compensate(failure: P['failure'], changes?: Changes<P>): Reaction<P>;
  /** This step is taken back; on to the one before it. */
  undone(changes?: Changes<P>): Reaction<P>;
  /** Taking it back did not work this time: try again later, and be STUCK after the last try. */
  undoLater(error: string, changes?: Changes<P>): Reaction<P>;
  /** Nothing more can be tried by itself: an operator has to look. The awaited event still moves the saga on. */
  stuck(error: string, changes?: Changes<P>): Reaction<P>;
  /** An ended saga has something to take back after all, from this step on. */
  undoAgain(step: string, changes?: Changes<P>): Reaction<P>;
  /** Known, and of no consequence here. */
  ignore(because: string): Reaction<P>;
}

export function reactionsOf<P extends SagaProtocol>(): Reactions<P> {
  return {
    stay: (changes) => ({ kind: 'stay', ...changes }),
    next: (changes) => ({ kind: 'next', ...changes }),
    compensate: (failure, changes) => ({ kind: 'compensate', failure, ...changes }),
    undone: (changes) => ({ kind: 'undone', ...changes }),
    undoLater: (error, changes) => ({ kind: 'undo-later', error, ...changes }),
    stuck: (error, changes) => ({ kind: 'stuck', error, ...changes }),
    undoAgain: (step, changes) => ({ kind: 'undo-again', step, ...changes }),
    ignore: (because) => ({ kind: 'ignore', because }),
  };
}
