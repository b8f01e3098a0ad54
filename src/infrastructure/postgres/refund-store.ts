import type { LicenseId, OrderId, OrderLineId, RefundId } from '../../domain/ids';
import type { CurrencyCode } from '../../domain/money';
import type { RefundInitiator } from '../../domain/order/order';
import type { LineFacts } from '../../domain/refund/refundability';
import type { SeatsBack } from '../../domain/refund/refund-plan';
import type { RevokedSeat } from '../../application/ports/licenses';
import type { OpenRefund, RefundOfLine, RefundStore, StoredRefund, TakenBack } from '../../application/ports/refunds';
import type { Tx } from '../../application/ports/unit-of-work';
import { LICENSE_COLUMNS, licenseOf } from './license-rows';
import type { LicenseRow } from './license-rows';
import { moneyOf } from './rows';
import { inside } from './transaction';

const LINE_FACTS = `select ol.order_id as "orderId", ol.id as "lineId", l.seats_total as "seatsTotal",
    coalesce(seats.consumed, 0)::integer as "seatsConsumed", coalesce(seats.taken_back, 0)::integer as "seatsTakenBack",
    coalesce(money.refunded, 0)::bigint as "refundedMinor", coalesce(money.settled, 0)::bigint as "settledMinor",
    exists (select 1 from marketplace.refund r where r.order_id = ol.order_id and r.status = 'REQUESTED' and r.kind in ('POLICY', 'OPERATOR')) as "refundOpen"
  from marketplace.order_line ol left join marketplace.subscription_period sp on sp.order_line_id = ol.id and sp.period > 0
  left join marketplace.license l on l.order_line_id = ol.id or l.id = sp.license_id
  left join lateral (
    select count(*) filter (where s.ever_consumed) as consumed,
      count(*) filter (where not s.ever_consumed and exists (
        select 1 from marketplace.refund_seat rs join marketplace.refund r on r.id = rs.refund_id where rs.seat_id = s.id and r.status <> 'FAILED')) as taken_back
    from marketplace.seat s where s.license_id = l.id) seats on true
  left join lateral (
    select sum(rl.amount_minor) as refunded, sum(rl.amount_minor) filter (where r.status = 'SUCCEEDED') as settled
    from marketplace.refund_line rl join marketplace.refund r on r.id = rl.refund_id where rl.line_id = ol.id and r.status <> 'FAILED') money on true
  where ol.order_id = any ($1::uuid[]) order by ol.order_id, ol.position`;

const FIND = `select r.id, r.order_id, r.initiated_by, r.amount_minor, r.currency, coalesce(jsonb_agg(jsonb_build_object('lineId', rl.line_id, 'amountMinor', rl.amount_minor::text)
    order by ol.position) filter (where rl.line_id is not null), '[]') as lines
  from marketplace.refund r left join marketplace.refund_line rl on rl.refund_id = r.id left join marketplace.order_line ol on ol.id = rl.line_id
  where r.id = $1 group by r.id`;

const SET_LINES = `with gone as (delete from marketplace.refund_line where refund_id = $1 and line_id not in (select line_id from jsonb_to_recordset($2::jsonb) as w (line_id uuid)))
  insert into marketplace.refund_line (refund_id, line_id, tenant_id, buyer_id, amount_minor)
  select r.id, w.line_id, r.tenant_id, r.buyer_id, w.amount_minor
  from marketplace.refund r, jsonb_to_recordset($2::jsonb) as w (line_id uuid, amount_minor bigint) where r.id = $1
  on conflict (refund_id, line_id) do update set amount_minor = excluded.amount_minor`;

const CHOOSE_SEATS = `with chosen as (
    select s.id, s.tenant_id, s.buyer_id
    from marketplace.seat s join marketplace.license l on l.id = s.license_id
    join jsonb_to_recordset($2::jsonb) as w (line_id uuid, seats text) on w.line_id = l.order_line_id
      or (w.seats = 'UNCONSUMED' and exists (select 1 from marketplace.subscription_period sp where sp.order_line_id = w.line_id and sp.license_id = l.id))
    where s.state <> 'REVOKED' and s.frozen_by is null and (w.seats = 'ALL' or (w.seats = 'UNCONSUMED' and not s.ever_consumed))
    order by s.id for update of s)
  insert into marketplace.refund_seat (refund_id, seat_id, tenant_id, buyer_id) select $1, id, tenant_id, buyer_id from chosen`;

const FREEZE = `update marketplace.seat s set frozen_by = $1 from marketplace.refund_seat rs where rs.refund_id = $1 and rs.seat_id = s.id`;

/* A seat that was given back to nobody meanwhile has no learner whose start could count. */
const THAW = `with frozen as (
    select s.id, rs.started_at, rs.enrollment_id, rs.started_at is not null and s.state in ('ASSIGNED', 'ENROLLED') as started
    from marketplace.seat s join marketplace.refund_seat rs on rs.seat_id = s.id and rs.refund_id = $1
    where s.frozen_by = $1 order by s.id for update of s)
  update marketplace.seat s set frozen_by = null, state = case when f.started then 'CONSUMED' else s.state end,
    enrollment_id = case when f.started then coalesce(f.enrollment_id, s.enrollment_id) else s.enrollment_id end,
    consumed_at = case when f.started then f.started_at else s.consumed_at end
  from frozen f where s.id = f.id`;

