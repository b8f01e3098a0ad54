import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

/** A port before somebody's port that is closed until it is opened: to a client, a neighbour that is not there yet. */
export class TcpDoor {
  private server: Server | null = null;
  private readonly sockets = new Set<Socket>();

  constructor(readonly port: number, private readonly behind: { readonly host: string; readonly port: number }) {}

  async open(): Promise<void> {
    const server = createServer((incoming) => {
      const outgoing = connect(this.behind);
      for (const socket of [incoming, outgoing]) {
        this.sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => { this.sockets.delete(socket); incoming.destroy(); outgoing.destroy(); });
      }
      incoming.pipe(outgoing).pipe(incoming);
    });
    await new Promise<void>((resolve, reject) => { server.once('error', reject).listen(this.port, '127.0.0.1', resolve); });
    this.server = server;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => { if (this.server) this.server.close(() => resolve()); else resolve(); });
  }
}

/** The same URL, by way of another port. */
export function throughPort(url: string, port: number): string {
  const through = new URL(url);
  through.port = String(port);
  through.hostname = '127.0.0.1';
  return through.href;
}

