import { In } from 'typeorm';
import { SagaRow } from '../../../entities/saga';
import { SagaTransitionRow } from '../../../entities/saga-transition';
import type { OrderId, SagaId, TenantId } from '../../domain/ids';
import type { PageRequest } from '../../application/ports/page';
import type { SagaFilter, SagaReader } from '../../application/ports/readers';
import type { Tx } from '../../application/ports/unit-of-work';
import type { SagaSnapshot, SagaState, SagaTransitionRecord } from '../../application/saga/records';
import { Conditions, countRows, readPage } from './keyset';
import { inside } from './transaction';

interface SnapshotRow {
  id: SagaId; name: string; definition_version: number; correlation_id: string; order_id: OrderId | null; tenant_id: TenantId; state: SagaState; step: string; attempt: number;
  last_error: string | null; deadline: Date | null; next_wake_at: Date | null; version: number; started_at: Date; updated_at: Date;
}

const SAGA = 'marketplace.saga';
const COLUMNS = `id, name, definition_version, correlation_id, data ->> 'orderId' as order_id, tenant_id, state, step, attempt, last_error, deadline, least(call_due_at, wake_at) as next_wake_at,
  version, started_at, updated_at`;

/** Sagas for operators and for an order's progress: plain finds are TypeORM's, pages and counts are keyset SQL. */
export class PostgresSagaReader implements SagaReader {
  async byIds(tx: Tx, ids: readonly SagaId[]): Promise<SagaSnapshot[]> {
    return (await inside(tx).entities.findBy(SagaRow, { id: In(ids) })).map(snapshotOfEntity);
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
    const rows = await inside(tx).entities.find(SagaTransitionRow, { where: { sagaId: In(ids) }, order: { sagaId: 'asc', version: 'asc' } });
    return rows.map(({ sagaId, version, fromState, fromStep, toState, toStep, cause, actorId, at }) =>
      ({ sagaId, version, fromState, fromStep, toState, toStep, cause, actorId, at }));
  }
}

/** The sagas about these things, each with its history. */
export async function sagasWithTransitions(tx: Tx, correlationIds: readonly string[]) {
  const sagas = (await inside(tx).entities.findBy(SagaRow, { correlationId: In(correlationIds) })).map(snapshotOfEntity);
  const transitions = sagas.length > 0 ? await new PostgresSagaReader().transitions(tx, sagas.map((saga) => saga.id)) : [];
  return sagas.map((saga) => ({ saga, transitions: transitions.filter((transition) => transition.sagaId === saga.id) }));
}

function conditionsOf({ states, step, overdueOnly }: SagaFilter): Conditions {
  return new Conditions()
    .where(states, (p) => `state = any (${p}::text[])`)
    .where(step, (p) => `step = ${p}`)
    .also(overdueOnly && `deadline < marketplace.clock() and state not in ('COMPLETED', 'COMPENSATED', 'RESOLVED')`);
}

function snapshotOfEntity(row: SagaRow): SagaSnapshot {
  const { id, name, definitionVersion, correlationId, tenantId, state, step, attempt, lastError, deadline, version, startedAt, updatedAt } = row;
  const orderId = (row.data as { readonly orderId?: OrderId }).orderId ?? null;
  const nextWakeAt = earliest(row.callDueAt, row.wakeAt);
  return { id, name, definitionVersion, correlationId, orderId, tenantId, state, step, attempt, lastError, deadline, nextWakeAt, version, startedAt, updatedAt };
}

/** As SQL's `least`: null counts only when there is nothing else. */
function earliest(...dates: readonly (Date | null)[]): Date | null {
  return dates.reduce((first, date) => (first === null || (date !== null && date < first) ? date : first), null);
}

function snapshotOf(row: SnapshotRow): SagaSnapshot {
  return {
    id: row.id, name: row.name, definitionVersion: row.definition_version, correlationId: row.correlation_id, orderId: row.order_id, tenantId: row.tenant_id, state: row.state,
    step: row.step, attempt: row.attempt, lastError: row.last_error, deadline: row.deadline, nextWakeAt: row.next_wake_at, version: row.version,
    startedAt: row.started_at, updatedAt: row.updated_at,
  };
}
