import Redis from 'ioredis';
import { TokenBuckets } from '../../../src/infrastructure/http/token-buckets';
import { connectRedis } from '../../../src/infrastructure/redis/redis';
import type { BestEffortRedis } from '../../../src/infrastructure/redis/redis';
import { RedisQuotas } from '../../../src/infrastructure/redis/shared-quotas';
import { claimRedisDatabase } from '../../support/redis';
import { waitFor } from '../../support/wait';

const USER = { name: 'user:a', perMinute: 6 };
let url: string;
let connections: BestEffortRedis[];
beforeAll(async () => {
  url = await claimRedisDatabase();
  const away: Promise<void>[] = [];
  connections = [0, 1].map(() => {
    let ready = (): void => undefined;
    away.push(new Promise((resolve) => { ready = resolve; }));
    return connectRedis({ url, onAvailability: (available) => { if (available) ready(); } });
  });
  await Promise.all(away);
});
afterAll(() => Promise.all(connections.map((connection) => connection.close())));

const quotas = (replica: 0 | 1) => new RedisQuotas(connections[replica]!, 'test');

describe('quotas in Redis', () => {
  it('are one for all replicas, also at the same instant', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => quotas(i % 2 === 0 ? 0 : 1).take(USER)));
    expect(answers.filter((waitMs) => waitMs === 0)).toHaveLength(6);
    for (const waitMs of answers.filter((wait) => wait !== 0)) expect(waitMs).toEqual(expect.any(Number));
    expect(Math.max(...answers.map(Number))).toBeLessThanOrEqual(10_000);
  });

  it('refill with time, and are gone once they would be full', async () => {
    const redis = new Redis(url);
    const key = 'test:quota:user:refilled';
    const user = { name: 'user:refilled', perMinute: 6 };
    for (let i = 0; i < 6; i += 1) expect(await quotas(0).take(user)).toBe(0);
    expect(await quotas(0).take(user)).toBeGreaterThan(0);
    expect(await redis.pttl(key)).toBeGreaterThan(0);
    await redis.hincrby(key, 'at', -10_000);
    expect([await quotas(1).take(user), await quotas(1).take(user)]).toEqual([0, expect.any(Number)]);
    redis.disconnect();
  });

  it('hold at a replica that has not seen the operations itself', async () => {
    const user = { name: 'user:elsewhere', perMinute: 6 };
    for (let i = 0; i < 6; i += 1) await quotas(0).take(user);
    const other = new TokenBuckets(quotas(1));
    expect(other.take([user])).toBe(0); // what the others said is not known yet, and nobody waits for it
    await waitFor(() => Promise.resolve(other.take([user]) > 6_000), { withinMs: 5_000, what: 'the shared quota to hold' });
  });

  it('are null without a Redis', async () => {
    const gone = connectRedis({ url: 'redis://127.0.0.1:1' });
    await expect(new RedisQuotas(gone, 'test').take(USER)).resolves.toBeNull();
    await gone.close();
  });
});