const REVOKE_LICENSES = `with doomed as (
    select id from marketplace.license l
    where l.state <> 'REVOKED' and (l.order_line_id = any ($2::uuid[]) or l.id = any ($4::uuid[])
      or (l.seats_total is not null and exists (select 1 from marketplace.refund_seat rs join marketplace.seat s on s.id = rs.seat_id where rs.refund_id = $1 and s.license_id = l.id)
        and not exists (select 1 from marketplace.seat s where s.license_id = l.id and s.state <> 'REVOKED'
          and not exists (select 1 from marketplace.refund_seat rs where rs.refund_id = $1 and rs.seat_id = s.id))))
    order by id for update)
  update marketplace.license l set state = 'REVOKED', state_reason = $3 from doomed where l.id = doomed.id returning l.id`;

const REVOKE_SEATS = `with seat as (
    select s.*, l.course_id from marketplace.seat s join marketplace.license l on l.id = s.license_id
    where s.state <> 'REVOKED' and (s.license_id = any ($2::uuid[]) or s.id in (select seat_id from marketplace.refund_seat where refund_id = $1))
    order by s.id for update of s),
  revoked as (update marketplace.seat s set state = 'REVOKED', frozen_by = null from seat where s.id = seat.id returning s.id),
  ended as (
    insert into marketplace.former_assignment (assignment_id, seat_id, license_id, tenant_id, buyer_id, learner_id, enrollment_id, ended_as, ended_at)
    select assignment_id, id, license_id, tenant_id, buyer_id, learner_id, enrollment_id, 'REVOKED', $3 from seat where assignment_id is not null),
  unclaimed as (
    delete from marketplace.course_claim c using seat
    where (c.tenant_id, c.learner_id, c.course_id) = (seat.tenant_id, seat.learner_id, seat.course_id) and (c.order_id = seat.order_id or c.license_id = seat.license_id))
  select seat.license_id as "licenseId", seat.id as "seatId", seat.assignment_id as "assignmentId", seat.learner_id as "learnerId", seat.enrollment_id as "enrollmentId"
  from seat join revoked using (id) order by seat.id`;

interface FoundRow {
  id: RefundId; order_id: OrderId; initiated_by: RefundInitiator; amount_minor: bigint; currency: CurrencyCode;
  lines: { lineId: OrderLineId; amountMinor: string }[];
}

/** Refunds after fulfilment in PostgreSQL; every change of many seats is one statement. */
export class PostgresRefundStore implements RefundStore {
  async lineFacts(tx: Tx, orderIds: readonly OrderId[]): Promise<LineFacts[]> {
    return inside(tx).prepared<LineFacts & object>('refund-line-facts', LINE_FACTS, [orderIds]);
  }

  async find(tx: Tx, id: RefundId): Promise<StoredRefund> {
    const [row] = await inside(tx).prepared<FoundRow>('refund-find', FIND, [id]);
    if (!row) throw new Error(`refund ${id} is missing`);
    const lines = row.lines.map(({ lineId, amountMinor }) => ({ lineId, amount: moneyOf(BigInt(amountMinor), row.currency) }));
    return { id, orderId: row.order_id, initiatedBy: row.initiated_by, amount: moneyOf(row.amount_minor, row.currency), lines };
  }

  async openOf(tx: Tx, orderId: OrderId): Promise<OpenRefund | null> {
    const [row] = await inside(tx).prepared<{ id: RefundId; amount_minor: bigint; currency: CurrencyCode }>('refund-open-of', `select id, amount_minor, currency
      from marketplace.refund where order_id = $1 and status = 'REQUESTED' and kind in ('POLICY', 'OPERATOR')`, [orderId]);
    return row ? { id: row.id, amount: moneyOf(row.amount_minor, row.currency) } : null;
  }

  async setLines(tx: Tx, id: RefundId, lines: readonly RefundOfLine[]): Promise<void> {
    const rows = lines.map(({ lineId, amount }) => ({ line_id: lineId, amount_minor: amount.amountMinor.toString() }));
    await inside(tx).prepared('refund-set-lines', SET_LINES, [id, JSON.stringify(rows)]);
  }

  async chooseSeats(tx: Tx, id: RefundId, lines: readonly { readonly lineId: OrderLineId; readonly seats: SeatsBack }[]): Promise<void> {
    await inside(tx).prepared('refund-choose-seats', CHOOSE_SEATS, [id, JSON.stringify(lines.map(({ lineId, seats }) => ({ line_id: lineId, seats })))]);
  }

  async freeze(tx: Tx, id: RefundId): Promise<void> {
    await inside(tx).prepared('refund-freeze', FREEZE, [id]);
  }

  async thaw(tx: Tx, id: RefundId): Promise<void> {
    await inside(tx).prepared('refund-thaw', THAW, [id]);
  }

  async takeBack(tx: Tx, id: RefundId, wholeLines: readonly OrderLineId[], reason: string, lostLicenses: readonly LicenseId[] = []): Promise<readonly TakenBack[]> {
    const revoked = (await inside(tx).prepared<{ id: LicenseId }>('refund-revoke-licenses', REVOKE_LICENSES, [id, wholeLines, reason, lostLicenses])).map((row) => row.id);
    const seats = await inside(tx).prepared<RevokedSeat & { licenseId: LicenseId }>('refund-revoke-seats', REVOKE_SEATS, [id, revoked, tx.now]);
    const touched = [...new Set([...revoked, ...seats.map((seat) => seat.licenseId)])];
    const licenses = await inside(tx).prepared<LicenseRow>('refund-licenses', `select ${LICENSE_COLUMNS} from marketplace.license where id = any ($1::uuid[]) order by id`, [touched]);
    return licenses.map(licenseOf).map((license) => ({ license, seats: seats.filter((seat) => seat.licenseId === license.id) }));
  }
}
