import Redis from 'ioredis';
import { TestProcess } from '../../support/child-process';
import { freePort } from '../../support/ports';
import { retryOnTakenPort, untilReady } from '../../support/readiness';

/** A redis-server of the run's own, which keeps nothing on disk. */
export interface OwnRedis {
  readonly url: string;
  /** kill -9, and wait for the end. */
  kill(): Promise<void>;
  /** Starts it again, empty, where it does not run. */
  restart(): Promise<void>;
  /** Removes everything; returns how many keys there were. */
  flush(): Promise<number>;
  stop(): Promise<void>;
}

export async function startRedis(group: string): Promise<OwnRedis> {
  const { port, first } = await retryOnTakenPort(async () => {
    const port = await freePort();
    return { port, first: await launch(port, group) };
  });
  let server = first;
  return {
    url: `redis://127.0.0.1:${port}`,
    kill: async () => void (await server.kill('SIGKILL')),
    restart: async () => {
      if (!server.running) server = await launch(port, group);
    },
    flush: () => asked(port, async (redis) => {
      const keys = await redis.dbsize();
      await redis.flushall();
      return keys;
    }),
    stop: async () => void (await server.kill('SIGTERM')),
  };
}

async function launch(port: number, group: string): Promise<TestProcess> {
  const server = await TestProcess.start({
    name: 'redis', group, command: process.env['TEST_REDIS_SERVER_BIN'] ?? 'redis-server', args: ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no'],
  });
  await untilReady(server, () => asked(port, async (redis) => (await redis.ping()) === 'PONG'));
  return server;
}

async function asked<T>(port: number, ask: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null });
  redis.on('error', () => undefined); // told by the command that fails
  try {
    await redis.connect();
    return await ask(redis);
  } finally {
    redis.disconnect();
  }
}
