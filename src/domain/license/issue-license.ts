import type { AssignmentId, LicenseId, SeatId, UserId } from '../ids';
import type { Order, OrderLine } from '../order/order';
import type { PlanTerms } from '../pricing/plan';
import { seatsOf } from '../pricing/quote';
import { firstPeriod } from '../subscription/periods';
import type { License, Seat } from './license';

const DAY_MS = 24 * 60 * 60 * 1_000;

export interface NewIds {
  next<Id extends string>(): Id;
}

export interface IssuedLicense {
  readonly license: License;
  readonly seats: readonly (Seat & { readonly atPurchase: boolean })[];
}

/**
 * The licence that a paid order line becomes: one line, one licence (domain-rules, "Plans"). A finite licence gets all
 * its seats at once, the first ones assigned to the learners named at purchase; a site licence only those.
 */
export function issueLicense(order: Order, line: OrderLine, now: Date, ids: NewIds): IssuedLicense {
  const seatsTotal = seatsOf(line.terms, line.quantity);
  const license: License = {
    id: ids.next<LicenseId>(), orderId: order.id, orderLineId: line.id, tenantId: order.tenantId, buyerId: order.buyerId, listingId: line.listingId,
    terms: line.terms, courseId: line.courseId, courseVersionId: line.courseVersionId, playPackageId: line.playPackageId, packageFormat: line.packageFormat,
    source: line.terms.kind === 'SUBSCRIPTION' ? 'SUBSCRIPTION' : 'PURCHASE', state: 'ACTIVE', stateReason: null, perpetualOffline: line.terms.perpetualOffline,
    validFrom: now, validUntil: validUntilOf(line.terms, now), seatsTotal,
  };
  const seats = Array.from({ length: seatsTotal ?? line.learnerIds.length }, (_, index) => newSeat(license.id, line.learnerIds[index], now, ids));
  return { license, seats };
}

function validUntilOf(terms: PlanTerms, now: Date): Date | null {
  if (terms.kind === 'SUBSCRIPTION') return firstPeriod(terms, now).endsAt;
  return terms.accessDays === null ? null : new Date(now.getTime() + terms.accessDays * DAY_MS);
}

function newSeat(licenseId: LicenseId, learnerId: UserId | undefined, now: Date, ids: NewIds): Seat & { readonly atPurchase: boolean } {
  const seat = { id: ids.next<SeatId>(), licenseId, enrollmentId: null, consumedAt: null };
  return learnerId
    ? { ...seat, state: 'ASSIGNED', assignmentId: ids.next<AssignmentId>(), learnerId, assignedAt: now, atPurchase: true }
    : { ...seat, state: 'AVAILABLE', assignmentId: null, learnerId: null, assignedAt: null, atPurchase: false };
}
