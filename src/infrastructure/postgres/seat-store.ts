import type { LicenseId, PricingPlanId, SeatId, UserId } from '../../domain/ids';
import type { License, Seat } from '../../domain/license/license';
import type { RevokedSeat, SeatOfLicense } from '../../application/ports/licenses';
import type { LicenseLock, LockedLicense, LockedSeat, NewAssignment, SeatStore, SilentAssignment } from '../../application/ports/seats';
import type { Tx } from '../../application/ports/unit-of-work';
import { LICENSE_COLUMNS, licenseOf } from './license-rows';
import type { LicenseRow } from './license-rows';
import { REVOKE_SEATS, SEAT_OF_LICENSE } from './license-store';
import { inside } from './transaction';

const LOCK_LICENSES = `select ${LICENSE_COLUMNS}, reassignments, (terms ->> 'seatReassignmentLimit')::integer as reassignment_limit,
    order_id is null or exists (select 1 from marketplace.orders o where o.id = license.order_id and o.fulfilled_at is not null) as settled
  from marketplace.license where id = any ($1::uuid[]) order by id for`;
/*
 * Free seats of a licence stand in an order of chance, and each who takes some begins at another place of it and goes on from its
 * beginning. Were all to begin at the same seat, each would pass over what all others have in hand, and over the index entries of
 * what has been given away lately. (By its id, too, the planner would rather look through the seats of all licences.)
 */
const FREE = `license_id = $1 and state = 'AVAILABLE' and frozen_by is null`;
const TAKE_BESIDE_OTHERS = `with here as materialized (select (random() * 2147483647)::integer as place),
  ahead as (select id from marketplace.seat where ${FREE} and place >= (select place from here) order by place limit $2 for update skip locked),
  behind as (select id from marketplace.seat where ${FREE} and place < (select place from here) order by place
    limit (select $2 - count(*) from ahead) for update skip locked)
  select id from ahead union all select id from behind`;
const TAKE_ALONE = `select id from marketplace.seat where id = any (array(select id from marketplace.seat where ${FREE})) and ${FREE}
  order by id limit $2 for update`;

/* An order's own claims carry its id; what is claimed here carries the licence's too, so that each is freed by its own only. */
const CLAIM = `with claimed as (
    insert into marketplace.course_claim (tenant_id, learner_id, course_id, order_id, license_id, buyer_id)
    select $1, learner_id, $2, $3, $4, $5 from unnest($6::uuid[]) as w (learner_id) order by learner_id
    on conflict do nothing returning learner_id)
  select learner_id as "learnerId" from unnest($6::uuid[]) as w (learner_id) where learner_id not in (select learner_id from claimed)`;
const HELD_HERE = `select learner_id as "learnerId" from marketplace.seat
  where license_id = $1 and learner_id = any ($2::uuid[]) and state in ('ASSIGNED', 'ENROLLED', 'CONSUMED')`;

const NEW_ASSIGNMENTS = 'jsonb_to_recordset($1::jsonb) as a ("seatId" uuid, "assignmentId" uuid, "learnerId" uuid)';
const ASSIGN = `update marketplace.seat s set state = 'ASSIGNED', assignment_id = a."assignmentId", learner_id = a."learnerId", at_purchase = false,
    assigned_at = $2, ask_at = $3, asked = 0
  from ${NEW_ASSIGNMENTS} where s.id = a."seatId"`;
const MAKE = `insert into marketplace.seat (id, license_id, order_id, tenant_id, buyer_id, state, assignment_id, learner_id, assigned_at, ask_at)
  select a."seatId", l.id, l.order_id, l.tenant_id, l.buyer_id, 'ASSIGNED', a."assignmentId", a."learnerId", $2, $3
  from ${NEW_ASSIGNMENTS}, marketplace.license l where l.id = $4`;

const UNCLAIM = `delete from marketplace.course_claim c using marketplace.license l, held h
    where l.id = h.license_id and (c.tenant_id, c.learner_id, c.course_id) = (l.tenant_id, h.learner_id, l.course_id) and (c.order_id = l.order_id or c.license_id = l.id)`;
const RELEASE = `with held as (
    select * from marketplace.seat where id = any ($1::uuid[]) and state in ('ASSIGNED', 'ENROLLED', 'CONSUMED') order by id for update),
  freed as (
    update marketplace.seat s set state = 'AVAILABLE', assignment_id = null, learner_id = null, enrollment_id = null, assigned_at = null, at_purchase = false
    from held where s.id = held.id returning s.id),
  ended as (
    insert into marketplace.former_assignment (assignment_id, seat_id, license_id, tenant_id, buyer_id, learner_id, enrollment_id, ended_as, ended_at)
    select assignment_id, id, license_id, tenant_id, buyer_id, learner_id, enrollment_id, 'RELEASED', $2 from held),
  counted as (
    update marketplace.license l set reassignments = l.reassignments + started.count
    from (select license_id, count(*)::integer as count from held where state = 'CONSUMED' group by license_id) started where l.id = started.license_id),
  unclaimed as (${UNCLAIM})
  select ${SEAT_OF_LICENSE} from held seat join freed on freed.id = seat.id join marketplace.license l on l.id = seat.license_id order by seat.id`;

