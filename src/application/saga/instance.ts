import type { Traceparent } from '../tracing';
import type { SagaId, TenantId, UserId } from '../../domain/ids';
import type { Call, SagaProtocol } from './definition';
import type { SagaState } from './records';

/** A saga under way, as stored. Everything that decides about it is in here. */
export interface SagaInstance<P extends SagaProtocol> {
  readonly id: SagaId;
  readonly name: string;
  readonly definitionVersion: number;
  /** What the saga is about; unique per name. */
  readonly correlationId: string;
  readonly tenantId: TenantId;
  readonly buyerId: UserId | null;
  readonly state: SagaState;
  readonly step: string;
  /** Which try of the current step's work this is, from 1. */
  readonly attempt: number;
  readonly data: P['data'];
  readonly call: Call<P> | null;
  /** How long the call waits before it is made, in milliseconds of real time; 0: at once. */
  readonly callDelayMs: number;
  /** Business time at which each timer is due, ISO 8601. */
  readonly timers: Readonly<Record<string, string>>;
  readonly lastError: string | null;
  readonly version: number;
  readonly startedAt: Date;
  /** The trace that began it, as far as it was stored: what is found due later goes on in it. */
  readonly traceparent?: Traceparent | undefined;
}

export function hasEnded(state: SagaState): boolean {
  return state === 'COMPLETED' || state === 'COMPENSATED' || state === 'RESOLVED';
}

export function earliestTimer(timers: Readonly<Record<string, string>>): { readonly name: string; readonly at: Date } | null {
  const due = Object.entries(timers).sort(([, left], [, right]) => left.localeCompare(right))[0];
  return due ? { name: due[0], at: new Date(due[1]) } : null;
}
