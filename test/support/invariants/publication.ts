import type { WitnessedEvent } from '../sandbox-client';
import type { Witnesses } from './witnesses';

/** Versions of an aggregate are told without a gap, every status change is told, and all in order by first occurrence. */
export async function publication({ sql, sandbox }: Witnesses, lost: ReadonlySet<string>): Promise<string[]> {
  const gaps = await sql<{ aggregate_id: string }>('select aggregate_id from marketplace.outbox group by aggregate_id having max(aggregate_version) <> count(*) or min(aggregate_version) <> 1');
  const untold = await sql<{ order_id: string; version: number }>(`select t.order_id, t.version from marketplace.order_transition t
    where (select count(*) from marketplace.outbox e where e.aggregate_id = t.order_id and e.type = 'marketplace.order.status_changed.v1' and (e.data ->> 'version')::integer = t.version) <> 1`);
  return [
    ...gaps.map((row) => `the events of ${row.aggregate_id} have a gap`),
    ...untold.map((row) => `version ${row.version} of order ${row.order_id} was not told once`),
    ...disordered((await sandbox.events()).filter((event) => !lost.has(event.id))),
  ];
}

/** `events` in the order in which each was first heard. */
function disordered(events: readonly WitnessedEvent[]): string[] {
  const latest = new Map<string, number>();
  return events.flatMap(({ subject, aggregateversion }) => {
    const version = Number(aggregateversion);
    const before = latest.get(subject) ?? 0;
    latest.set(subject, Math.max(before, version));
    return version > before ? [] : [`version ${version} of ${subject} was first heard after version ${before}`];
  });
}
