import type { SagaState } from './records';

/** How an operator may end a STUCK saga by decision. */
export const SAGA_OUTCOMES = ['FULFIL', 'FAIL'] as const;
export type SagaOutcome = (typeof SAGA_OUTCOMES)[number];

/** What operators may do to a saga (purchase-saga, rule 7). */
export type SagaOperation =
  | { readonly kind: 'retry' }
  | { readonly kind: 'compensate' }
  | { readonly kind: 'resolve'; readonly outcome: SagaOutcome };

/** How it stood, for the audit. */
export interface SagaStanding {
  readonly state: SagaState;
  readonly step: string;
  readonly version: number;
  readonly lastError: string | null;
}

export type OperationAnswer =
  | { readonly kind: 'done'; readonly before: SagaStanding; readonly after: SagaStanding }
  | { readonly kind: 'refused'; readonly state: SagaState; readonly because: string }
  | { readonly kind: 'absent' };

/** How the cause of a transition names what an operator did. */
export function causeOf(operation: SagaOperation): string {
  return operation.kind === 'resolve' ? `operator.resolve.${operation.outcome}` : `operator.${operation.kind}`;
}
