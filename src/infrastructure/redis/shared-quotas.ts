import type { Quota, SharedQuotas } from '../http/token-buckets';
import type { BestEffortRedis } from './redis';

/** A token bucket by Redis's own clock: what is left and when that was; gone by itself once it would be full again. */
const TAKE = `
local perMinute = tonumber(ARGV[1])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local stored = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = math.min(perMinute, (tonumber(stored[1]) or perMinute) + math.max(0, now - (tonumber(stored[2]) or now)) * perMinute / 60000)
if tokens < 1 then return math.ceil((1 - tokens) * 60000 / perMinute) end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens - 1), 'at', now)
redis.call('PEXPIRE', KEYS[1], 61000)
return 0`;

/** The quotas of all replicas together. */
export class RedisQuotas implements SharedQuotas {
  constructor(
    private readonly redis: BestEffortRedis,
    /** Keeps databases apart that share one Redis. */
    private readonly namespace: string,
  ) {}

  async take({ name, perMinute }: Quota): Promise<number | null> {
    const waitMs = await this.redis.evaluate(TAKE, [`${this.namespace}:quota:${name}`], [perMinute]);
    return typeof waitMs === 'number' ? waitMs : null;
  }
}
