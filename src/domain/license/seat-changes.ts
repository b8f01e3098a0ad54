import type { SeatId, UserId } from '../ids';
import { invalid } from '../problem';
import type { Problem } from '../problem';
import type { LicenseState, SeatState } from './license';
import { givesAccess, seatMayBecome } from './lifecycle';

/** Learners or seats of one request, at most. */
export const MAX_SEATS_PER_REQUEST = 1_000;

export interface LicenseForSeats {
  readonly state: LicenseState;
  readonly validUntil: Date | null;
  /** Whether it has no order or one that has come to FULFILLED: before that no seat changes. */
  readonly settled: boolean;
  /** How often a seat that had been started was given back so far. */
  readonly reassignments: number;
  /** Null: no limit. */
  readonly reassignmentLimit: number | null;
}

/** What is wrong with the list itself, before anything is looked up. */
export function checkLearners(learnerIds: readonly (UserId | null)[]): Problem[] {
  return [
    ...checkCount('learnerIds', learnerIds.length),
    ...learnerIds.flatMap((id, index) => {
      const path = ['learnerIds', String(index)];
      if (id === null) return [invalid(path, 'This is no user id.')];
      return learnerIds.indexOf(id) < index ? [invalid(path, 'This learner is named twice.')] : [];
    }).slice(0, 20),
  ];
}

export function checkCount(field: string, count: number): Problem[] {
  const fits = count >= 1 && count <= MAX_SEATS_PER_REQUEST;
  return fits ? [] : [invalid([field], `1 to ${MAX_SEATS_PER_REQUEST} are possible at once.`, { count: String(count), max: String(MAX_SEATS_PER_REQUEST) })];
}

/** Why the licence's seats may not change hands at the moment; null: they may. */
export function seatsClosed({ state, validUntil, settled }: LicenseForSeats, now: Date, path: readonly string[]): Problem | null {
  if (!settled) return notActive('The licence’s order is not fulfilled yet.', state, path);
  if (!givesAccess(state)) return notActive(`The licence is ${state}.`, state, path);
  if (validUntil !== null && validUntil <= now) return notActive('The licence’s validity has ended.', 'EXPIRED', path);
  return null;
}

function notActive(message: string, state: LicenseState, path: readonly string[]): Problem {
  return { code: 'LICENSE_NOT_ACTIVE', message, path, params: { state } };
}

export interface SeatToRelease {
  readonly id: SeatId;
  readonly state: SeatState;
  /** On its way back with a refund: it stays its learner's unless that refund fails. */
  readonly frozen: boolean;
  /** Where the request names it. */
  readonly path: readonly string[];
}

/**
 * What keeps the seats of one licence from being released (domain-rules, "Seats"): seats that were started count
 * against the licence's reassignment limit, all others may be given back at will.
 */
export function checkRelease(license: LicenseForSeats, seats: readonly SeatToRelease[], now: Date): Problem[] {
  const closed = seatsClosed(license, now, ['seatIds']);
  if (closed) return [closed];
  const problems = seats.filter((seat) => seat.frozen || !seatMayBecome(seat.state, 'AVAILABLE')).slice(0, 20).map(({ state, frozen, path }): Problem =>
    ({ code: 'ILLEGAL_TRANSITION', message: frozen ? 'The seat goes back with a refund that is under way.' : `A seat that is ${state} has nobody to be taken from.`, path, params: { state } }));
  const consumed = seats.filter((seat) => seat.state === 'CONSUMED').length;
  const left = reassignmentsLeft(license);
  if (left === null || consumed <= left) return problems;
  return [...problems, {
    code: 'SEAT_REASSIGNMENT_LIMIT', path: ['seatIds'], params: { left: String(left), started: String(consumed), limit: String(license.reassignmentLimit) },
    message: `${consumed} of these seats were started; seats of this licence that were can be released ${left === 0 ? 'no more' : `${left} more times`}.`,
  }];
}

/** How many seats that were started may still be released; null: no limit. */
export function reassignmentsLeft({ reassignments, reassignmentLimit }: Pick<LicenseForSeats, 'reassignments' | 'reassignmentLimit'>): number | null {
  return reassignmentLimit === null ? null : Math.max(0, reassignmentLimit - reassignments);
}
