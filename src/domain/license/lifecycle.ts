import type { LicenseState, SeatState } from './license';

/** Every legal change of a licence's state (domain-rules, "Subscriptions" and "Roles"); the database holds the same table. */
export const LICENSE_EDGES: Readonly<Record<LicenseState, readonly LicenseState[]>> = {
  ACTIVE: ['GRACE', 'SUSPENDED', 'EXPIRED', 'REVOKED'],
  GRACE: ['ACTIVE', 'SUSPENDED', 'EXPIRED', 'REVOKED'],
  SUSPENDED: ['ACTIVE', 'EXPIRED', 'REVOKED'],
  EXPIRED: ['REVOKED'],
  REVOKED: [],
};

/** Every legal change of a seat's state (domain-rules, "Seats"); the database holds the same table. */
export const SEAT_EDGES: Readonly<Record<SeatState, readonly SeatState[]>> = {
  AVAILABLE: ['ASSIGNED', 'REVOKED'],
  ASSIGNED: ['ENROLLED', 'CONSUMED', 'AVAILABLE', 'REVOKED'],
  ENROLLED: ['CONSUMED', 'AVAILABLE', 'REVOKED'],
  CONSUMED: ['AVAILABLE', 'REVOKED'],
  REVOKED: [],
};

export function licenseMayBecome(from: LicenseState, to: LicenseState): boolean {
  return LICENSE_EDGES[from].includes(to);
}

export function seatMayBecome(from: SeatState, to: SeatState): boolean {
  return SEAT_EDGES[from].includes(to);
}

/** Whether the licence's learners have access: its seats may be given to others then. */
export function givesAccess(state: LicenseState): boolean {
  return state === 'ACTIVE' || state === 'GRACE';
}
