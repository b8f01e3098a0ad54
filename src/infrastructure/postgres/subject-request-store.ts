import type { SubjectRequest } from '../../domain/gdpr/subject-request';
import type { UserId } from '../../domain/ids';
import type { SubjectOutcome, SubjectRequestStore } from '../../application/ports/subject-requests';
import type { Tx } from '../../application/ports/unit-of-work';
import { inside } from './transaction';

const ADD = `insert into marketplace.subject_request (id, request_id, kind, subject_id, tenant_id, correlation_id, causation_id, received_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (request_id) do nothing`;
const DUE = 'select id from marketplace.subject_request where completed_at is null and look_at <= clock_timestamp() order by look_at limit $1';
const LOCK = `select id, request_id as "requestId", kind, subject_id as "subjectId", tenant_id as "tenantId", correlation_id as "correlationId",
    causation_id as "causationId", received_at as "receivedAt"
  from marketplace.subject_request where id = $1 and completed_at is null for update skip locked`;

/* From a second on, a quarter of the time it has waited already, a minute at most. */
const POSTPONE = `update marketplace.subject_request r
  set look_at = clock_timestamp() + greatest(interval '1 second', least(interval '1 minute', (clock_timestamp() - r.created_at) / 4)),
    told_stuck_at = case when was.tell then $3 else r.told_stuck_at end
  from (select id, $2 and coalesce(told_stuck_at <= $3::timestamptz - interval '1 day', true) as tell from marketplace.subject_request where id = $1) was
  where r.id = was.id returning was.tell`;
const COMPLETE = `update marketplace.subject_request set subject_id = null, completed_at = $2, orders_anonymised = $3, seats_released = $4 where id = $1`;

const ANSWERED = `select r.id from marketplace.subject_request r
  where r.kind = 'erasure' and r.completed_at is not null and r.forgotten_at is null
    and not exists (select 1 from marketplace.outbox o where o.aggregate_id = r.id and o.published_at is null)
  order by r.completed_at limit $1`;
const FORGET = `with forgotten as (update marketplace.subject_request set forgotten_at = $3 where id = any ($1::uuid[]) and forgotten_at is null returning id)
  update marketplace.outbox o set data = o.data || jsonb_build_object('subjectId', $2::uuid) from forgotten f where o.aggregate_id = f.id`;

export class PostgresSubjectRequests implements SubjectRequestStore {
  async add(tx: Tx, { id, requestId, kind, subjectId, tenantId, correlationId, causationId, receivedAt }: SubjectRequest): Promise<void> {
    await inside(tx).query(ADD, [id, requestId, kind, subjectId, tenantId, correlationId, causationId, receivedAt]);
  }

  async due(tx: Tx, limit: number): Promise<readonly string[]> {
    return (await inside(tx).prepared<{ id: string }>('subject-request-due', DUE, [limit])).map((row) => row.id);
  }

  async lock(tx: Tx, id: string): Promise<SubjectRequest | null> {
    const [row] = await inside(tx).query<SubjectRequest & object>(LOCK, [id]);
    return row ?? null;
  }

  async postpone(tx: Tx, id: string, stuck: boolean): Promise<boolean> {
    const [row] = await inside(tx).query<{ tell: boolean }>(POSTPONE, [id, stuck, tx.now]);
    return row?.tell ?? false;
  }

  async complete(tx: Tx, id: string, { ordersAnonymised, seatsReleased }: SubjectOutcome): Promise<void> {
    await inside(tx).query(COMPLETE, [id, tx.now, ordersAnonymised, seatsReleased]);
  }

  async answered(tx: Tx, limit: number): Promise<readonly string[]> {
    return (await inside(tx).prepared<{ id: string }>('subject-request-answered', ANSWERED, [limit])).map((row) => row.id);
  }

  async forgetAnswers(tx: Tx, ids: readonly string[], pseudonym: UserId): Promise<void> {
    await inside(tx).query(FORGET, [ids, pseudonym, tx.now]);
  }
}
