import type { SandboxClient } from '../sandbox-client';
import type { World } from '../world';
import type { Loss } from './publication';

/** Who is asked for the truth: the database past every policy, and the neighbours for what they did and saw. */
export interface Witnesses {
  readonly sql: World['sql'];
  readonly sandbox: Pick<SandboxClient, 'payments' | 'enrollments' | 'events' | 'violations' | 'transfers'>;
}

/** What a run has done that changes what may be demanded of it. */
export interface Allowances {
  /** Events that a stream lost after it had taken them, and that were published again: they are late by nature. Default: none. */
  readonly lost?: ReadonlySet<string>;
  /** When a stream lost what it had taken: what it had then may come to it again, after what followed. Default: never. */
  readonly losses?: readonly Loss[];
  /** What tenants may spend in a month. Default: nobody is bounded. */
  readonly caps?: readonly { readonly tenantId: string; readonly currency: string; readonly perMonthMinor: string }[];
}
