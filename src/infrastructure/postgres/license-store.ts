import type { LicenseId, OrderId, SeatId } from '../../domain/ids';
import type { License, Seat } from '../../domain/license/license';
import type { EnrollmentWord, FormerAssignment, LicenseStore, RevokedSeat, SeatOfLicense } from '../../application/ports/licenses';
import type { Tx } from '../../application/ports/unit-of-work';
import { LICENSE_COLUMNS, licenseOf } from './license-rows';
import type { LicenseRow } from './license-rows';
import { inside } from './transaction';

const ISSUE = `with issued as (
    insert into marketplace.license (id, order_id, order_line_id, tenant_id, buyer_id, listing_id, plan_id, plan_revision, terms, course_id, course_version_id,
      play_package_id, package_format, source, state, perpetual_offline, valid_from, valid_until, seats_total)
    select l.id, l.order_id, l.order_line_id, l.tenant_id, l.buyer_id, l.listing_id, ol.plan_id, ol.plan_revision, l.terms, l.course_id, l.course_version_id,
      l.play_package_id, l.package_format, l.source, l.state, l.perpetual_offline, l.valid_from, l.valid_until, l.seats_total
    from jsonb_to_recordset($1::jsonb) as l (id uuid, order_id uuid, order_line_id uuid, tenant_id uuid, buyer_id uuid, listing_id uuid, terms jsonb, course_id uuid,
      course_version_id uuid, play_package_id text, package_format text, source text, state text, perpetual_offline boolean, valid_from timestamptz,
      valid_until timestamptz, seats_total integer)
    join marketplace.order_line ol on ol.id = l.order_line_id
    returning id, order_id, tenant_id, buyer_id)
  insert into marketplace.seat (id, license_id, order_id, tenant_id, buyer_id, state, assignment_id, learner_id, at_purchase, assigned_at)
  select s.id, issued.id, issued.order_id, issued.tenant_id, issued.buyer_id, s.state, s.assignment_id, s.learner_id, s.at_purchase, s.assigned_at
  from jsonb_to_recordset($2::jsonb) as s (id uuid, license_id uuid, state text, assignment_id uuid, learner_id uuid, at_purchase boolean, assigned_at timestamptz)
  join issued on issued.id = s.license_id`;

const WORDS = `word as (select * from jsonb_to_recordset($1::jsonb) as w (seat_id uuid, learner_id uuid, assignment_id uuid, enrollment_id text, at timestamptz))`;

/** The words that are about a seat's present assignment, their seats locked by ascending id. */
const aboutPresent = (states: string): string => `${WORDS},
  present as (
    select s.id, s.license_id, s.tenant_id, s.buyer_id, s.assignment_id, s.learner_id, s.at_purchase, s.state, s.frozen_by, w.enrollment_id as said_enrollment, w.at,
      coalesce(w.enrollment_id, s.enrollment_id) as enrollment_id
    from marketplace.seat s join word w on w.seat_id = s.id and w.learner_id = s.learner_id and coalesce(w.assignment_id, s.assignment_id) = s.assignment_id
    where s.state in (${states}) order by s.id for update of s)`;

export const SEAT_OF_LICENSE = `seat.id as "seatId", l.id as "licenseId", l.order_id as "orderId", l.tenant_id as "tenantId", seat.assignment_id as "assignmentId",
  seat.learner_id as "learnerId", seat.enrollment_id as "enrollmentId", l.course_id as "courseId", l.course_version_id as "courseVersionId",
  l.play_package_id as "playPackageId", seat.at_purchase as "atPurchase"`;

const ENROLL = `with ${aboutPresent(`'ASSIGNED'`)},
  seat as (update marketplace.seat s set state = 'ENROLLED', enrollment_id = p.said_enrollment from present p where s.id = p.id returning s.*)
  select ${SEAT_OF_LICENSE} from seat join marketplace.license l on l.id = seat.license_id order by seat.id`;

