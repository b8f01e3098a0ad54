import type { OrderId, SagaId, TenantId, UserId } from '../../domain/ids';

export const SAGA_STATES = ['RUNNING', 'WAITING', 'COMPENSATING', 'COMPLETED', 'COMPENSATED', 'STUCK', 'RESOLVED'] as const;
export type SagaState = (typeof SAGA_STATES)[number];

/** Every legal change of a saga's state; the database holds the same table. What comes after the end may still have to be taken back. */
export const SAGA_EDGES: Readonly<Record<SagaState, readonly SagaState[]>> = {
  RUNNING: ['WAITING', 'COMPENSATING', 'COMPLETED', 'COMPENSATED', 'STUCK'],
  WAITING: ['RUNNING', 'COMPENSATING', 'COMPLETED', 'COMPENSATED', 'STUCK'],
  COMPENSATING: ['COMPENSATED', 'STUCK'],
  STUCK: ['RUNNING', 'WAITING', 'COMPENSATING', 'COMPLETED', 'COMPENSATED', 'RESOLVED'],
  COMPLETED: ['COMPENSATING', 'COMPENSATED'],
  COMPENSATED: ['COMPENSATING'],
  RESOLVED: [],
};

export function sagaMayBecome(from: SagaState, to: SagaState): boolean {
  return SAGA_EDGES[from].includes(to);
}

/** A saga as operators may see it. */
export interface SagaSnapshot {
  readonly id: SagaId;
  readonly name: string;
  readonly definitionVersion: number;
  /** What the saga is about; for a purchase the order. */
  readonly correlationId: string;
  /** The order that it belongs to; null: none. */
  readonly orderId: OrderId | null;
  readonly tenantId: TenantId;
  readonly state: SagaState;
  readonly step: string;
  readonly attempt: number;
  readonly lastError: string | null;
  readonly deadline: Date | null;
  readonly nextWakeAt: Date | null;
  readonly version: number;
  readonly startedAt: Date;
  readonly updatedAt: Date;
}

/** One stored transition; `cause` names the event, reply, timer or command behind it. */
export interface SagaTransitionRecord {
  readonly sagaId: SagaId;
  readonly version: number;
  readonly fromState: SagaState;
  readonly fromStep: string;
  readonly toState: SagaState;
  readonly toStep: string;
  readonly cause: string;
  readonly actorId: UserId | null;
  readonly at: Date;
}
