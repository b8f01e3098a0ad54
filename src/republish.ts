import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { connect } from 'nats';
import { parseId } from './domain/ids';
import { ensureMarketplaceStream } from './infrastructure/nats/connection';
import { createEventCodec } from './infrastructure/nats/envelope';
import { createDataSource } from './infrastructure/postgres/data-source';
import { OutboxArchive } from './infrastructure/postgres/outbox-archive';
import type { EventSelection } from './infrastructure/postgres/outbox-archive';

/*
 * Publishes events of the outbox again: for a stream that was wiped or rolled back, or a consumer that lost some. The
 * ids stay the same, so whoever has one already passes it over. Which is why the stream must not: its own memory of
 * message ids may outlive what it lost, so each run sends under message ids of its own.
 */
export interface RepublishOptions {
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly selection: EventSelection;
  readonly dryRun: boolean;
  readonly reason: string | null;
  readonly say: (line: string) => void;
}

/** Answers with how many events were sent, or with `dryRun` would be. */
export async function republish({ databaseUrl, natsUrl, selection, dryRun, reason, say }: RepublishOptions): Promise<number> {
  const database = await createDataSource({ url: databaseUrl, role: 'marketplace_worker', poolSize: 1 }).initialize();
  try {
    const archive = new OutboxArchive(database);
    const found = await archive.count(selection);
    if (dryRun) {
      for await (const { envelope } of archive.published(selection)) say(`${envelope.time} ${envelope.type} ${envelope.subject} version ${envelope.aggregateversion} id ${envelope.id}`);
      return found;
    }
    await archive.record(selection, found, reason);
    return await send(archive, selection, natsUrl);
  } finally {
    await database.destroy();
  }
}

/** One after the other: the order of each aggregate is kept, and one that is refused ends it. */
async function send(archive: OutboxArchive, selection: EventSelection, natsUrl: string): Promise<number> {
  const codec = createEventCodec();
  const connection = await connect({ servers: natsUrl, name: 'marketplace-republish' });
  try {
    await ensureMarketplaceStream(connection);
    const jetstream = connection.jetstream({ timeout: 5_000 });
    const run = randomUUID();
    let sent = 0;
    for await (const { envelope } of archive.published(selection)) {
      await jetstream.publish(envelope.type, codec.encode(envelope), { msgID: `${envelope.id}:again:${run}` });
      sent += 1;
    }
    return sent;
  } finally {
    await connection.close();
  }
}

const USAGE = `npm run outbox:republish -- [--id <event id>]… [--aggregate <id>] [--since <time>] [--until <time>] [--reason <text>] [--dry-run]
  At least one of --id, --aggregate and --since; what is given must all be true. Times are RFC 3339 and of when the event was stored.`;

/** @throws Error that names what is wrong with the arguments */
export function selectionFrom(args: readonly string[]): { readonly selection: EventSelection; readonly dryRun: boolean; readonly reason: string | null } {
  const { values } = parseArgs({ args: [...args], options: {
    id: { type: 'string', multiple: true }, aggregate: { type: 'string' }, since: { type: 'string' }, until: { type: 'string' }, reason: { type: 'string' }, 'dry-run': { type: 'boolean' },
  } });
  if (!values.id && !values.aggregate && !values.since) throw new Error('say which events');
  return {
    selection: { ids: values.id?.map((id) => idFrom('--id', id)), aggregateId: values.aggregate && idFrom('--aggregate', values.aggregate), since: timeFrom('--since', values.since), until: timeFrom('--until', values.until) },
    dryRun: values['dry-run'] ?? false, reason: values.reason?.trim() || null,
  };
}

function idFrom(option: string, text: string): string {
  const id = parseId(text);
  if (!id) throw new Error(`${option} must be a UUID`);
  return id;
}

function timeFrom(option: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text) || Number.isNaN(Date.parse(text))) throw new Error(`${option} must be a time such as 2026-01-31T12:00:00Z`);
  return new Date(text);
}

async function main(): Promise<void> {
  const { DATABASE_URL: databaseUrl, NATS_URL: natsUrl } = process.env;
  const options = selectionFrom(process.argv.slice(2));
  if (!databaseUrl || !natsUrl) throw new Error('set DATABASE_URL and NATS_URL');
  const events = await republish({ ...options, databaseUrl, natsUrl, say: (line) => { console.log(line); } });
  console.log(`${events} events ${options.dryRun ? 'would be sent again' : 'sent again'}`);
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(`nothing more is sent: ${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exitCode = 1;
  });
}