/* A start that meets an open refund of the seat is only recorded: it counts if the refund fails. */
const CONSUME = `with ${aboutPresent(`'ASSIGNED', 'ENROLLED'`)},
  recorded as (
    update marketplace.refund_seat rs set started_at = p.at, enrollment_id = p.enrollment_id from present p where rs.refund_id = p.frozen_by and rs.seat_id = p.id),
  seat as (update marketplace.seat s set state = 'CONSUMED', enrollment_id = p.enrollment_id, consumed_at = p.at from present p where s.id = p.id and p.frozen_by is null returning s.*, p.state as was)
  select ${SEAT_OF_LICENSE}, seat.was as "from" from seat join marketplace.license l on l.id = seat.license_id order by seat.id`;

const REJECT = `with ${aboutPresent(`'ASSIGNED'`)},
  freed as (
    update marketplace.seat s set state = 'AVAILABLE', assignment_id = null, learner_id = null, assigned_at = null, at_purchase = false
    from present p where s.id = p.id returning s.id),
  ended as (
    insert into marketplace.former_assignment (assignment_id, seat_id, license_id, tenant_id, buyer_id, learner_id, ended_as, ended_at)
    select assignment_id, id, license_id, tenant_id, buyer_id, learner_id, 'REJECTED', $2 from present),
  unclaimed as (
    delete from marketplace.course_claim c using present p join marketplace.license l on l.id = p.license_id
    where (c.tenant_id, c.learner_id, c.course_id) = (p.tenant_id, p.learner_id, l.course_id) and (c.order_id = l.order_id or c.license_id = l.id))
  select ${SEAT_OF_LICENSE} from present seat join freed on freed.id = seat.id join marketplace.license l on l.id = seat.license_id order by seat.id`;

/* By the assignment where it is named: its learner may have been forgotten meanwhile. */
const LATE = `with ${WORDS},
  told as (
    update marketplace.former_assignment f set enrollment_id = w.enrollment_id
    from word w where w.seat_id = f.seat_id and case when w.assignment_id is null then w.learner_id = f.learner_id else w.assignment_id = f.assignment_id end
    returning f.*)
  select told.seat_id as "seatId", l.id as "licenseId", l.order_id as "orderId", l.tenant_id as "tenantId", told.assignment_id as "assignmentId",
    told.learner_id as "learnerId", told.enrollment_id as "enrollmentId", l.course_id as "courseId", l.course_version_id as "courseVersionId",
    l.play_package_id as "playPackageId", false as "atPurchase", told.ended_as as "endedAs", l.state as "licenseState"
  from told join marketplace.license l on l.id = told.license_id order by told.seat_id`;

const REVOKE_LICENSES = `update marketplace.license set state = 'REVOKED', state_reason = $2 where order_id = $1 and state <> 'REVOKED' returning ${LICENSE_COLUMNS}`;
export const REVOKE_SEATS = `with seat as (select * from marketplace.seat where license_id = any ($1::uuid[]) and state <> 'REVOKED' order by id for update),
  revoked as (update marketplace.seat s set state = 'REVOKED' from seat where s.id = seat.id returning s.id),
  ended as (
    insert into marketplace.former_assignment (assignment_id, seat_id, license_id, tenant_id, buyer_id, learner_id, enrollment_id, ended_as, ended_at)
    select assignment_id, id, license_id, tenant_id, buyer_id, learner_id, enrollment_id, 'REVOKED', $2 from seat where assignment_id is not null)
  select seat.license_id as "licenseId", seat.id as "seatId", seat.assignment_id as "assignmentId", seat.learner_id as "learnerId", seat.enrollment_id as "enrollmentId"
  from seat join revoked using (id) order by seat.id`;

/** Licences and seats in PostgreSQL; every change of many seats is one statement. */
export class PostgresLicenseStore implements LicenseStore {
  async issue(tx: Tx, licenses: readonly License[], seats: readonly (Seat & { readonly atPurchase: boolean })[]): Promise<void> {
    await inside(tx).prepared('license-issue', ISSUE, [JSON.stringify(licenses.map(licenseColumns)), JSON.stringify(seats.map(seatColumns))]);
  }

  async detachRevoked(tx: Tx, orderId: OrderId): Promise<void> {
    await inside(tx).query(`update marketplace.license set order_line_id = null where order_id = $1 and state = 'REVOKED'`, [orderId]);
  }