const GRANT = `with l as (
    insert into marketplace.license (id, tenant_id, listing_id, plan_id, plan_revision, terms, course_id, course_version_id, play_package_id, package_format,
      source, state, state_reason, perpetual_offline, valid_from, valid_until, seats_total)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'GRANT', 'ACTIVE', $11, $12, $13, $14, $15) returning id, tenant_id)
  insert into marketplace.seat (id, license_id, tenant_id, state) select s.id, l.id, l.tenant_id, 'AVAILABLE' from l, unnest($16::uuid[]) as s (id)`;

const REVOKE = `update marketplace.license set state = 'REVOKED', state_reason = $2 where id = $1`;
/* Every claim of the licence or of its order's line for this course. */
export const UNCLAIM_LICENSES = `delete from marketplace.course_claim c using marketplace.license l, marketplace.seat s
  where l.id = any ($1::uuid[]) and s.license_id = l.id and (c.tenant_id, c.learner_id, c.course_id) = (l.tenant_id, s.learner_id, l.course_id)
    and (c.order_id = l.order_id or c.license_id = l.id)`;

/* Due by the transaction's own time, by which it is then decided what comes next: the clock may have moved on meanwhile. */
const DUE = `select ${SEAT_OF_LICENSE}, seat.assigned_at as "assignedAt", seat.asked from marketplace.seat join marketplace.license l on l.id = seat.license_id
  where seat.ask_at <= $2 and seat.state = 'ASSIGNED' and seat.frozen_by is null order by seat.ask_at, seat.id limit $1 for update of seat skip locked`;
const ASKED = `update marketplace.seat s set asked = s.asked + 1, ask_at = a."nextAt"
  from jsonb_to_recordset($1::jsonb) as a ("seatId" uuid, "nextAt" timestamptz) where s.id = a."seatId"`;

/* While a subscription lives, only it expires its licence; one that was ended before its period's end leaves that to the calendar. */
const BY_CALENDAR = [
  `state = 'ACTIVE' and source <> 'SUBSCRIPTION' and valid_until is not null`,
  `state in ('ACTIVE', 'GRACE', 'SUSPENDED') and source = 'SUBSCRIPTION'
    and exists (select 1 from marketplace.subscription s where s.license_id = license.id and s.ended_at is not null)`,
];
/** The first of those that are due, locked by ascending id. Each kind by its own index, and as arrays: else the planner may read every licence there ever was. */
function lockedDue(due: string, limit: string): string {
  const first = BY_CALENDAR.map((kind) => `(select id from marketplace.license where ${kind} and ${due} order by valid_until limit ${limit})`);
  return `any (array(select id from marketplace.license where id = any (array(${first.join(' union all ')})) and (${BY_CALENDAR.join(' or ')}) and ${due}
    order by id for update skip locked))`;
}
const EXPIRE = `update marketplace.license set state = 'EXPIRED', state_reason = null
  where id = ${lockedDue('valid_until <= $2', '$1')} returning ${LICENSE_COLUMNS}`;
export const STOP_ASKING = 'update marketplace.seat set ask_at = null where license_id = any ($1::uuid[]) and ask_at is not null';
const TELL_EXPIRING = `update marketplace.license set expiring_told_at = $3
  where id = ${lockedDue('expiring_told_at is null and valid_until > $3 and valid_until <= $1', '$2')} returning ${LICENSE_COLUMNS}`;

type LockedRow = LicenseRow & { reassignments: number; reassignment_limit: number | null; settled: boolean };

/** Seats and licences after the purchase, in PostgreSQL; locks are taken licence first, then seats by ascending id, or passing over those in others’ hands. */
export class PostgresSeatStore implements SeatStore {
  async lockLicenses(tx: Tx, ids: readonly LicenseId[], lock: LicenseLock): Promise<readonly LockedLicense[]> {
    const rows = await inside(tx).prepared<LockedRow>(`license-lock-${lock}`, `${LOCK_LICENSES} ${lock === 'shared' ? 'share' : 'update'} of license`, [ids]);
    return rows.map((row) => ({
      license: licenseOf(row),
      rules: { state: row.state, validUntil: row.source === 'SUBSCRIPTION' ? null : row.valid_until, // its state alone says whether it gives access
        settled: row.settled, reassignments: row.reassignments, reassignmentLimit: row.reassignment_limit },
    }));
  }

