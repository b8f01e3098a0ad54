import type { CourseId, LicenseId, OrderId, SeatId, UserId } from '../../domain/ids';
import type { License, Seat, SeatUsage } from '../../domain/license/license';
import { reassignmentsLeft } from '../../domain/license/seat-changes';
import type { PageRequest } from '../../application/ports/page';
import type { LicenseFilter, LicenseReader, SeatFilter } from '../../application/ports/readers';
import type { Tx } from '../../application/ports/unit-of-work';
import { Conditions, countRows, readPage } from './keyset';
import { LICENSE_COLUMNS, licenseOf, SEAT_COLUMNS, seatOf } from './license-rows';
import type { LicenseRow, SeatRow } from './license-rows';
import { AMONG_IDS } from './rows';
import { inside } from './transaction';

const LICENSE = 'marketplace.license';
const SEAT = 'marketplace.seat';

const USAGE = `select l.id, l.seats_total, (l.terms ->> 'seatReassignmentLimit')::integer as reassignment_limit, l.reassignments,
    count(s.id) filter (where s.state = 'AVAILABLE')::integer as available, count(s.id) filter (where s.state = 'ASSIGNED')::integer as assigned,
    count(s.id) filter (where s.state = 'ENROLLED')::integer as enrolled, count(s.id) filter (where s.state = 'CONSUMED')::integer as consumed
  from ${LICENSE} l left join ${SEAT} s on s.license_id = l.id where l.id = ${AMONG_IDS} group by l.id`;

interface UsageRow { id: LicenseId; seats_total: number | null; reassignment_limit: number | null; reassignments: number; available: number; assigned: number; enrolled: number; consumed: number }

/** Licences and seats for the graph; each method is one statement, row level security decides what is there. */
export class PostgresLicenseReader implements LicenseReader {
  async byIds(tx: Tx, ids: readonly LicenseId[]): Promise<License[]> {
    return (await inside(tx).prepared<LicenseRow>('licenses-by-ids', `select ${LICENSE_COLUMNS} from ${LICENSE} where id = ${AMONG_IDS}`, [ids])).map(licenseOf);
  }

  async ofOrders(tx: Tx, ids: readonly OrderId[]): Promise<License[]> {
    return (await inside(tx).prepared<LicenseRow>('licenses-of-orders', `select ${LICENSE_COLUMNS} from ${LICENSE} where order_id = ${AMONG_IDS} order by id`, [ids])).map(licenseOf);
  }

  page(tx: Tx, filter: LicenseFilter, page: PageRequest) {
    return readPage(tx, {
      columns: LICENSE_COLUMNS, from: LICENSE, conditions: licenseConditions(filter), key: { column: 'valid_from', type: 'timestamptz', direction: 'desc' },
      nodeOf: (row: LicenseRow) => licenseOf(row), keyOf: (license) => ({ key: license.validFrom.toISOString(), id: license.id }),
    }, page);
  }

  count(tx: Tx, filter: LicenseFilter): Promise<number> {
    return countRows(tx, LICENSE, licenseConditions(filter));
  }

  async usage(tx: Tx, ids: readonly LicenseId[]): Promise<Map<LicenseId, SeatUsage>> {
    const rows = await inside(tx).prepared<UsageRow>('seat-usage', USAGE, [ids]);
    return new Map(rows.map((row) => [row.id, {
      total: row.seats_total, available: row.seats_total === null ? null : row.available, assigned: row.assigned, enrolled: row.enrolled,
      consumed: row.consumed, reassignmentsLeft: reassignmentsLeft({ reassignments: row.reassignments, reassignmentLimit: row.reassignment_limit }),
    }]));
  }

  async seatsByIds(tx: Tx, ids: readonly SeatId[]): Promise<Seat[]> {
    return (await inside(tx).prepared<SeatRow>('seats-by-ids', `select ${SEAT_COLUMNS} from ${SEAT} where id = ${AMONG_IDS}`, [ids])).map(seatOf);
  }

  seatPage(tx: Tx, licenseId: LicenseId, filter: SeatFilter, page: PageRequest) {
    return readPage(tx, {
      columns: SEAT_COLUMNS, from: SEAT, conditions: seatConditions(licenseId, filter), key: { column: 'id', type: 'uuid', direction: 'asc' },
      nodeOf: (row: SeatRow) => seatOf(row), keyOf: (seat) => ({ key: seat.id, id: seat.id }),
    }, page);
  }

  seatCount(tx: Tx, licenseId: LicenseId, filter: SeatFilter): Promise<number> {
    return countRows(tx, SEAT, seatConditions(licenseId, filter));
  }

  async activeOfLearner(tx: Tx, learnerId: UserId, ids: readonly CourseId[]): Promise<Map<CourseId, License>> {
    const rows = await inside(tx).prepared<LicenseRow>('licenses-of-learner', `select distinct on (course_id) ${LICENSE_COLUMNS} from ${LICENSE} l
      where course_id = any ($2::uuid[]) and ((source = 'SUBSCRIPTION' and state in ('ACTIVE', 'GRACE')) or (state = 'ACTIVE' and source <> 'SUBSCRIPTION' and (valid_until is null or valid_until > marketplace.clock())))
        and exists (select 1 from ${SEAT} s where s.license_id = l.id and s.learner_id = $1 and s.state in ('ASSIGNED', 'ENROLLED', 'CONSUMED'))
      order by course_id, valid_from desc`, [learnerId, ids]);
    return new Map(rows.map((row) => [row.course_id, licenseOf(row)]));
  }
}

function licenseConditions({ states, courseId, learnerId }: LicenseFilter): Conditions {
  return new Conditions()
    .where(states, (p) => `state = any (${p}::text[])`)
    .where(courseId, (p) => `course_id = ${p}::uuid`)
    .where(learnerId, (p) => `exists (select 1 from ${SEAT} s where s.license_id = license.id and s.learner_id = ${p}::uuid and s.state <> 'REVOKED')`);
}

function seatConditions(licenseId: LicenseId, { states, learnerId }: SeatFilter): Conditions {
  return new Conditions()
    .where(licenseId, (p) => `license_id = ${p}::uuid`)
    .where(states, (p) => `state = any (${p}::text[])`)
    .where(learnerId, (p) => `learner_id = ${p}::uuid`);
}
