// pgbench plays an operation of the service: the same statements with the same values, in the same transactions, with ids of its own.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SetupError } from '../../scripts/stack/progress.mjs';
import { latency } from '../measure/figures.mjs';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
let runs = 0;
const OFFER_COLUMNS = { listingId: 'listing_id', planId: 'plan_id', courseId: 'course_id', courseVersionId: 'course_version_id', providerId: 'provider_id' };

export function findPgbench() {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).map((version) => path.join(debian, version, 'bin')) : [];
  const found = [...versions.reverse(), ...(process.env.PATH ?? '').split(path.delimiter), '/opt/homebrew/opt/libpq/bin'].map((dir) => path.join(dir, 'pgbench')).find(existsSync);
  if (!found) throw new SetupError('pgbench not found: it is part of PostgreSQL (Debian: apt-get install postgresql; macOS: brew install libpq)');
  return found;
}

/** The offers that a floor's orders are for, where its script finds them. */
export async function storeOffers(sql, offers) {
  await sql('create schema bench');
  await sql('create table bench.offer (i integer primary key, listing_id uuid, plan_id uuid, course_id uuid, course_version_id uuid, provider_id uuid)');
  await sql(`insert into bench.offer select row_number() over () , "listingId", "planId", "courseId", "courseVersionId", "providerId" from jsonb_to_recordset($1::jsonb)
    as o ("listingId" uuid, "planId" uuid, "courseId" uuid, "courseVersionId" uuid, "providerId" uuid)`, [JSON.stringify(offers)]);
  await sql('analyze bench.offer');
}

/**
 * A script that does the transactions once more, each time with fresh ids (UUIDv7, as the service draws them) and another
 * offer. One statement at its beginning works the values out; it is all that is added.
 */
export function orderScript(recorded, { offer, offers }) {
  const transactions = recorded.map(({ statements }) => ({ statements: statements.map(({ text, values }) => ({ text, values: values.map(notDueYet) })) }));
  const values = new ValueBook(offer, transactions);
  const body = transactions.flatMap((transaction) => transaction.statements.flatMap((statement) => values.lines(statement)));
  return [`\\set i random(1, ${offers})`, values.preparation(), ...body, ''].join('\n');
}

const TIME = /(\d{4}-\d\d-\d\d)([T ]\d\d:\d\d:\d\d(?:\.\d+)?)(Z|\+00)/g;

/** What was to be looked at a minute after the recording is due while the floor runs, and the replica would take it up: it gets another day. */
function notDueYet(value) {
  const later = (date) => new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
  return typeof value === 'string'
    ? value.replaceAll(TIME, (whole, date, time, zone) => (Date.parse(`${date}${time.replace(' ', 'T')}Z`) > Date.now() ? `${later(date)}${time}${zone}` : whole))
    : value;
}

class ValueBook {
  #sources = new Map();
  #computed = new Map();
  #created = 0;

  constructor(offer, transactions) {
    for (const [name, column] of Object.entries(OFFER_COLUMNS)) this.#sources.set(offer[name], `o.${column}`);
    const texts = transactions.flatMap(({ statements }) => statements.flatMap(({ text, values }) => [text, ...values.map(String)]));
    for (const id of texts.flatMap((text) => text.match(UUID) ?? [])) {
      if (!this.#sources.has(id)) this.#sources.set(id, `f.u${this.#sources.size}`);
    }
    const number = texts.find((text) => /^[0-9A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}$/.test(text));
    const digits = "upper(right(f.u_number, 10))";
    if (number) this.#sources.set(number, `(left(${digits}, 2) || '-' || substr(${digits}, 3, 4) || '-' || right(${digits}, 4))`);
  }

  /** Statements of pgbench for one of the service's. */
  lines({ text, values }) {
    const begin = /^begin([^;]*);\s*(select[\s\S]*)$/.exec(text);
    // The service opens a transaction and says whose it is in one message; pgbench can in a pipeline.
    if (begin) return ['\\startpipeline', `begin${begin[1]};`, `${this.#texts(begin[2])};`, '\\endpipeline'];
    if (/update marketplace\.outbox set published_at/.test(text)) return this.#mark(text, values[0]);
    return [`${this.#texts(text).replaceAll(/\$(\d+)/g, (_, n) => this.#value(values[n - 1]))};`];
  }

  /** When the rows were stored only the database knows: looked up, as the relay does that reads them. */
  #mark(text, ids) {
    const name = `c${(this.#created += 1)}`;
    const given = this.#value(ids);
    return [
      `select min(created_at)::text as ${name}_from, max(created_at)::text as ${name}_to from unnest(${given}::uuid[]) as e (id) join marketplace.outbox using (id) \\gset`,
      `${text.replace('$1', given).replace('$2', `:${name}_from::timestamptz`).replace('$3', `:${name}_to::timestamptz`)};`,
    ];
  }

