import type { SagaId, TenantId, UserId } from '../../domain/ids';
import type { PageRequest } from '../../application/ports/page';
import type { SagaFilter, SagaReader } from '../../application/ports/readers';
import type { Tx } from '../../application/ports/unit-of-work';
import type { SagaSnapshot, SagaState, SagaTransitionRecord } from '../../application/saga/records';
import { Conditions, countRows, readPage } from './keyset';
import { inside } from './transaction';

interface SnapshotRow {
  id: SagaId; name: string; definition_version: number; correlation_id: string; tenant_id: TenantId; state: SagaState; step: string; attempt: number;
  last_error: string | null; deadline: Date | null; next_wake_at: Date | null; version: number; started_at: Date; updated_at: Date;
}
interface TransitionRow {
  saga_id: SagaId; version: number; from_state: SagaState; from_step: string; to_state: SagaState; to_step: string; cause: string; actor_id: UserId | null; at: Date;
}

const SAGA = 'marketplace.saga';
const COLUMNS = `id, name, definition_version, correlation_id, tenant_id, state, step, attempt, last_error, deadline, least(call_due_at, wake_at) as next_wake_at,
  version, started_at, updated_at`;

export class PostgresSagaReader implements SagaReader {
  async byIds(tx: Tx, ids: readonly SagaId[]): Promise<SagaSnapshot[]> {
    return (await inside(tx).prepared<SnapshotRow>('sagas-by-ids', `select ${COLUMNS} from ${SAGA} where id = any ($1::uuid[])`, [ids])).map(snapshotOf);
  }

  page(tx: Tx, filter: SagaFilter, page: PageRequest) {
    return readPage(tx, {
      columns: COLUMNS, from: SAGA, conditions: conditionsOf(filter), key: { column: 'started_at', type: 'timestamptz', direction: 'desc' },
      nodeOf: (row: SnapshotRow) => snapshotOf(row), keyOf: (saga) => ({ key: saga.startedAt.toISOString(), id: saga.id }),
    }, page);
  }

  count(tx: Tx, filter: SagaFilter): Promise<number> {
    return countRows(tx, SAGA, conditionsOf(filter));
  }

  async transitions(tx: Tx, ids: readonly SagaId[]): Promise<SagaTransitionRecord[]> {
    const rows = await inside(tx).prepared<TransitionRow>('transitions-of-sagas', `select saga_id, version, from_state, from_step, to_state, to_step, cause, actor_id, at
      from marketplace.saga_transition where saga_id = any ($1::uuid[]) order by saga_id, version`, [ids]);
    return rows.map((row) => ({
      sagaId: row.saga_id, version: row.version, fromState: row.from_state, fromStep: row.from_step, toState: row.to_state, toStep: row.to_step,
      cause: row.cause, actorId: row.actor_id, at: row.at,
    }));
  }
}

/** The sagas about these things, each with its history. */
export async function sagasWithTransitions(tx: Tx, correlationIds: readonly string[]) {
  const rows = await inside(tx).prepared<SnapshotRow>('sagas-by-correlation', `select ${COLUMNS} from ${SAGA} where correlation_id = any ($1::uuid[])`, [correlationIds]);
  const sagas = rows.map(snapshotOf);
  const transitions = sagas.length > 0 ? await new PostgresSagaReader().transitions(tx, sagas.map((saga) => saga.id)) : [];
  return sagas.map((saga) => ({ saga, transitions: transitions.filter((transition) => transition.sagaId === saga.id) }));
}

function conditionsOf({ states, step, overdueOnly }: SagaFilter): Conditions {
  return new Conditions()
    .where(states, (p) => `state = any (${p}::text[])`)
    .where(step, (p) => `step = ${p}`)
    .also(overdueOnly && `deadline < marketplace.clock() and state not in ('COMPLETED', 'COMPENSATED', 'RESOLVED')`);
}

function snapshotOf(row: SnapshotRow): SagaSnapshot {
  return {
    id: row.id, name: row.name, definitionVersion: row.definition_version, correlationId: row.correlation_id, tenantId: row.tenant_id, state: row.state,
    step: row.step, attempt: row.attempt, lastError: row.last_error, deadline: row.deadline, nextWakeAt: row.next_wake_at, version: row.version,
    startedAt: row.started_at, updatedAt: row.updated_at,
  };
}
