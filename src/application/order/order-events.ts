import type { License } from '../../domain/license/license';
import type { Money } from '../../domain/money';
import type { Order, OrderLine, OrderTransition } from '../../domain/order/order';
import type { NewEvent } from '../events/event-envelope';
import type { RevokedSeat, SeatOfLicense } from '../ports/licenses';

/** Lists in events hold at most this many entries; what is over goes in further events. */
export const MAX_EVENT_ENTRIES = 1_000;

export function amountOf({ amountMinor, currency }: Money) {
  return { amountMinor: amountMinor.toString(), currency };
}

export function orderPlaced(order: Order, lines: readonly OrderLine[]): NewEvent {
  return {
    type: 'marketplace.order.placed.v1', subject: order.id, tenantId: order.tenantId,
    data: {
      orderId: order.id, number: order.number, tenantId: order.tenantId, buyerId: buyerOf(order), source: order.source, currency: order.currency,
      subtotal: amountOf(order.subtotal), discount: amountOf(order.discount), total: amountOf(order.total),
      ...(order.couponCode === null ? {} : { couponCode: order.couponCode }),
      ...(order.storefrontId === null ? {} : { storefrontId: order.storefrontId }),
      lines: lines.map((line) => ({
        lineId: line.id, listingId: line.listingId, planId: line.planId, planRevision: line.planRevision, courseId: line.courseId,
        courseVersionId: line.courseVersionId, providerTenantId: line.providerTenantId, quantity: line.quantity,
        unitPrice: amountOf(line.unitPrice), total: amountOf(line.total),
      })),
    },
  };
}

export function statusChanged(tenantId: string, { orderId, version, from, to, step, at }: OrderTransition): NewEvent {
  return {
    type: 'marketplace.order.status_changed.v1', subject: orderId, tenantId,
    data: { orderId, tenantId, version, ...(from ? { from } : {}), to, step, at: at.toISOString() },
  };
}

/** `license.granted` with the seats assigned at once, in as many events as the assignments need. */
export function licenseGranted(license: License, assigned: readonly { readonly assignmentId: string; readonly seatId: string; readonly learnerId: string }[]): NewEvent[] {
  const { id, orderId, tenantId, courseId, courseVersionId, packageFormat, playPackageId, source, perpetualOffline, validFrom, validUntil, seatsTotal } = license;
  return chunks(assigned).map((assignments) => ({
    type: 'marketplace.license.granted.v1', subject: id, tenantId,
    data: {
      licenseId: id, ...(orderId ? { orderId } : {}), tenantId, courseId, courseVersionId, packageFormat, playPackageId, source, perpetualOffline,
      validFrom: validFrom.toISOString(), ...(validUntil ? { validUntil: validUntil.toISOString() } : {}), ...(seatsTotal === null ? {} : { seatsTotal }), assignments,
    },
  }));
}

export function licenseRevoked(license: License, seats: readonly RevokedSeat[]): NewEvent[] {
  return chunks(seats).map((revoked) => ({
    type: 'marketplace.license.revoked.v1', subject: license.id, tenantId: license.tenantId,
    data: {
      licenseId: license.id, tenantId: license.tenantId, courseId: license.courseId, state: 'REVOKED',
      ...(license.stateReason ? { reason: license.stateReason } : {}), revokedSeats: revoked.map(revokedSeat),
    },
  }));
}

/** Some seats of a licence that stays. Where there are none, nothing has happened to it. */
export function seatsRevoked(license: License, seats: readonly RevokedSeat[], reason: string): NewEvent[] {
  const { id, tenantId, courseId, state } = license;
  return seats.length === 0 ? [] : chunks(seats).map((revoked) => ({
    type: 'marketplace.license.seats_revoked.v1', subject: id, tenantId,
    data: { licenseId: id, tenantId, courseId, state, reason, revokedSeats: revoked.map(revokedSeat) },
  }));
}

export function revokedSeat({ seatId, assignmentId, learnerId, enrollmentId }: RevokedSeat) {
  return { seatId, ...(assignmentId ? { assignmentId } : {}), ...(learnerId ? { learnerId } : {}), ...(enrollmentId ? { enrollmentId } : {}) };
}

export function enrollmentRequested(seats: readonly SeatOfLicense[], attempt: number): NewEvent[] {
  const licenses = new Map(seats.map(({ licenseId, tenantId }) => [licenseId, tenantId]));
  return [...licenses].flatMap(([licenseId, tenantId]) => chunks(seats.filter((seat) => seat.licenseId === licenseId)).map((some): NewEvent => ({
    type: 'marketplace.enrollment.requested.v1', subject: licenseId, tenantId,
    data: { licenseId, attempt, assignments: some.map(({ assignmentId, seatId, learnerId }) => ({ assignmentId, seatId, learnerId })) },
  })));
}

export function seatRejected(seat: SeatOfLicense, code?: string): NewEvent {
  return { type: 'marketplace.seat.rejected.v1', subject: seat.seatId, tenantId: seat.tenantId, data: { ...seatData(seat), ...(code ? { code } : {}) } };
}

export function seatReleased(seat: SeatOfLicense): NewEvent {
  return { type: 'marketplace.seat.released.v1', subject: seat.seatId, tenantId: seat.tenantId, data: seatData(seat) };
}

function seatData({ assignmentId, seatId, licenseId, tenantId, learnerId, courseId, courseVersionId, playPackageId, enrollmentId }: SeatOfLicense) {
  return { assignmentId, seatId, licenseId, tenantId, learnerId, courseId, courseVersionId, playPackageId, ...(enrollmentId ? { enrollmentId } : {}) };
}

/** The buyer as events name them; after erasure the tenant stands in, since the field is not optional. */
export function buyerOf(order: Order): string {
  return order.buyerId ?? order.tenantId;
}

/** At least one chunk, so that an empty list is still told. */
export function chunks<T>(items: readonly T[]): T[][] {
  const all: T[][] = [];
  for (let start = 0; start === 0 || start < items.length; start += MAX_EVENT_ENTRIES) all.push(items.slice(start, start + MAX_EVENT_ENTRIES));
  return all;
}
