import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { connectRedis } from './redis';

/** Listens where a Redis would; what it says is up to each test. */
async function listen(onConnection: (socket: Socket) => void): Promise<{ server: Server; url: string }> {
  const server = createServer(onConnection);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { server, url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
function signal(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  return { promise: new Promise<void>((resolved) => { resolve = resolved; }), resolve: () => { resolve(); } };
}
const close = (server: Server) => new Promise((closed) => server.close(closed));

describe('Redis, which may be gone', () => {
  it('finds nothing and keeps nothing while there is none, without an error; it says once that it is away', async () => {
    const { server, url } = await listen(() => undefined);
    await close(server);
    const told: boolean[] = [];
    const { promise: away, resolve: seen } = signal();
    const redis = connectRedis({ url, onAvailability: (available) => { told.push(available); seen(); } });
    await expect(redis.get('key')).resolves.toBeNull();
    await expect(redis.set('key', 'value', 60)).resolves.toBeUndefined();
    await expect(redis.delete('key')).resolves.toBeUndefined();
    await away;
    expect(told).toEqual([false]);
    await redis.close();
  });

  it('finds nothing where one is connected but never answers', async () => {
    const sockets: Socket[] = [];
    const { server, url } = await listen((socket) => { sockets.push(socket); socket.on('error', () => undefined); });
    const redis = connectRedis({ url, commandTimeoutMs: 20 });
    await expect(redis.get('key')).resolves.toBeNull();
    await redis.close();
    for (const socket of sockets) socket.destroy();
    await close(server);
  });
});
