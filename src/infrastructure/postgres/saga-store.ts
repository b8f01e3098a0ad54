import type { SagaId, TenantId, UserId } from '../../domain/ids';
import type { Lease, RecordedTransition, SagaStore } from '../../application/ports/saga-store';
import type { Tx } from '../../application/ports/unit-of-work';
import type { Call, SagaProtocol } from '../../application/saga/definition';
import { traceparentNow } from '../../application/tracing';
import { earliestTimer } from '../../application/saga/instance';
import type { SagaInstance } from '../../application/saga/instance';
import type { SagaState } from '../../application/saga/records';
import { inside } from './transaction';

const COLUMNS = `id, name, definition_version, correlation_id, tenant_id, buyer_id, state, step, attempt, data, call, timers, last_error, version, started_at, traceparent`;

/* What is stored on each change; one statement writes the saga and the transitions that led there. */
const STORED = `state = $2, step = $3, attempt = $4, data = $5, call = $6,
  call_due_at = case when $6::jsonb is null then null else clock_timestamp() + $7::integer * interval '1 millisecond' end,
  timers = $8, wake_at = $9, deadline = $10, last_error = $11, lease_token = $12,
  lease_until = case when $12::uuid is null then null else clock_timestamp() + $13::integer * interval '1 millisecond' end,
  version = $14, updated_at = marketplace.clock()`;

const LOGGED = `insert into marketplace.saga_transition (saga_id, version, tenant_id, buyer_id, from_state, from_step, to_state, to_step, cause, actor_id, at)
  select stored.id, t.version, stored.tenant_id, stored.buyer_id, t.from_state, t.from_step, t.to_state, t.to_step, t.cause, t.actor_id, stored.updated_at
  from stored, jsonb_to_recordset($15::jsonb) as t (version integer, from_state text, from_step text, to_state text, to_step text, cause text, actor_id uuid)`;

const INSERT = `with stored as (
  insert into marketplace.saga (id, state, step, attempt, data, call, call_due_at, timers, wake_at, deadline, last_error, lease_token, lease_until, version,
    name, definition_version, correlation_id, tenant_id, buyer_id, started_at, updated_at, traceparent)
  values ($1, $2, $3, $4, $5, $6, case when $6::jsonb is null then null else clock_timestamp() + $7::integer * interval '1 millisecond' end,
    $8, $9, $10, $11, $12, case when $12::uuid is null then null else clock_timestamp() + $13::integer * interval '1 millisecond' end, $14,
    $16, $17, $18, $19, $20, $21, $21, $22)
  returning id, tenant_id, buyer_id, updated_at)
${LOGGED}`;

const SAVE = `with stored as (update marketplace.saga set ${STORED} where id = $1 returning id, tenant_id, buyer_id, updated_at) ${LOGGED}`;

const LOCK_BY_CORRELATION = `select ${COLUMNS} from marketplace.saga where name = $1 and correlation_id = any ($2::uuid[]) order by id for update`;
const LOCK_LEASED = `select ${COLUMNS} from marketplace.saga where id = $1 and lease_token = $2 for update`;

const HAND_BACK = `update marketplace.saga set lease_token = null, lease_until = null where id = $1 and lease_token = $2`;

/*
 * What others work on is left out before the limit, or it would hide what is due behind it. Candidates go on as an array: joined,
 * the planner may read every saga there ever was to find the few that are due.
 */
const FREE = `name = $1 and definition_version = any ($6::integer[]) and (lease_until is null or lease_until < clock_timestamp())`;
const CLAIM_DUE = `with due as materialized (
    (select id from marketplace.saga where ${FREE} and call_due_at <= clock_timestamp() order by call_due_at limit $4::integer * 2)
    union (select id from marketplace.saga where ${FREE} and wake_at <= $5 order by wake_at limit $4::integer * 2))
  update marketplace.saga set lease_token = $2, lease_until = clock_timestamp() + $3::integer * interval '1 millisecond'
  where id = any (array(
    select id from marketplace.saga where id = any (array(select id from due)) and ${FREE} order by id limit $4::integer for update skip locked))
  returning ${COLUMNS}`;

