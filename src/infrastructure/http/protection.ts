import { DEFAULT_OPERATION_LIMITS } from './operation-limits';
import type { OperationLimits } from './operation-limits';
import type { RateSettings } from './principal';
import { DEFAULT_SOCKET_CAPS } from './socket-caps';
import type { SocketCaps } from './socket-caps';
import { TokenBuckets } from './token-buckets';
import type { RateLimits } from './token-buckets';

/** What keeps one caller from taking what others need. */
export interface Protection {
  readonly operations: OperationLimits;
  readonly sockets: SocketCaps;
  readonly rates: RateSettings;
  readonly rateLimits: RateLimits;
  /** Addresses and networks whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
}

/** As the settings have it when nothing is set, with this replica's own quotas. */
export function defaultProtection(): Protection {
  return {
    operations: DEFAULT_OPERATION_LIMITS,
    sockets: DEFAULT_SOCKET_CAPS,
    rates: { perUser: 6_000, perTenant: 60_000, perAddress: 60_000 },
    rateLimits: new TokenBuckets(null),
    trustedProxies: ['127.0.0.0/8', '::1'],
  };
}
