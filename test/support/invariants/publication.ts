import type { WitnessedEvent } from '../sandbox-client';
import type { Witnesses } from './witnesses';

/** A stream that lost what it had taken: what it took after `from` may be gone, until it was `over`; marked as published it may be until `markedUntil`. */
export interface Loss {
  readonly from: Date;
  readonly over: Date;
  readonly markedUntil: Date;
}

/** Versions of an aggregate are told without a gap, every status change is told, and all in order by first occurrence. */
export async function publication({ sql, sandbox }: Witnesses, lost: ReadonlySet<string>, losses: readonly Loss[]): Promise<string[]> {
  const gaps = await sql<{ aggregate_id: string }>('select aggregate_id from marketplace.outbox group by aggregate_id having max(aggregate_version) <> count(*) or min(aggregate_version) <> 1');
  const untold = await sql<{ order_id: string; version: number }>(`select t.order_id, t.version from marketplace.order_transition t
    where (select count(*) from marketplace.outbox e where e.aggregate_id = t.order_id and e.type = 'marketplace.order.status_changed.v1' and (e.data ->> 'version')::integer = t.version) <> 1`);
  return [
    ...gaps.map((row) => `the events of ${row.aggregate_id} have a gap`),
    ...untold.map((row) => `version ${row.version} of order ${row.order_id} was not told once`),
    ...disordered((await sandbox.events()).filter((event) => !lost.has(event.id)), await createdAt(sql), losses),
  ];
}

/** By real time, as the stream's. */
async function createdAt(sql: Witnesses['sql']): Promise<ReadonlyMap<string, number>> {
  const rows = await sql<{ id: string; created_at: Date }>('select id, created_at from marketplace.outbox');
  return new Map(rows.map((row) => [row.id, new Date(row.created_at).getTime()]));
}

/**
 * By when the stream took each: what was on its way to a reader that went away comes again, later than what followed it.
 * What was there before the stream was lost, and came to it again after what followed, is no disorder of ours: the stream
 * had said that it has it.
 */
function disordered(events: readonly WitnessedEvent[], created: ReadonlyMap<string, number>, losses: readonly Loss[]): string[] {
  const before = new Map<string, WitnessedEvent[]>();
  return [...events].sort((a, b) => a.storedAt - b.storedAt).flatMap((event) => {
    const { id, subject, aggregateversion } = event;
    const earlier = before.get(subject) ?? [];
    before.set(subject, [...earlier, event]);
    const overtaking = earlier.find((other) => Number(other.aggregateversion) > Number(aggregateversion));
    if (!overtaking) return [];
    const takenAt = overtaking.storedAt / 1e6;
    if (losses.some(({ from, over }) => (created.get(id) ?? Infinity) <= over.getTime() && takenAt >= from.getTime())) return [];
    return [`version ${aggregateversion} of ${subject} was published after version ${overtaking.aggregateversion}`];
  });
}
