import { parseId } from '../../domain/ids';
import type { SeatId } from '../../domain/ids';
import { checkCount, checkRelease } from '../../domain/license/seat-changes';
import { invalid } from '../../domain/problem';
import type { AuthenticatedUser, Caller } from '../actor';
import { inRole, roleMissing } from '../listing/authorise';
import { seatReleased } from '../order/order-events';
import type { Tx } from '../ports/unit-of-work';
import { ok, refused, userError } from '../user-error';
import type { Result, UserError } from '../user-error';
import type { LicenseDependencies } from './license-dependencies';

/** Takes seats back from their learners, all or nothing; they are free for others at once (domain-rules, "Seats"). */
export function releaseSeats(dependencies: LicenseDependencies) {
  return async (caller: Caller, ids: readonly string[]): Promise<Result<readonly SeatId[]>> => {
    if (!inRole(caller, 'org_admin')) return refused(roleMissing('org_admin'));
    const seatIds = ids.map((text) => parseId<SeatId>(text));
    const malformed = [...checkCount('seatIds', ids.length), ...namedTwice(seatIds)];
    if (malformed.length > 0) return refused(...malformed);
    const missing = seatIds.flatMap((id, index) => (id === null ? [noSuchSeat(index)] : []));
    if (missing.length > 0) return refused(...missing);
    return dependencies.unitOfWork.run(caller, (tx) => release(tx, dependencies, caller, seatIds as SeatId[]), { commit: 'seat.release' });
  };
}

function namedTwice(seatIds: readonly (SeatId | null)[]) {
  return seatIds.flatMap((id, index) => (id !== null && seatIds.indexOf(id) < index ? [invalid(['seatIds', String(index)], 'This seat is named twice.')] : [])).slice(0, 20);
}

async function release(tx: Tx, { seats, outbox }: LicenseDependencies, caller: AuthenticatedUser, seatIds: readonly SeatId[]): Promise<Result<readonly SeatId[]>> {
  const licenses = (await seats.lockLicenses(tx, await seats.licensesOfSeats(tx, seatIds), 'alone')).filter(({ license }) => license.tenantId === caller.tenantId);
  const own = new Set(licenses.map(({ license }) => license.id));
  const found = new Map((await seats.lockSeats(tx, seatIds)).filter((seat) => own.has(seat.licenseId)).map((seat) => [seat.id, seat]));
  const problems = seatIds.flatMap((id, index) => (found.has(id) ? [] : [noSuchSeat(index)]));
  if (problems.length > 0) return refused(...problems);

  const refusals = licenses.flatMap(({ license, rules }) => checkRelease(rules, seatIds.flatMap((id, index) => {
    const seat = found.get(id);
    return seat?.licenseId === license.id ? [{ id, state: seat.state, frozen: seat.frozen, path: ['seatIds', String(index)] }] : [];
  }), tx.now));
  if (refusals.length > 0) return refused(...refusals);
  const released = await seats.release(tx, seatIds);
  await outbox.append(tx, released.map((seat) => seatReleased(seat)), licenses[0]?.license.orderId ?? undefined);
  return ok(seatIds);
}

function noSuchSeat(index: number): UserError {
  return userError('NOT_FOUND', 'There is no such seat.', ['seatIds', String(index)]);
}
