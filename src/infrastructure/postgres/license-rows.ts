import type { AssignmentId, CourseId, CourseVersionId, LicenseId, ListingId, OrderId, OrderLineId, SeatId, TenantId, UserId } from '../../domain/ids';
import type { License, LicenseSource, LicenseState, Seat, SeatState } from '../../domain/license/license';
import type { PackageFormat } from '../../domain/listing/listing';
import type { PlanTerms } from '../../domain/pricing/plan';
import { termsOf } from './terms';

export interface LicenseRow {
  id: LicenseId; order_id: OrderId | null; order_line_id: OrderLineId | null; tenant_id: TenantId; buyer_id: UserId | null; listing_id: ListingId;
  terms: PlanTerms; course_id: CourseId; course_version_id: CourseVersionId; play_package_id: string; package_format: PackageFormat; source: LicenseSource;
  state: LicenseState; state_reason: string | null; perpetual_offline: boolean; valid_from: Date; valid_until: Date | null; seats_total: number | null;
}

export const LICENSE_COLUMNS = `id, order_id, order_line_id, tenant_id, buyer_id, listing_id, terms, course_id, course_version_id, play_package_id, package_format,
  source, state, state_reason, perpetual_offline, valid_from, valid_until, seats_total`;

export function licenseOf(row: LicenseRow): License {
  return {
    id: row.id, orderId: row.order_id, orderLineId: row.order_line_id, tenantId: row.tenant_id, buyerId: row.buyer_id, listingId: row.listing_id,
    terms: termsOf(row.terms), courseId: row.course_id, courseVersionId: row.course_version_id, playPackageId: row.play_package_id, packageFormat: row.package_format,
    source: row.source, state: row.state, stateReason: row.state_reason, perpetualOffline: row.perpetual_offline,
    validFrom: row.valid_from, validUntil: row.valid_until, seatsTotal: row.seats_total,
  };
}

export interface SeatRow {
  id: SeatId; license_id: LicenseId; state: SeatState; assignment_id: AssignmentId | null; learner_id: UserId | null; enrollment_id: string | null;
  assigned_at: Date | null; consumed_at: Date | null;
}

export const SEAT_COLUMNS = 'id, license_id, state, assignment_id, learner_id, enrollment_id, assigned_at, consumed_at';

export function seatOf(row: SeatRow): Seat {
  return {
    id: row.id, licenseId: row.license_id, state: row.state, assignmentId: row.assignment_id, learnerId: row.learner_id,
    enrollmentId: row.enrollment_id, assignedAt: row.assigned_at, consumedAt: row.consumed_at,
  };
}
