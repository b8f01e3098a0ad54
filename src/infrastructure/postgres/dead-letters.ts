import { In } from 'typeorm';
import { DeadLetterRow } from '../../../entities/dead-letter';
import type { DeadLetter, DeadLetterReader, DeadLetterStore } from '../../application/ports/dead-letters';
import type { PageRequest } from '../../application/ports/page';
import type { Tx } from '../../application/ports/unit-of-work';
import type { DeadLetterId, UserId } from '../../domain/ids';
import { Conditions, countRows, readPage } from './keyset';
import { inside } from './transaction';

const TABLE = 'marketplace.dead_letter';
const COLUMNS = 'id, consumer, subject, event_id as "eventId", error, deliveries, payload, at, replayed_at as "replayedAt"';

/** Messages that could not be taken in, as operators see them and send them through again. */
export class PostgresDeadLetters implements DeadLetterReader, DeadLetterStore {
  async byIds(tx: Tx, ids: readonly DeadLetterId[]): Promise<DeadLetter[]> {
    const rows = await inside(tx).entities.findBy(DeadLetterRow, { id: In(ids) });
    return rows.map(({ id, consumer, subject, eventId, error, deliveries, payload, at, replayedAt }) =>
      ({ id: id as DeadLetterId, consumer, subject, eventId, error, deliveries, payload, at, replayedAt }));
  }

  page(tx: Tx, page: PageRequest) {
    return readPage(tx, {
      columns: COLUMNS, from: TABLE, conditions: new Conditions(), key: { column: 'at', type: 'timestamptz', direction: 'desc' },
      nodeOf: (row: DeadLetter) => row, keyOf: (letter) => ({ key: letter.at.toISOString(), id: letter.id }),
    }, page);
  }

  count(tx: Tx): Promise<number> {
    return countRows(tx, TABLE, new Conditions());
  }

  async lock(tx: Tx, id: DeadLetterId): Promise<DeadLetter | null> {
    const [row] = await inside(tx).query<DeadLetter>(`select ${COLUMNS} from ${TABLE} where id = $1 for update`, [id]);
    return row ?? null;
  }

  async markReplayed(tx: Tx, id: DeadLetterId, by: UserId): Promise<void> {
    await inside(tx).query(`update ${TABLE} set replayed_at = $2, replayed_by = $3 where id = $1 and replayed_at is null`, [id, tx.now, by]);
  }

  async markFailed(tx: Tx, id: DeadLetterId, error: string): Promise<void> {
    await inside(tx).query(`update ${TABLE} set error = $2, deliveries = deliveries + 1 where id = $1 and replayed_at is null`, [id, error]);
  }
}
