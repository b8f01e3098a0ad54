import { WORKER } from '../../application/actor';
import type { UnitOfWork } from '../../application/ports/unit-of-work';
import { inside } from './transaction';

export interface NamedCount {
  readonly name: string;
  readonly count: number;
}

/** What waits, and what should not be there. */
export interface Backlog {
  readonly unpublished: number;
  readonly oldestAgeSeconds: number;
  readonly overdueSagas: number;
  readonly unbalancedEntries: number;
  readonly stuckSagas: readonly NamedCount[];
  readonly deadLetters: readonly NamedCount[];
  /** Persons who wait to be forgotten, or to be told what is stored about them. */
  readonly subjectRequests: readonly { readonly name: string; readonly count: number; readonly ageSeconds: number }[];
  /** How long the oldest payout that is not paid yet has been under way. */
  readonly payoutAgeSeconds: number;
  /** How long the renewal that is longest due has not been begun. */
  readonly renewalAgeSeconds: number;
}

/*
 * One statement, each part of it an index scan with a bound. A journal entry never changes and its id tells when it was
 * made (UUIDv7), so that the latest ones are the end of the primary key.
 */
const READ = `select
  (select count(*)::integer from (select 1 from marketplace.outbox where published_at is null limit 10000) waiting) as unpublished,
  (select coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0)::float8
    from (select created_at from marketplace.outbox where published_at is null limit 10000) waiting) as oldest,
  (select count(*)::integer from (select 1 from marketplace.saga where call_due_at < clock_timestamp() - interval '1 minute' limit 10000) due) as overdue,
  (select count(*)::integer from (
    select 1 from (select id from marketplace.journal_entry where id >= $1 order by id desc limit 5000) e
    join marketplace.journal_posting p on p.entry_id = e.id group by e.id having sum(p.amount_minor) <> 0) wrong) as unbalanced,
  (select coalesce(json_agg(json_build_object('name', name, 'count', n)), '[]') from (
    select name, count(*) as n from marketplace.saga where state = 'STUCK' group by name) s) as stuck,
  (select coalesce(json_agg(json_build_object('name', consumer, 'count', n)), '[]') from (
    select consumer, count(*) as n from marketplace.dead_letter where replayed_at is null group by consumer) d) as letters,
  (select coalesce(json_agg(json_build_object('name', kind, 'count', n, 'ageSeconds', greatest(age, 0))), '[]') from (
    select kind, count(*) as n, extract(epoch from marketplace.clock() - min(received_at)) as age
    from marketplace.subject_request where completed_at is null group by kind) r) as requests,
  (select greatest(coalesce(extract(epoch from marketplace.clock() - min(started_at)), 0), 0)::float8
    from marketplace.saga where name = 'marketplace.payout' and state not in ('COMPLETED', 'COMPENSATED', 'RESOLVED')) as payouts,
  (select greatest(coalesce(extract(epoch from marketplace.clock() - min(current_period_end)), 0), 0)::float8
    from marketplace.subscription where state in ('TRIALING', 'ACTIVE') and renewal_order_id is null) as renewals`;

interface BacklogRow {
  readonly unpublished: number;
  readonly oldest: number;
  readonly overdue: number;
  readonly unbalanced: number;
  readonly stuck: NamedCount[];
  readonly letters: NamedCount[];
  readonly requests: { readonly name: string; readonly count: number; readonly ageSeconds: number }[];
  readonly payouts: number;
  readonly renewals: number;
}

const LOOK_BACK_MS = 600_000;

export class BacklogReader {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async read(): Promise<Backlog> {
    const [row] = await this.unitOfWork.run(WORKER, async (tx) => {
      await inside(tx).query(`set local statement_timeout = '1500ms'`);
      return inside(tx).query<BacklogRow>(READ, [firstIdOf(Date.now() - LOOK_BACK_MS)]);
    });
    if (!row) throw new Error('the database did not tell its backlog');
    return {
      unpublished: row.unpublished, oldestAgeSeconds: row.oldest, overdueSagas: row.overdue, unbalancedEntries: row.unbalanced,
      stuckSagas: row.stuck, deadLetters: row.letters, subjectRequests: row.requests, payoutAgeSeconds: row.payouts, renewalAgeSeconds: row.renewals,
    };
  }
}

/** The smallest UUIDv7 of that moment. */
function firstIdOf(ms: number): string {
  const hex = ms.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
