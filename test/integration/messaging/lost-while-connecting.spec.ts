import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createDataSource } from '../../../src/infrastructure/postgres/data-source';

const message = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const AUTHENTICATED = message('R', Buffer.alloc(4));
const READY = message('Z', Buffer.from('I'));
const TERMINATED = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0'));

describe('a backend that is terminated right after it was begun', () => {
  it('given its end is read together with its beginning, the replica lives on and the caller is told', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => { socket.end(Buffer.concat([AUTHENTICATED, READY, TERMINATED])); });
    });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    const { port } = server.address() as AddressInfo;
    try {
      await expect(createDataSource({ url: `postgres://postgres:x@127.0.0.1:${port}/x`, role: 'marketplace_worker', poolSize: 1 }).initialize()).rejects.toThrow();
    } finally {
      server.close();
    }
  });
});