  async revokeOfOrder(tx: Tx, orderId: OrderId, reason: string) {
    const licenses = (await inside(tx).prepared<LicenseRow>('license-revoke', REVOKE_LICENSES, [orderId, reason])).map(licenseOf);
    if (licenses.length === 0) return [];
    const seats = await inside(tx).prepared<RevokedSeat & { licenseId: LicenseId }>('seat-revoke', REVOKE_SEATS, [licenses.map((license) => license.id), tx.now]);
    return licenses.map((license) => ({ license, seats: seats.filter((seat) => seat.licenseId === license.id) }));
  }

  async idsOfOrder(tx: Tx, orderId: OrderId): Promise<readonly LicenseId[]> {
    const rows = await inside(tx).prepared<{ id: LicenseId }>('license-ids-of-order', 'select id from marketplace.license where order_id = $1 order by id', [orderId]);
    return rows.map((row) => row.id);
  }

  async silentSeats(tx: Tx, orderId: OrderId): Promise<readonly SeatOfLicense[]> {
    return inside(tx).prepared<SeatOfLicense & object>('seat-silent', `select ${SEAT_OF_LICENSE} from marketplace.seat join marketplace.license l on l.id = seat.license_id
      where seat.order_id = $1 and seat.state = 'ASSIGNED' and seat.at_purchase order by seat.id`, [orderId]);
  }

  async ordersOfSeats(tx: Tx, seatIds: readonly SeatId[]): Promise<readonly OrderId[]> {
    const rows = await inside(tx).prepared<{ orderId: OrderId }>('orders-of-seats', `select distinct order_id as "orderId" from marketplace.seat
      where id = any ($1::uuid[]) and order_id is not null`, [seatIds]);
    return rows.map((row) => row.orderId);
  }

  async enroll(tx: Tx, words: readonly EnrollmentWord[]): Promise<readonly SeatOfLicense[]> {
    return inside(tx).prepared<SeatOfLicense & object>('seat-enroll', ENROLL, [wordRows(words)]);
  }

  async consume(tx: Tx, words: readonly (EnrollmentWord & { readonly startedAt: Date })[]) {
    return inside(tx).prepared<SeatOfLicense & { from: 'ASSIGNED' | 'ENROLLED' }>('seat-consume', CONSUME, [wordRows(words)]);
  }

  async reject(tx: Tx, words: readonly EnrollmentWord[]): Promise<readonly SeatOfLicense[]> {
    return inside(tx).prepared<SeatOfLicense & object>('seat-reject', REJECT, [wordRows(words), tx.now]);
  }

  async lateWords(tx: Tx, words: readonly EnrollmentWord[]): Promise<readonly FormerAssignment[]> {
    return inside(tx).prepared<FormerAssignment & object>('seat-late-words', LATE, [wordRows(words)]);
  }
}

function wordRows(words: readonly (EnrollmentWord & { readonly startedAt?: Date })[]): string {
  return JSON.stringify(words.map((word) => ({
    seat_id: word.seatId, learner_id: word.learnerId, assignment_id: word.assignmentId, enrollment_id: word.enrollmentId, at: word.startedAt,
  })));
}

function licenseColumns(license: License): object {
  return {
    id: license.id, order_id: license.orderId, order_line_id: license.orderLineId, tenant_id: license.tenantId, buyer_id: license.buyerId,
    listing_id: license.listingId, terms: license.terms, course_id: license.courseId, course_version_id: license.courseVersionId,
    play_package_id: license.playPackageId, package_format: license.packageFormat, source: license.source, state: license.state,
    perpetual_offline: license.perpetualOffline, valid_from: license.validFrom, valid_until: license.validUntil, seats_total: license.seatsTotal,
  };
}

function seatColumns(seat: Seat & { readonly atPurchase: boolean }): object {
  return {
    id: seat.id, license_id: seat.licenseId, state: seat.state, assignment_id: seat.assignmentId, learner_id: seat.learnerId,
    at_purchase: seat.atPurchase, assigned_at: seat.assignedAt,
  };
}