interface SagaRow {
  id: SagaId; name: string; definition_version: number; correlation_id: string; tenant_id: TenantId; buyer_id: UserId | null;
  state: SagaState; step: string; attempt: number; data: object; call: { name: string; request: object } | null;
  timers: Record<string, string>; last_error: string | null; version: number; started_at: Date; traceparent: string | null;
}

/** Sagas in PostgreSQL. Hot: each method is one prepared statement. */
export class PostgresSagaStore<P extends SagaProtocol> implements SagaStore<P> {
  async insert(tx: Tx, saga: SagaInstance<P>, transition: RecordedTransition, lease: Lease | null): Promise<void> {
    const { name, definitionVersion, correlationId, tenantId, buyerId, startedAt } = saga;
    inside(tx).send('saga-insert', INSERT, [...stored(saga, [transition], lease), name, definitionVersion, correlationId, tenantId, buyerId, startedAt, traceparentNow() ?? null]);
  }

  async save(tx: Tx, saga: SagaInstance<P>, transitions: readonly RecordedTransition[], lease: Lease | null): Promise<void> {
    inside(tx).send('saga-save', SAVE, stored(saga, transitions, lease));
  }

  async lockByCorrelation(tx: Tx, name: string, correlationIds: readonly string[]): Promise<SagaInstance<P>[]> {
    const rows = await inside(tx).prepared<SagaRow>('saga-lock', LOCK_BY_CORRELATION, [name, correlationIds]);
    return rows.map(instanceOf<P>);
  }

  async lockLeased(tx: Tx, id: SagaId, token: string): Promise<SagaInstance<P> | null> {
    const [row] = await inside(tx).prepared<SagaRow>('saga-lock-leased', LOCK_LEASED, [id, token]);
    return row ? instanceOf<P>(row) : null;
  }

  async handBack(tx: Tx, id: SagaId, token: string): Promise<void> {
    await inside(tx).prepared('saga-hand-back', HAND_BACK, [id, token]);
  }

  async claimDue(tx: Tx, name: string, definitionVersions: readonly number[], lease: Lease, limit: number): Promise<SagaInstance<P>[]> {
    const rows = await inside(tx).prepared<SagaRow>('saga-claim-due', CLAIM_DUE, [name, lease.token, lease.durationMs, limit, tx.now, definitionVersions]);
    return rows.map(instanceOf<P>);
  }
}

function stored<P extends SagaProtocol>(saga: SagaInstance<P>, transitions: readonly RecordedTransition[], lease: Lease | null): unknown[] {
  const logged = transitions.map((t) => ({
    version: t.version, from_state: t.fromState, from_step: t.fromStep, to_state: t.toState, to_step: t.toStep, cause: t.cause, actor_id: t.actorId,
  }));
  return [
    saga.id, saga.state, saga.step, saga.attempt, JSON.stringify(saga.data), saga.call ? JSON.stringify(saga.call) : null, saga.callDelayMs,
    JSON.stringify(saga.timers), earliestTimer(saga.timers)?.at ?? null, saga.timers.deadline ?? null, saga.lastError,
    lease?.token ?? null, lease?.durationMs ?? null, saga.version, JSON.stringify(logged),
  ];
}

function instanceOf<P extends SagaProtocol>(row: SagaRow): SagaInstance<P> {
  return {
    id: row.id, name: row.name, definitionVersion: row.definition_version, correlationId: row.correlation_id,
    tenantId: row.tenant_id, buyerId: row.buyer_id, state: row.state, step: row.step, attempt: row.attempt,
    data: row.data as P['data'], call: row.call as Call<P> | null, callDelayMs: 0, timers: row.timers,
    lastError: row.last_error, version: row.version, startedAt: row.started_at, traceparent: row.traceparent ?? undefined,
  };
}
