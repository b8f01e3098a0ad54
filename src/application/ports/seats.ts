import type { AssignmentId, LicenseId, PricingPlanId, SeatId, UserId } from '../../domain/ids';
import type { License, Seat, SeatState } from '../../domain/license/license';
import type { LicenseForSeats } from '../../domain/license/seat-changes';
import type { RevokedSeat, SeatOfLicense } from './licenses';
import type { Tx } from './unit-of-work';

/** A licence with what decides about its seats. */
export interface LockedLicense {
  readonly license: License;
  readonly rules: LicenseForSeats;
}

/** shared: beside others who assign; alone: after all of them have come to their end. */
export type LicenseLock = 'shared' | 'alone';

export interface NewAssignment {
  readonly seatId: SeatId;
  readonly assignmentId: AssignmentId;
  readonly learnerId: UserId;
}

export interface SilentAssignment extends SeatOfLicense {
  readonly assignedAt: Date;
  /** How often it was asked again. */
  readonly asked: number;
}

/** A seat as it stands under its lock. */
export interface LockedSeat {
  readonly id: SeatId;
  readonly licenseId: LicenseId;
  readonly state: SeatState;
  /** An open refund takes it back. */
  readonly frozen: boolean;
}

/** Seats that change hands after the purchase, and licences that end or are given by hand. In the caller's name where there is one. */
export interface SeatStore {
  /** Locks licences by ascending id; those that the caller may not change are left out. */
  lockLicenses(tx: Tx, ids: readonly LicenseId[], lock: LicenseLock): Promise<readonly LockedLicense[]>;
  licensesOfSeats(tx: Tx, seatIds: readonly SeatId[]): Promise<readonly LicenseId[]>;
  /** Locks up to `count` free seats. Under a shared lock it passes over seats that others hold, alone it waits for them. */
  takeFree(tx: Tx, licenseId: LicenseId, count: number, lock: LicenseLock): Promise<readonly SeatId[]>;
  /** Claims the licence's course for the learners; answers with those who have one, and whether by a seat of this licence. */
  claim(tx: Tx, license: License, learnerIds: readonly UserId[]): Promise<readonly { readonly learnerId: UserId; readonly bySeatHere: boolean }[]>;
  /** AVAILABLE → ASSIGNED for seats that were taken; `made` are new seats of a licence without a limit. */
  assign(tx: Tx, license: License, taken: readonly NewAssignment[], made: readonly NewAssignment[], firstAskAt: Date): void;
  /** Locks seats by ascending id, with their present state. */
  lockSeats(tx: Tx, seatIds: readonly SeatId[]): Promise<readonly LockedSeat[]>;
  /** ASSIGNED, ENROLLED or CONSUMED → AVAILABLE; counts those that were started and frees the claims. Answers with the seats as they were. */
  release(tx: Tx, seatIds: readonly SeatId[]): Promise<readonly SeatOfLicense[]>;
  grant(tx: Tx, license: License, seats: readonly Seat[], plan: { readonly id: PricingPlanId; readonly revision: number }): Promise<void>;
  /** Revokes one licence with all its seats and claims; answers with the seats as they were. */
  revoke(tx: Tx, licenseId: LicenseId, reason: string): Promise<readonly RevokedSeat[]>;
  /** Assignments about which something is due by business time, locked; another replica passes them over. */
  dueAssignments(tx: Tx, limit: number): Promise<readonly SilentAssignment[]>;
  asked(tx: Tx, seats: readonly { readonly seatId: SeatId; readonly nextAt: Date }[]): Promise<void>;
  /** ACTIVE → EXPIRED for licences whose validity has ended, their claims freed. Subscriptions end theirs themselves. */
  expireDue(tx: Tx, limit: number): Promise<readonly License[]>;
  /** Licences that end within the time ahead and of which it was not told before; now it was. */
  tellExpiring(tx: Tx, aheadMs: number, limit: number): Promise<readonly License[]>;
}
