import { dueAsk } from '../../domain/license/enrollment-asks';
import { WORKER } from '../actor';
import { enrollmentRequested, seatRejected } from '../order/order-events';
import type { LicenseStore } from '../ports/licenses';
import type { Outbox } from '../ports/outbox';
import type { SeatStore, SilentAssignment } from '../ports/seats';
import type { Tx, UnitOfWork } from '../ports/unit-of-work';
import { licenseExpired, licenseExpiring } from './license-events';

export interface LicenseScheduleParts {
  readonly unitOfWork: UnitOfWork;
  readonly seats: SeatStore;
  readonly licenses: LicenseStore;
  readonly outbox: Outbox;
  /** How long before its end it is told that a licence will expire, in milliseconds. */
  readonly expiringAheadMs: number;
}

/** Rows taken at once: a full batch means that there may be more. */
const BATCH = 500;

/**
 * What time brings to licences and seats: assignments that nobody answers are asked again and given up, licences end and
 * are announced to. All of it stands in rows with a due time in business time; any replica takes what no other holds.
 */
export class LicenseSchedule {
  constructor(private readonly parts: LicenseScheduleParts) {}

  /** Does what is due, one batch of each; resolves to whether there may be more. */
  async work(): Promise<boolean> {
    const { unitOfWork, seats, outbox, expiringAheadMs } = this.parts;
    return unitOfWork.run(WORKER, async (tx) => {
      const expired = await seats.expireDue(tx, BATCH);
      const expiring = await seats.tellExpiring(tx, expiringAheadMs, BATCH);
      const silent = await seats.dueAssignments(tx, BATCH);
      await outbox.append(tx, [...expired.map(licenseExpired), ...expiring.map(licenseExpiring), ...await this.follow(tx, silent)]);
      return [expired, expiring, silent].some((batch) => batch.length === BATCH);
    }, { commit: 'license.schedule' });
  }

  private async follow(tx: Tx, silent: readonly SilentAssignment[]) {
    const { seats, licenses } = this.parts;
    const due = silent.map((seat) => ({ seat, ask: dueAsk(seat.assignedAt, tx.now) }));
    const asked = due.flatMap(({ seat, ask }) => (ask.kind === 'ask' ? [{ seat, nextAt: ask.nextAt }] : []));
    await seats.asked(tx, asked.map(({ seat, nextAt }) => ({ seatId: seat.seatId, nextAt })));
    const attempts = [...new Set(asked.map(({ seat }) => seat.asked + 1))];
    const requested = attempts.flatMap((attempt) => enrollmentRequested(asked.filter(({ seat }) => seat.asked + 1 === attempt).map(({ seat }) => seat), attempt));
    const givenUp = due.filter(({ ask }) => ask.kind === 'give-up').map(({ seat: { seatId, learnerId, assignmentId } }) => ({ seatId, learnerId, assignmentId, enrollmentId: null }));
    const rejected = givenUp.length > 0 ? await licenses.reject(tx, givenUp) : [];
    return [...requested, ...rejected.map((seat) => seatRejected(seat, 'NO_ANSWER'))];
  }
}
