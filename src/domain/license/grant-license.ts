import type { LicenseId, SeatId, TenantId } from '../ids';
import type { CourseVersion, Listing } from '../listing/listing';
import type { PricingPlan } from '../pricing/plan';
import { MAX_SEATS_PER_LINE } from '../pricing/quote';
import { invalid } from '../problem';
import type { Problem } from '../problem';
import { checkReason } from '../text';
import type { NewIds } from './issue-license';
import type { License, Seat } from './license';

const DAY_MS = 24 * 60 * 60 * 1_000;

export interface Grant {
  readonly tenantId: TenantId;
  /** Null: as many as the plan includes. */
  readonly seats: number | null;
  /** Null: as the plan says. */
  readonly validUntil: Date | null;
  readonly reason: string;
}

export interface GrantedLicense {
  readonly license: License;
  readonly seats: readonly Seat[];
}

/** What is wrong with a grant, whatever it is for. */
export function checkGrant({ seats, validUntil, reason }: Grant, now: Date): Problem[] {
  const badReason = checkReason(['reason'], reason);
  return [
    ...(seats === null || (seats >= 1 && seats <= MAX_SEATS_PER_LINE) ? [] : [invalid(['seats'], `1 to ${MAX_SEATS_PER_LINE} seats are possible.`, { max: String(MAX_SEATS_PER_LINE) })]),
    ...(validUntil === null || validUntil > now ? [] : [invalid(['validUntil'], 'The licence would have ended before it begins.')]),
    ...(badReason ? [badReason] : []),
  ];
}

/** A licence that an operator gives, without an order: the plan's present terms, and nobody on its seats yet. */
export function grantLicense(grant: Grant, listing: Listing, plan: PricingPlan, version: Pick<CourseVersion, 'playPackageId' | 'packageFormat'>, now: Date, ids: NewIds): GrantedLicense | Problem {
  const { playPackageId, packageFormat } = version;
  if (playPackageId === null || packageFormat === null) {
    return { code: 'PLAY_PACKAGE_NOT_BUILT', message: 'The listing’s course version has no play package yet.', path: ['listingId'], params: {} };
  }
  const { terms } = plan;
  const seatsTotal = grant.seats ?? terms.seatsIncluded;
  const license: License = {
    id: ids.next<LicenseId>(), orderId: null, orderLineId: null, tenantId: grant.tenantId, buyerId: null, listingId: listing.id, terms,
    courseId: listing.courseId, courseVersionId: listing.courseVersionId, playPackageId, packageFormat, source: 'GRANT', state: 'ACTIVE',
    stateReason: grant.reason.trim(), perpetualOffline: terms.perpetualOffline, validFrom: now,
    validUntil: grant.validUntil ?? (terms.accessDays === null ? null : new Date(now.getTime() + terms.accessDays * DAY_MS)), seatsTotal,
  };
  const seats = Array.from({ length: seatsTotal ?? 0 }, (): Seat => ({
    id: ids.next<SeatId>(), licenseId: license.id, state: 'AVAILABLE', assignmentId: null, learnerId: null, enrollmentId: null, assignedAt: null, consumedAt: null,
  }));
  return { license, seats };
}
