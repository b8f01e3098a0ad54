import type { DataSource } from 'typeorm';
import type { Unpublished } from '../../application/ports/outbox-source';
import { Conditions } from './keyset';
import { OUTBOX_COLUMNS, unpublishedOf } from './outbox-source';
import type { OutboxRow } from './outbox-source';
import { systemIds } from './transaction';

/** Which published events; what is given must all be true. The range is of real time, when they were stored: from `since`, before `until`. */
export interface EventSelection {
  readonly ids?: readonly string[] | undefined;
  readonly aggregateId?: string | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

const PAGE = 500;

/** What was published before, to be published again. Works as the worker, outside of any replica. */
export class OutboxArchive {
  constructor(private readonly database: DataSource) {}

  /** In the order in which they were stored, which for each aggregate is that of its versions. */
  async *published(selection: EventSelection): AsyncGenerator<Unpublished> {
    for (let after = -1n; ;) {
      const conditions = conditionsOf(selection).where(after.toString(), (p) => `sequence > ${p}::bigint`);
      const rows = await this.database.query<(OutboxRow & { readonly sequence: bigint })[]>(
        `select sequence, ${OUTBOX_COLUMNS} from marketplace.outbox where ${conditions.sql} order by sequence limit ${PAGE}`, conditions.values);
      for (const row of rows) yield unpublishedOf(row);
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) return;
      after = last.sequence;
    }
  }

  async count(selection: EventSelection): Promise<number> {
    const conditions = conditionsOf(selection);
    const [row] = await this.database.query<{ count: bigint }[]>(`select count(*) from marketplace.outbox where ${conditions.sql}`, conditions.values);
    return Number(row?.count ?? 0);
  }

  /** Before anything is sent: a command that is broken off leaves its trace too. */
  async record(selection: EventSelection, events: number, reason: string | null): Promise<void> {
    await this.database.query(
      `insert into marketplace.operator_action (id, action, target, actor, reason, before, after, at) values ($1, 'outbox.republish', 'outbox', 'COMMAND', $2, $3, $4, marketplace.clock())`,
      [systemIds.next(), reason, JSON.stringify(selection), JSON.stringify({ events })]);
  }
}

/** What was never published is the relay's, which keeps its order. */
function conditionsOf({ ids, aggregateId, since, until }: EventSelection): Conditions {
  return new Conditions()
    .also('published_at is not null')
    .where(ids, (p) => `id = any (${p}::uuid[])`)
    .where(aggregateId, (p) => `aggregate_id = ${p}::uuid`)
    .where(since, (p) => `created_at >= ${p}::timestamptz`)
    .where(until, (p) => `created_at < ${p}::timestamptz`);
}
