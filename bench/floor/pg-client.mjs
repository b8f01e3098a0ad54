// The SQL of a request through `pg` alone: the same statements with the same values, prepared, their rows read and nothing made of them.
import { createHash } from 'node:crypto';
import pg from 'pg';

/** `play()` does all transactions of the request and resolves to how many rows came. */
export function openReplay(url, transactions, connections) {
  const pool = new pg.Pool({ connectionString: url, max: connections, options: '-c role=marketplace_api' });
  const prepared = transactions.map(({ statements }) => statements.map(({ text, values }) =>
    values.length === 0 ? text : { name: createHash('sha1').update(text).digest('hex'), text, values }));
  const play = async () => {
    let rows = 0;
    for (const statements of prepared) {
      const client = await pool.connect();
      for (const statement of statements) rows += [await client.query(statement)].flat().reduce((sum, result) => sum + (result.rowCount ?? 0), 0);
      client.release();
    }
    return rows;
  };
  return { play, close: () => pool.end() };
}
