import { Redis } from 'ioredis';

/**
 * Redis as this service uses it: it makes things faster and is never needed for correctness. So nothing here throws
 * or waits for long: while Redis is down or slow, reading finds nothing and writing does nothing.
 */
export interface BestEffortRedis {
  get(key: string): Promise<string | null>;
  /** Keeps the value for `ttlSeconds`. */
  set(key: string, value: string, ttlSeconds: number): Promise<void>;
  delete(key: string): Promise<void>;
  /** Runs a Lua script, atomically; null while there is no Redis. */
  evaluate(script: string, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
  close(): Promise<void>;
}

export interface RedisOptions {
  readonly url: string;
  /** Told once when Redis goes away and once when it is back. */
  readonly onAvailability?: (available: boolean, error?: Error) => void;
  /** The longest that a command may take, in milliseconds; default 250. */
  readonly commandTimeoutMs?: number;
}

const MAX_RECONNECT_DELAY_MS = 5_000;

/** Begins to connect and returns at once, whether or not there is a Redis. */
export function connectRedis({ url, onAvailability, commandTimeoutMs = 250 }: RedisOptions): BestEffortRedis {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2_000,
    commandTimeout: commandTimeoutMs,
    retryStrategy: (attempt) => Math.min(attempt * 100, MAX_RECONNECT_DELAY_MS),
  });
  watch(redis, onAvailability);
  redis.connect().catch(() => undefined); // it goes on trying by retryStrategy
  return {
    get: async (key) => redis.get(key).catch(() => null),
    set: async (key, value, ttlSeconds) => void (await redis.set(key, value, 'EX', ttlSeconds).catch(() => null)),
    delete: async (key) => void (await redis.del(key).catch(() => null)),
    evaluate: async (script, keys, args) => redis.eval(script, keys.length, ...keys, ...args).catch(() => null),
    close: async () => { redis.disconnect(); },
  };
}

/** An 'error' event that nobody listens to ends the process; and each failed attempt to connect emits one. */
function watch(redis: Redis, onAvailability: RedisOptions['onAvailability']): void {
  let available: boolean | null = null;
  const become = (now: boolean, error?: Error): void => {
    if (available === now) return;
    available = now;
    onAvailability?.(now, error);
  };
  redis.on('ready', () => { become(true); });
  redis.on('error', (error: Error) => { become(false, error); });
  redis.on('close', () => { if (available === true) become(false); });
}
