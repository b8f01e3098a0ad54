import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/** Stands between one replica and one of its servers, on 127.0.0.1, and lets connections fail as networks do. */
export class TcpProxy {
  readonly #pairs = new Set<Pair>();
  /** Ends of connections whose other end is gone. */
  readonly #lost = new Set<Socket>();
  #stalled = false;

  private constructor(
    readonly port: number,
    private readonly listener: Server,
  ) {}

  static async before(target: URL): Promise<TcpProxy> {
    const listener = createServer();
    await new Promise<void>((resolve, reject) => listener.once('error', reject).listen(0, '127.0.0.1', resolve));
    const proxy = new TcpProxy((listener.address() as AddressInfo).port, listener);
    listener.on('connection', (client) => { proxy.#pass(client, connect(Number(target.port), target.hostname)); });
    return proxy;
  }

  /** The URL with this proxy in the server's place. */
  standingIn(url: string): string {
    const changed = new URL(url);
    changed.hostname = '127.0.0.1';
    changed.port = String(this.port);
    return changed.href;
  }

  /** How many connections there are. */
  get connections(): number {
    return this.#pairs.size;
  }

  /** Half-open: connections stay, nothing passes any more, in neither direction, nor on new ones. Returns how many. */
  stall(): number {
    this.#stalled = true;
    for (const pair of this.#pairs) hold(pair);
    return this.#pairs.size;
  }

  /** What was held passes after all. */
  resume(): void {
    if (!this.#stalled) return;
    this.#stalled = false;
    for (const { client, server } of this.#pairs) {
      client.pipe(server);
      server.pipe(client);
    }
  }

  /** Half-closed: the replica hears the end of its streams, the server hears nothing until the replica lets go. Returns how many. */
  halfClose(): number {
    const pairs = [...this.#pairs];
    for (const pair of pairs) {
      hold(pair);
      this.#pairs.delete(pair);
      this.#lost.add(pair.client);
      pair.client.once('close', () => { pair.server.destroy(); }).resume().end();
    }
    return pairs.length;
  }

  /** The present connections are dead and nobody is told; new ones work. Returns how many. */
  lose(): number {
    const pairs = [...this.#pairs];
    for (const pair of pairs) {
      hold(pair);
      pair.server.destroy();
      this.#pairs.delete(pair); // the client's end stays open, and silent
      this.#lost.add(pair.client);
    }
    return pairs.length;
  }

  close(): void {
    this.listener.close();
    for (const { client, server } of this.#pairs) { client.destroy(); server.destroy(); }
    for (const client of this.#lost) client.destroy();
  }

  #pass(client: Socket, server: Socket): void {
    const pair = { client, server };
    this.#pairs.add(pair);
    const end = (): void => {
      if (!this.#pairs.delete(pair)) return;
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on('error', end).setNoDelay(true);
    client.on('close', end);
    server.on('close', () => { if (!this.#stalled) end(); });
    if (this.#stalled) return;
    client.pipe(server);
    server.pipe(client);
  }
}

function hold({ client, server }: Pair): void {
  client.unpipe(server);
  server.unpipe(client);
  client.pause();
  server.pause();
}