  preparation() {
    const ids = [...this.#sources.values()].filter((source) => source.startsWith('f.')).map((source) => `uuidv7()::text as ${source.slice(2)}`);
    const columns = [...this.#computed].map(([text, name]) => `${this.#expression(text)} as ${name}`);
    return `with f as (select ${[...ids, 'uuidv7()::text as u_number'].join(', ')}) select ${columns.join(', ')} from f, bench.offer o where o.i = :i \\gset`;
  }

  /** Literals inside of a statement's text that hold an id. */
  #texts(text) {
    return text.replaceAll(/'([^']*)'/g, (literal, inner) => (this.#isMade(inner) ? this.#value(inner) : literal));
  }

  /** A variable of pgbench where it changes with each order, else a literal; neither has a type of its own. */
  #value(text) {
    if (text === null || text === undefined) return 'null';
    if (!this.#isMade(text)) return literal(text);
    if (!this.#computed.has(text)) this.#computed.set(text, `p${this.#computed.size}`);
    return `:${this.#computed.get(text)}`;
  }

  #isMade(text) {
    return [...this.#sources.keys()].some((made) => text.includes(made));
  }

  #expression(text) {
    const made = new RegExp([...this.#sources.keys()].join('|'), 'g');
    const between = text.split(made).map(literal);
    const ids = text.match(made).map((id) => `${this.#sources.get(id)}::text`);
    return between.flatMap((part, index) => (index < ids.length ? [part, ids[index]] : [part])).filter((part) => part !== "E''").join(' || ');
  }
}

/** pgbench takes `:name` for a variable even inside of quotes. Shard 99 is no relay's, so that no relay publishes what the floor stores. */
function literal(text) {
  const escaped = text.replaceAll(/"shard": ?\d+/g, '"shard":99').replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll(':', '\\x3a');
  return `E'${escaped}'`;
}

/** Runs the script for so many seconds; resolves to its figures. Asynchronous, so that signals are heard meanwhile. */
export async function runPgbench(processes, { script, url, dir, clients, seconds }) {
  const file = path.join(dir, 'floor.sql');
  writeFileSync(file, script);
  const prefix = path.join(dir, `floor-${Date.now()}`);
  const args = ['-n', '-M', 'prepared', '-c', String(clients), '-j', '1', '-T', String(seconds), '-f', file, '-l', '--log-prefix', prefix, url];
  const child = processes.start(`pgbench-${(runs += 1)}`, findPgbench(), args); // a log of its own, which is read below
  const how = await child.exited;
  const output = readFileSync(child.logFile, 'utf8');
  const operations = Number(/transactions actually processed: (\d+)/.exec(output)?.[1]);
  const perSecond = Number(/tps = ([\d.]+)/.exec(output)?.[1]);
  if (how !== 'exit code 0' || !operations || /aborted/.test(output)) throw new Error(`pgbench: ${how}\n${output.slice(-3_000)}`);
  const logs = readdirSync(dir).filter((name) => name.startsWith(path.basename(prefix)));
  const samples = logs.flatMap((name) => readFileSync(path.join(dir, name), 'utf8').split('\n').filter(Boolean).map((line) => Number(line.split(' ')[2]) / 1_000));
  return { operations, perSecond, ...latency(samples) };
}

export const pgbenchVersion = () => spawnSync(findPgbench(), ['--version'], { encoding: 'utf8' }).stdout.trim();
