import type { TenantId, UserId } from '../domain/ids';

/** The roles of domain-rules, as identity's tokens name them. */
export const ROLES = ['buyer', 'org_admin', 'provider', 'platform_admin'] as const;
export type Role = (typeof ROLES)[number];

export interface Anonymous {
  readonly kind: 'anonymous';
}
export interface AuthenticatedUser {
  readonly kind: 'user';
  readonly userId: UserId;
  readonly tenantId: TenantId;
  readonly roles: ReadonlySet<Role>;
  /** When the token ends, in seconds since 1970. */
  readonly expiresAtSeconds: number;
}
/** This service itself: consumers, timers, relay. Works for every tenant. */
export interface Worker {
  readonly kind: 'worker';
}

/** In whose name a transaction runs; row level security follows it. */
export type Actor = Anonymous | AuthenticatedUser | Worker;
export type Caller = Anonymous | AuthenticatedUser;

export const ANONYMOUS: Anonymous = { kind: 'anonymous' };
export const WORKER: Worker = { kind: 'worker' };

export function hasRole(actor: Actor, role: Role): boolean {
  return actor.kind === 'user' && actor.roles.has(role);
}
