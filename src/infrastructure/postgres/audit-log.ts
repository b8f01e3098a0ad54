import type { AuditLog, OperatorAction } from '../../application/ports/audit-log';
import type { Tx } from '../../application/ports/unit-of-work';
import { inside } from './transaction';

const RECORD = `insert into marketplace.operator_action (id, action, target, target_id, actor_id, actor, reason, before, after, at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;

export class PostgresAuditLog implements AuditLog {
  async record(tx: Tx, { action, target, targetId, actorId, reason, before, after }: OperatorAction): Promise<void> {
    await inside(tx).query(RECORD, [
      tx.ids.next(), action, target, targetId, actorId, actorId ? 'PERSON' : 'COMMAND', reason,
      before && JSON.stringify(before), after && JSON.stringify(after), tx.now,
    ]);
  }
}
