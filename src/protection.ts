import type { Config } from './config';
import type { Protection } from './infrastructure/http/protection';
import type { RateLimits } from './infrastructure/http/token-buckets';

/** The settings that keep one caller from taking what others need. */
export function protectionOf(config: Config, rateLimits: RateLimits): Protection {
  return {
    operations: {
      maxTokens: config.MAX_QUERY_TOKENS, maxDepth: config.MAX_QUERY_DEPTH, maxAliases: config.MAX_QUERY_ALIASES, maxDirectives: config.MAX_QUERY_DIRECTIVES, maxCost: config.MAX_QUERY_COST,
    },
    sockets: {
      maxSockets: config.MAX_SOCKETS, maxSocketsPerPrincipal: config.MAX_SOCKETS_PER_USER,
      maxSubscriptionsPerSocket: config.MAX_SUBSCRIPTIONS_PER_SOCKET, maxSubscriptionsPerPrincipal: config.MAX_SUBSCRIPTIONS_PER_USER,
    },
    rates: { perUser: config.RATE_LIMIT_PER_MINUTE, perTenant: config.RATE_LIMIT_TENANT_PER_MINUTE, perAddress: config.RATE_LIMIT_ADDRESS_PER_MINUTE },
    rateLimits,
    trustedProxies: config.TRUSTED_PROXIES,
  };
}
