import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** Between a replica and PostgreSQL: passes everything on and counts the statements that are sent. */
export interface StatementCount {
  /** The database's URL, by way of the count. */
  readonly url: string;
  /** Statements so far, on all connections: simple queries and executions of prepared ones. */
  readonly sent: number;
  stop(): Promise<void>;
}

const TYPE_BYTES = 1;
const LENGTH_BYTES = 4;
const SIMPLE_QUERY = 'Q'.charCodeAt(0);
const EXECUTE = 'E'.charCodeAt(0);

export async function countStatements(databaseUrl: string): Promise<StatementCount> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let sent = 0;
  const server = createServer((client) => {
    const database = connect(Number(target.port), target.hostname);
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => { client.destroy(); database.destroy(); sockets.delete(socket); });
    }
    const statements = statementsIn();
    client.on('data', (chunk) => { sent += statements(chunk); });
    client.pipe(database);
    database.pipe(client);
  });
  await new Promise<void>((listening) => { server.listen(0, '127.0.0.1', listening); });
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    get sent() { return sent; },
    stop: () => new Promise((closed) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => { closed(); });
    }),
  };
}

/** Frames of PostgreSQL's protocol as they come in pieces; the first of a connection, its start-up, has no type. */
function statementsIn(): (chunk: Buffer) => number {
  let rest: Buffer = Buffer.alloc(0);
  let typeBytes = 0;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    let found = 0;
    while (rest.length >= typeBytes + LENGTH_BYTES) {
      const end = typeBytes + rest.readUInt32BE(typeBytes);
      if (rest.length < end) break;
      if (typeBytes === TYPE_BYTES && (rest[0] === SIMPLE_QUERY || rest[0] === EXECUTE)) found += 1;
      rest = rest.subarray(end);
      typeBytes = TYPE_BYTES;
    }
    return found;
  };
}
