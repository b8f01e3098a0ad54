import type { PackageFormat } from '../listing/listing';
import type { AssignmentId, CourseId, CourseVersionId, LicenseId, ListingId, OrderId, OrderLineId, SeatId, TenantId, UserId } from '../ids';
import type { PlanTerms } from '../pricing/plan';

export const LICENSE_STATES = ['ACTIVE', 'GRACE', 'SUSPENDED', 'EXPIRED', 'REVOKED'] as const;
export type LicenseState = (typeof LICENSE_STATES)[number];
export const LICENSE_SOURCES = ['PURCHASE', 'SUBSCRIPTION', 'GRANT'] as const;
export type LicenseSource = (typeof LICENSE_SOURCES)[number];
export const SEAT_STATES = ['AVAILABLE', 'ASSIGNED', 'ENROLLED', 'CONSUMED', 'REVOKED'] as const;
export type SeatState = (typeof SEAT_STATES)[number];

/** The durable artefact of a purchase: who may use which course version, until when, with how many seats. */
export interface License {
  readonly id: LicenseId;
  readonly orderId: OrderId | null;
  readonly orderLineId: OrderLineId | null;
  readonly tenantId: TenantId;
  readonly buyerId: UserId | null;
  readonly listingId: ListingId;
  readonly terms: PlanTerms;
  readonly courseId: CourseId;
  readonly courseVersionId: CourseVersionId;
  readonly playPackageId: string;
  readonly packageFormat: PackageFormat;
  readonly source: LicenseSource;
  readonly state: LicenseState;
  readonly stateReason: string | null;
  readonly perpetualOffline: boolean;
  readonly validFrom: Date;
  readonly validUntil: Date | null;
  /** Null: unlimited. */
  readonly seatsTotal: number | null;
}

export interface Seat {
  readonly id: SeatId;
  readonly licenseId: LicenseId;
  readonly state: SeatState;
  readonly assignmentId: AssignmentId | null;
  readonly learnerId: UserId | null;
  readonly enrollmentId: string | null;
  readonly assignedAt: Date | null;
  readonly consumedAt: Date | null;
}

export interface SeatUsage {
  readonly total: number | null;
  readonly available: number | null;
  readonly assigned: number;
  readonly enrolled: number;
  readonly consumed: number;
  readonly reassignmentsLeft: number | null;
}
