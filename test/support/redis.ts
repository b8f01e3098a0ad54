import Redis from 'ioredis';
import { required } from './database';

/** A Redis URL whose numbered database nobody else of this run uses. */
export async function claimRedisDatabase(): Promise<string> {
  const url = new URL(required('TEST_REDIS_URL'));
  const redis = new Redis(url.href, { lazyConnect: true });
  try {
    await redis.connect();
    const number = await redis.incr('marketplace:test:databases-claimed');
    url.pathname = `/${number}`;
    await redis.select(number);
    await redis.flushdb();
    return url.href;
  } finally {
    redis.disconnect();
  }
}
