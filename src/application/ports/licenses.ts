import type { AssignmentId, CourseId, CourseVersionId, LicenseId, OrderId, SeatId, TenantId, UserId } from '../../domain/ids';
import type { License, LicenseState, Seat } from '../../domain/license/license';
import type { Tx } from './unit-of-work';

/** A seat together with what its events say of its licence. */
export interface SeatOfLicense {
  readonly seatId: SeatId;
  readonly licenseId: LicenseId;
  readonly orderId: OrderId | null;
  readonly tenantId: TenantId;
  readonly assignmentId: AssignmentId;
  readonly learnerId: UserId;
  readonly enrollmentId: string | null;
  readonly courseId: CourseId;
  readonly courseVersionId: CourseVersionId;
  readonly playPackageId: string;
  /** Assigned with the order, whose saga may still be waiting for it. */
  readonly atPurchase: boolean;
}

export interface RevokedSeat {
  readonly seatId: SeatId;
  readonly assignmentId: AssignmentId | null;
  readonly learnerId: UserId | null;
  readonly enrollmentId: string | null;
}

/** What enrollment-service says of one assignment. */
export interface EnrollmentWord {
  readonly seatId: SeatId;
  readonly learnerId: UserId;
  readonly assignmentId: AssignmentId | null;
  readonly enrollmentId: string | null;
}

/** An assignment that has ended, about which the neighbour still speaks. */
export interface FormerAssignment extends SeatOfLicense {
  readonly endedAs: 'RELEASED' | 'REJECTED' | 'REVOKED';
  readonly licenseState: LicenseState;
}

export interface LicenseStore {
  issue(tx: Tx, licenses: readonly License[], seats: readonly (Seat & { readonly atPurchase: boolean })[]): Promise<void>;
  /** Takes the order's revoked licences off its lines, so that the lines can have new ones. */
  detachRevoked(tx: Tx, orderId: OrderId): Promise<void>;
  /** Revokes the order's licences with all their seats. */
  revokeOfOrder(tx: Tx, orderId: OrderId, reason: string): Promise<readonly { readonly license: License; readonly seats: readonly RevokedSeat[] }[]>;
  idsOfOrder(tx: Tx, orderId: OrderId): Promise<readonly LicenseId[]>;
  /** Seats assigned at purchase that nobody has answered for. */
  silentSeats(tx: Tx, orderId: OrderId): Promise<readonly SeatOfLicense[]>;
  /** Whose orders the seats belong to, so that their sagas can be locked first. */
  ordersOfSeats(tx: Tx, seatIds: readonly SeatId[]): Promise<readonly OrderId[]>;
  /** ASSIGNED → ENROLLED where the assignment is the seat's present one; answers with the seats that changed. */
  enroll(tx: Tx, words: readonly EnrollmentWord[]): Promise<readonly SeatOfLicense[]>;
  /** ASSIGNED or ENROLLED → CONSUMED likewise; answers with the seats that changed and the state they came from. */
  consume(tx: Tx, words: readonly (EnrollmentWord & { readonly startedAt: Date })[]): Promise<readonly (SeatOfLicense & { readonly from: 'ASSIGNED' | 'ENROLLED' })[]>;
  /** ASSIGNED → AVAILABLE likewise, the claim on the course with it; answers with the seats that changed, as they were. */
  reject(tx: Tx, words: readonly EnrollmentWord[]): Promise<readonly SeatOfLicense[]>;
  /** Records late enrollment ids on ended assignments and answers with those, to be told again. */
  lateWords(tx: Tx, words: readonly EnrollmentWord[]): Promise<readonly FormerAssignment[]>;
}
