import { parseId } from '../../domain/ids';
import type { DeadEvent, Inbox, ReceivedEvent } from '../../application/ports/inbox';
import type { Tx } from '../../application/ports/unit-of-work';
import { inside } from './transaction';

const TAKE_IN = `insert into marketplace.inbox (consumer, event_id, type)
  select $1, event_id, type from unnest($2::uuid[], $3::text[]) as e (event_id, type) order by event_id
  on conflict do nothing returning event_id as id`;

const COUNT_TRY = `insert into marketplace.event_try (consumer, stream_sequence, tries, last_error) values ($1, $2, 1, $3)
  on conflict (consumer, stream_sequence) do update set tries = event_try.tries + 1, last_error = excluded.last_error
  returning tries`;

const BURY = `with forgotten as (delete from marketplace.event_try where consumer = $2 and stream_sequence = $3)
  insert into marketplace.dead_letter (id, consumer, stream_sequence, subject, event_id, error, deliveries, payload, at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (consumer, stream_sequence) do nothing`;

export class PostgresInbox implements Inbox {
  async takeIn(tx: Tx, consumer: string, events: readonly ReceivedEvent[]): Promise<ReadonlySet<string>> {
    const rows = await inside(tx).prepared<{ id: string }>('inbox-take-in', TAKE_IN, [consumer, events.map((event) => event.id), events.map((event) => event.type)]);
    return new Set(rows.map((row) => row.id));
  }

  async countTry(tx: Tx, consumer: string, streamSequence: number, error: string): Promise<number> {
    const [row] = await inside(tx).prepared<{ tries: number }>('inbox-count-try', COUNT_TRY, [consumer, streamSequence, error]);
    return row?.tries ?? 1;
  }

  async bury(tx: Tx, { consumer, streamSequence, subject, eventId, error, deliveries, payload }: DeadEvent): Promise<void> {
    await inside(tx).prepared('inbox-bury', BURY, [
      tx.ids.next(), consumer, streamSequence, subject, parseId(eventId ?? ''), error, deliveries, payload, tx.now,
    ]);
  }
}
