import { parseId } from '../../domain/ids';
import type { AssignmentId, LicenseId, SeatId, UserId } from '../../domain/ids';
import { firstAskOf } from '../../domain/license/enrollment-asks';
import type { License } from '../../domain/license/license';
import { checkLearners, seatsClosed } from '../../domain/license/seat-changes';
import type { AuthenticatedUser, Caller } from '../actor';
import { inRole, roleMissing } from '../listing/authorise';
import type { LicenseLock, NewAssignment } from '../ports/seats';
import type { Tx } from '../ports/unit-of-work';
import { ok, refused, Refusal, userError } from '../user-error';
import type { Result, UserError } from '../user-error';
import type { LicenseDependencies } from './license-dependencies';
import { seatAssigned } from './license-events';

export interface AssignSeatsRequest {
  readonly licenseId: string;
  readonly learnerIds: readonly string[];
}
export interface AssignedSeats {
  readonly licenseId: LicenseId;
  /** In the order of the learners. */
  readonly seatIds: readonly SeatId[];
}

/**
 * Gives seats of a licence to learners, all or nothing (domain-rules, "Seats"). Many do so at once: each takes what is
 * free at the moment and not in another's hands. One who comes short looks again alone, after all others have come to
 * their end, so that nobody is refused for a seat that another's rollback gives back.
 */
export function assignSeats(dependencies: LicenseDependencies) {
  return async (caller: Caller, request: AssignSeatsRequest): Promise<Result<AssignedSeats>> => {
    if (!inRole(caller, 'org_admin')) return refused(roleMissing('org_admin'));
    const learnerIds = request.learnerIds.map((text) => parseId<UserId>(text));
    const malformed = checkLearners(learnerIds);
    if (malformed.length > 0) return refused(...malformed);
    const licenseId = parseId<LicenseId>(request.licenseId);
    if (licenseId === null) return refused(noSuchLicense());
    const attempt = (lock: LicenseLock) => dependencies.unitOfWork.run(caller, (tx) => assign(tx, dependencies, caller, licenseId, learnerIds as UserId[], lock), { commit: 'seat.assign' });
    try {
      const outcome = await attempt('shared');
      return outcome === 'short' ? refusedOr(await attempt('alone')) : outcome;
    } catch (error) {
      if (error instanceof Refusal) return refused(...error.errors);
      throw error;
    }
  };
}

async function assign(tx: Tx, { seats, outbox }: LicenseDependencies, caller: AuthenticatedUser, id: LicenseId, learnerIds: readonly UserId[], lock: LicenseLock): Promise<Result<AssignedSeats> | 'short'> {
  const [locked] = await seats.lockLicenses(tx, [id], lock);
  if (!locked || locked.license.tenantId !== caller.tenantId) return refused(noSuchLicense());
  const { license, rules } = locked;
  const closed = seatsClosed(rules, tx.now, ['licenseId']);
  if (closed) return refused(closed);

  const free = await seats.takeFree(tx, id, learnerIds.length, lock);
  const missing = learnerIds.length - free.length;
  if (missing > 0 && license.seatsTotal !== null) {
    if (lock === 'shared') return 'short';
    await refuseHeld(tx, seats, license, learnerIds);
    throw new Refusal([userError('NO_SEATS_AVAILABLE', `The licence has ${free.length} free seats; ${missing} more would be needed. Nothing was assigned.`, ['learnerIds'],
      { missing: String(missing), available: String(free.length) })]);
  }
  await refuseHeld(tx, seats, license, learnerIds);

  const assignments = learnerIds.map((learnerId, index): NewAssignment => ({ learnerId, seatId: free[index] ?? tx.ids.next<SeatId>(), assignmentId: tx.ids.next<AssignmentId>() }));
  seats.assign(tx, license, assignments.slice(0, free.length), assignments.slice(free.length), firstAskOf(tx.now));
  await outbox.append(tx, assignments.map((assignment) => seatAssigned(license, assignment)), license.orderId ?? undefined);
  return ok({ licenseId: id, seatIds: assignments.map((assignment) => assignment.seatId) });
}

/** Alone with the licence nobody comes short without having been refused. */
function refusedOr(outcome: Result<AssignedSeats> | 'short'): Result<AssignedSeats> {
  if (outcome === 'short') throw new Error('seats were short, but nobody else has any in hand');
  return outcome;
}

/** Thrown rather than returned: claims that were made for the other learners must go with it. */
async function refuseHeld(tx: Tx, seats: LicenseDependencies['seats'], license: License, learnerIds: readonly UserId[]): Promise<void> {
  const held = await seats.claim(tx, license, learnerIds);
  if (held.length === 0) return;
  throw new Refusal(held.slice(0, 20).map(({ learnerId, bySeatHere }): UserError => {
    const path = ['learnerIds', String(learnerIds.indexOf(learnerId))];
    return bySeatHere
      ? userError('SEAT_ALREADY_ASSIGNED', 'This learner holds a seat of the licence already.', path, { learnerId })
      : userError('ALREADY_LICENSED', 'This learner has a seat for the course by another licence, or an order for one under way.', path, { learnerId });
  }));
}

function noSuchLicense(): UserError {
  return userError('NOT_FOUND', 'There is no such licence.', ['licenseId']);
}
