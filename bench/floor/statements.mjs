// Reads back from PostgreSQL's log what the service sends for one operation, so that a floor does the same.
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const SETTLE_MS = 400;

/**
 * The transactions of `operation`, in the order in which they began: `{ statements: [{ text, values }], wrote }`.
 * Values are as the log tells them: text, or null.
 */
export async function transactionsOf({ sql, postgres }, operation) {
  const file = path.join(postgres.data, 'log/postgres.json');
  await setLogging(sql, true);
  const from = statSync(file).size;
  await operation();
  await pause(SETTLE_MS); // what follows it: acknowledgements, the outbox
  await setLogging(sql, false);
  const lines = readFileSync(file).subarray(from).toString().split('\n').filter(Boolean).map((line) => JSON.parse(line));
  return grouped(lines.filter((line) => line.dbname === 'marketplace' && line.message));
}

async function setLogging(sql, on) {
  await sql(`alter system set log_statement = '${on ? 'all' : 'none'}'`);
  await sql('select pg_reload_conf()');
  await pause(SETTLE_MS); // the server's processes hear of it one by one
}

function grouped(lines) {
  const open = new Map();
  const done = [];
  for (const line of lines) {
    const statement = statementOf(line);
    if (!statement) continue;
    const current = open.get(line.pid) ?? { statements: [], wrote: false };
    if (current.statements.length === 0) done.push(current);
    current.statements.push(statement);
    if (line.txid) current.wrote = true;
    if (/^begin/i.test(statement.text)) open.set(line.pid, current);
    else if (/^(commit|rollback)/i.test(statement.text)) open.delete(line.pid);
  }
  return done;
}

function statementOf({ message, detail }) {
  const match = /^(?:statement|execute [^:]+): ([\s\S]*)$/.exec(message);
  return match && { text: match[1], values: valuesOf(detail ?? '') };
}

/** `Parameters: $1 = 'it''s', $2 = NULL` */
function valuesOf(detail) {
  return [...detail.matchAll(/\$\d+ = (?:'((?:[^']|'')*)'|NULL)(?:, |$)/g)].map(([, text]) => text?.replaceAll("''", "'") ?? null);
}