  async licensesOfSeats(tx: Tx, seatIds: readonly SeatId[]): Promise<readonly LicenseId[]> {
    const rows = await inside(tx).prepared<{ id: LicenseId }>('licenses-of-seats', 'select distinct license_id as id from marketplace.seat where id = any ($1::uuid[])', [seatIds]);
    return rows.map((row) => row.id);
  }

  async takeFree(tx: Tx, licenseId: LicenseId, count: number, lock: LicenseLock): Promise<readonly SeatId[]> {
    const rows = await inside(tx).prepared<{ id: SeatId }>(`seat-take-${lock}`, lock === 'shared' ? TAKE_BESIDE_OTHERS : TAKE_ALONE, [licenseId, count]);
    return rows.map((row) => row.id);
  }

  async claim(tx: Tx, license: License, learnerIds: readonly UserId[]) {
    const { tenantId, courseId, orderId, id, buyerId } = license;
    const held = (await inside(tx).prepared<{ learnerId: UserId }>('seat-claim', CLAIM, [tenantId, courseId, orderId, id, buyerId, learnerIds])).map((row) => row.learnerId);
    if (held.length === 0) return [];
    const here = await inside(tx).prepared<{ learnerId: UserId }>('seat-held-here', HELD_HERE, [id, held]);
    return held.map((learnerId) => ({ learnerId, bySeatHere: here.some((row) => row.learnerId === learnerId) }));
  }

  assign(tx: Tx, license: License, taken: readonly NewAssignment[], made: readonly NewAssignment[], firstAskAt: Date): void {
    if (taken.length > 0) inside(tx).send('seat-assign', ASSIGN, [JSON.stringify(taken), tx.now, firstAskAt]);
    if (made.length > 0) inside(tx).send('seat-make', MAKE, [JSON.stringify(made), tx.now, firstAskAt, license.id]);
  }

  async lockSeats(tx: Tx, seatIds: readonly SeatId[]) {
    return inside(tx).prepared<LockedSeat & object>('seat-lock',
      'select id, license_id as "licenseId", state, frozen_by is not null as frozen from marketplace.seat where id = any ($1::uuid[]) order by id for update', [seatIds]);
  }

  async release(tx: Tx, seatIds: readonly SeatId[]): Promise<readonly SeatOfLicense[]> {
    return inside(tx).prepared<SeatOfLicense & object>('seat-release', RELEASE, [seatIds, tx.now]);
  }

  async grant(tx: Tx, license: License, seats: readonly Seat[], plan: { readonly id: PricingPlanId; readonly revision: number }): Promise<void> {
    await inside(tx).prepared('license-grant', GRANT, [
      license.id, license.tenantId, license.listingId, plan.id, plan.revision, license.terms, license.courseId, license.courseVersionId, license.playPackageId,
      license.packageFormat, license.stateReason, license.perpetualOffline, license.validFrom, license.validUntil, license.seatsTotal, seats.map((seat) => seat.id),
    ]);
  }

  async revoke(tx: Tx, licenseId: LicenseId, reason: string): Promise<readonly RevokedSeat[]> {
    await inside(tx).prepared('license-revoke-one', REVOKE, [licenseId, reason]);
    const seats = await inside(tx).prepared<RevokedSeat & object>('seat-revoke', REVOKE_SEATS, [[licenseId], tx.now]);
    await inside(tx).prepared('license-unclaim', UNCLAIM_LICENSES, [[licenseId]]);
    return seats;
  }

  async dueAssignments(tx: Tx, limit: number): Promise<readonly SilentAssignment[]> {
    return inside(tx).prepared<SilentAssignment & object>('seat-due', DUE, [limit, tx.now]);
  }

  async asked(tx: Tx, seats: readonly { readonly seatId: SeatId; readonly nextAt: Date }[]): Promise<void> {
    if (seats.length > 0) await inside(tx).prepared('seat-asked', ASKED, [JSON.stringify(seats)]);
  }

  async expireDue(tx: Tx, limit: number): Promise<readonly License[]> {
    const licenses = (await inside(tx).prepared<LicenseRow>('license-expire', EXPIRE, [limit, tx.now])).map(licenseOf);
    if (licenses.length === 0) return [];
    const ids = licenses.map((license) => license.id);
    await inside(tx).prepared('seat-stop-asking', STOP_ASKING, [ids]);
    await inside(tx).prepared('license-unclaim', UNCLAIM_LICENSES, [ids]);
    return licenses;
  }

  async tellExpiring(tx: Tx, aheadMs: number, limit: number): Promise<readonly License[]> {
    return (await inside(tx).prepared<LicenseRow>('license-tell-expiring', TELL_EXPIRING, [new Date(tx.now.getTime() + aheadMs), limit, tx.now])).map(licenseOf);
  }
}
