/** So many operations a minute for one name, such as `user:<id>`. */
export interface Quota {
  readonly name: string;
  readonly perMinute: number;
}

/** Takes one operation out of each quota; resolves at once to how long to wait, in milliseconds, or 0 where it may go on. */
export interface RateLimits {
  take(quotas: readonly Quota[]): number;
}

/** Quotas that all replicas share. */
export interface SharedQuotas {
  /** As `RateLimits.take`, for one; null: cannot be asked at the moment. Never throws. */
  take(quota: Quota): Promise<number | null>;
}

interface Bucket {
  tokens: number;
  at: number;
}

const MINUTE_MS = 60_000;
/** Names remembered at most; the one that was used longest ago is forgotten first, and begins anew. */
const MAX_NAMES = 50_000;

/**
 * Token buckets: a minute's operations at once, refilled steadily. This replica's own always count; what all replicas
 * share is asked beside the request, never waited for, and what it last said counts from then on. So a request waits
 * for nobody, and without the shared quotas each replica still keeps its own.
 */
export class TokenBuckets implements RateLimits {
  private readonly buckets = new Map<string, Bucket>();
  private readonly blockedUntil = new Map<string, number>();

  constructor(
    private shared: SharedQuotas | null,
    private readonly now: () => number = Date.now,
  ) {}

  /** From now on all replicas' quotas count as well: a replica serves before it knows where they are. */
  share(quotas: SharedQuotas): void {
    this.shared = quotas;
  }

  take(quotas: readonly Quota[]): number {
    const now = this.now();
    const filled = quotas.map((quota) => ({ quota, bucket: this.bucket(quota, now) }));
    const waitMs = Math.max(0, this.blockedFor(quotas, now), ...filled.map(({ quota, bucket }) => (bucket.tokens >= 1 ? 0 : ((1 - bucket.tokens) * MINUTE_MS) / quota.perMinute)));
    if (waitMs > 0) return waitMs;
    for (const { bucket } of filled) bucket.tokens -= 1;
    for (const quota of quotas) void this.askShared(quota);
    return 0;
  }

  private bucket({ name, perMinute }: Quota, now: number): Bucket {
    const known = this.buckets.get(name);
    const bucket = known ? { tokens: Math.min(perMinute, known.tokens + ((now - known.at) * perMinute) / MINUTE_MS), at: now } : { tokens: perMinute, at: now };
    remember(this.buckets, name, bucket);
    return bucket;
  }

  private blockedFor(quotas: readonly Quota[], now: number): number {
    return Math.max(0, ...quotas.map(({ name }) => (this.blockedUntil.get(name) ?? 0) - now));
  }

  private async askShared(quota: Quota): Promise<void> {
    const waitMs = await this.shared?.take(quota);
    if (waitMs != null && waitMs > 0) remember(this.blockedUntil, quota.name, this.now() + waitMs);
  }
}

function remember<Value>(map: Map<string, Value>, name: string, value: Value): void {
  map.delete(name);
  map.set(name, value);
  if (map.size <= MAX_NAMES) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
