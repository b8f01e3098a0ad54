import type { License } from '../../domain/license/license';
import type { NewEvent } from '../events/event-envelope';
import type { NewAssignment } from '../ports/seats';

export function seatAssigned(license: License, { assignmentId, seatId, learnerId }: NewAssignment): NewEvent {
  const { id: licenseId, tenantId, courseId, courseVersionId, playPackageId } = license;
  return {
    type: 'marketplace.seat.assigned.v1', subject: seatId, tenantId,
    data: { assignmentId, seatId, licenseId, tenantId, learnerId, courseId, courseVersionId, playPackageId },
  };
}

export function licenseExpired(license: License): NewEvent {
  return { type: 'marketplace.license.expired.v1', subject: license.id, tenantId: license.tenantId, data: licenseChange(license) };
}

export function licenseExpiring(license: License): NewEvent {
  return { type: 'marketplace.license.expiring.v1', subject: license.id, tenantId: license.tenantId, data: licenseChange(license) };
}

function licenseChange({ id, tenantId, courseId, state, validUntil }: License) {
  return { licenseId: id, tenantId, courseId, state, ...(validUntil ? { validUntil: validUntil.toISOString() } : {}), revokedSeats: [] };
}
