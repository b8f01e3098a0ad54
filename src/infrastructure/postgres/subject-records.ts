import type { LicenseId, SeatId, UserId } from '../../domain/ids';
import type { SubjectRecord } from '../../application/events/event-data.generated';
import type { OrderOfSubject, SubjectRecords } from '../../application/ports/subject-requests';
import type { Tx } from '../../application/ports/unit-of-work';
import { EMPTIED, IN_JSON, IN_TEXT, LISTED, REPLACED } from './personal-columns';
import { EXPORT, recordOf } from './subject-export';
import type { ExportRow } from './subject-export';
import type { PostgresTransaction } from './transaction';
import { inside } from './transaction';

/** Some of it is looked for in every row: no index knows what stands in JSON or in words. */
const LONGER = `set local statement_timeout = '10min'`;

const ORDERS = `select o.id, o.status, o.buyer_id is not distinct from $1 as "asBuyer", coalesce(s.under_way, false) as "underWay", coalesce(s.stuck, false) as stuck
  from marketplace.orders o
  left join lateral (
    select bool_or(state not in ('COMPLETED', 'COMPENSATED', 'RESOLVED')) as under_way, bool_or(state = 'STUCK') as stuck from marketplace.saga
    where correlation_id = o.id or correlation_id in (select r.id from marketplace.refund r where r.order_id = o.id)) s on true
  where o.buyer_id = $1 or o.id in (
    select order_id from marketplace.order_line where learner_ids @> array[$1::uuid]
    union all select order_id from marketplace.seat where learner_id = $1
    union all select order_id from marketplace.course_claim where learner_id = $1)
  order by o.id`;
const LICENSES = `select id from marketplace.license where buyer_id = $1 union select license_id from marketplace.seat where learner_id = $1 order by id`;
const HELD = `select id from marketplace.seat where learner_id = $1 and state in ('ASSIGNED', 'ENROLLED', 'CONSUMED') order by id`;

export class PostgresSubjectRecords implements SubjectRecords {
  async orders(tx: Tx, subjectId: UserId): Promise<readonly OrderOfSubject[]> {
    await inside(tx).query(LONGER);
    return inside(tx).query<OrderOfSubject & object>(ORDERS, [subjectId]);
  }

  async licenses(tx: Tx, subjectId: UserId): Promise<readonly LicenseId[]> {
    return (await inside(tx).query<{ id: LicenseId }>(LICENSES, [subjectId])).map((row) => row.id);
  }

  async heldSeats(tx: Tx, subjectId: UserId): Promise<readonly SeatId[]> {
    return (await inside(tx).query<{ id: SeatId }>(HELD, [subjectId])).map((row) => row.id);
  }

  async replace(tx: Tx, subjectId: UserId, pseudonym: UserId): Promise<number> {
    const db = inside(tx);
    await db.query(LONGER);
    const [orders] = await db.query<{ count: number }>('select count(*)::integer as count from marketplace.orders where buyer_id = $1', [subjectId]);
    for (const statement of STATEMENTS) await run(db, statement, subjectId, pseudonym);
    return orders?.count ?? 0;
  }

  async export(tx: Tx, subjectId: UserId): Promise<readonly SubjectRecord[]> {
    await inside(tx).query(LONGER);
    return (await inside(tx).query<ExportRow>(EXPORT, [subjectId])).map(recordOf);
  }
}

const each = (places: typeof REPLACED, statement: (table: string, column: string) => string): string[] =>
  places.flatMap(([table, ...columns]) => columns.map((column) => statement(`marketplace.${table}`, column)));

/** In each, $1 is the person and $2 the pseudonym. */
const STATEMENTS: readonly string[] = [
  ...each(REPLACED, (table, column) => `update ${table} set ${column} = $2 where ${column} = $1`),
  ...each(LISTED, (table, column) => `update ${table} set ${column} = array_replace(${column}, $1::uuid, $2::uuid) where ${column} @> array[$1::uuid]`),
  ...each(IN_JSON, (table, column) => `update ${table} set ${column} = regexp_replace(${column}::text, $1::text, $2::text, 'gi')::jsonb where ${column}::text ~* $1::text`),
  ...each(IN_TEXT, (table, column) => `update ${table} set ${column} = regexp_replace(${column}, $1::text, $2::text, 'gi') where ${column} ~* $1::text`),
  ...each(EMPTIED, (table, column) => `update ${table} set ${column} = null where ${column} = $1 and $2::uuid is not null`),
];

async function run(db: PostgresTransaction, statement: string, subjectId: UserId, pseudonym: UserId): Promise<void> {
  await db.query(statement, [subjectId, pseudonym]);
}
