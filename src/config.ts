import { z } from 'zod';

const url = (protocols: readonly string[]) => z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), `must be a URL (${protocols.join(', ')})`);
const http = url(['http:', 'https:']);
const positive = (fallback: number) => z.coerce.number().int().positive().default(fallback);

const schema = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test']).default('development'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4001),
  /** What this process does: answer GraphQL, do the work behind it, or both. */
  ROLES: z.string().default('api,worker').transform((text) => text.split(',').map((role) => role.trim())).pipe(z.array(z.enum(['api', 'worker'])).min(1)),
  DATABASE_URL: url(['postgres:', 'postgresql:']),
  DATABASE_POOL_API: positive(20),
  DATABASE_POOL_WORKER: positive(20),
  /** Connections that renewals have to themselves, so that no backlog of them starves checkouts. */
  DATABASE_POOL_RENEWALS: positive(4),
  NATS_URL: url(['nats:', 'tls:']),
  /** Makes things faster; without it everything still works. */
  REDIS_URL: url(['redis:', 'rediss:']).optional(),
  IDENTITY_ISSUER: z.string().min(1),
  IDENTITY_JWKS_URL: http,
  IDENTITY_AUDIENCE: z.string().min(1),
  BILLING_URL: http,
  CATALOG_URL: http,
  TENANT_URL: http,
  FX_URL: http,
  /** Stripe Connect, for payouts to providers and nothing else. */
  STRIPE_SECRET_KEY: z.string().min(1),
  /** Where Stripe is; left out: at Stripe's own address. */
  STRIPE_API_BASE: http.optional(),
  /** search-service; without it the database searches. */
  SEARCH_URL: http.optional(),
  /** Refund window of a plan that names none, in days. */
  DEFAULT_REFUND_WINDOW_DAYS: z.coerce.number().int().min(0).max(365).default(14),
  /** What the platform keeps of a provider's gross, in percent, up to two decimals. */
  PLATFORM_FEE_PERCENT: z.string().regex(/^\d{1,3}(\.\d{1,2})?$/, 'must be a percentage with at most two decimals').default('15')
    .transform(Number).pipe(z.number().max(100)),
  /** Below it nothing is paid out, in minor units of the account's currency. */
  PAYOUT_MINIMUM_MINOR: z.coerce.bigint().nonnegative().default(5_000n),
  /** The same for single currencies: "JPY=7000,KWD=15000". */
  PAYOUT_MINIMUMS_MINOR: z.string().regex(/^([A-Z]{3}=\d{1,15}(,|$))*$/, 'must be a list such as JPY=7000,GBP=4000').default('')
    .transform((text) => new Map(text.split(',').filter(Boolean).map((part) => [part.slice(0, 3), BigInt(part.slice(4))] as const))),
  /** How long nothing is paid to a new account, in days. */
  PAYOUT_HOLD_DAYS: z.coerce.number().int().min(0).max(365).default(7),
  /** The day of each month on which everybody is paid; 0: only when an operator says so. */
  PAYOUT_DAY_OF_MONTH: z.coerce.number().int().min(0).max(28).default(1),
  /** Calls to Stripe under way at once, at most, per process: it takes about 100 requests a second. */
  STRIPE_CONCURRENCY: positive(8),
  /** How often due batches of payouts are looked for, in milliseconds. */
  PAYOUT_POLL_MS: positive(5_000),
  /** How long before its end it is told that a licence will expire, in days. */
  LICENSE_EXPIRING_DAYS: z.coerce.number().int().min(0).max(365).default(14),
  /** How often licences that end and seats that nobody answers for are looked for, in milliseconds. */
  LICENSE_POLL_MS: positive(1_000),
  /** How often requests to be forgotten, or for what is stored, are looked at, in milliseconds. */
  SUBJECT_REQUEST_POLL_MS: positive(1_000),
  /** How often due sagas are looked for, in milliseconds; the happy path does not wait for it. */
  SAGA_POLL_MS: positive(250),
  /** How long published events are kept to be published again, in days: at least one more than the stream's seven. */
  OUTBOX_KEEP_DAYS: z.coerce.number().int().min(8).default(8),
  /** How long it is known which events were taken in, in days: longer than any stream keeps its messages. */
  INBOX_KEEP_DAYS: z.coerce.number().int().min(8).default(30),
  /** Operations a minute, over all replicas while Redis is there: of one user, of one tenant's users together, of one address without a token. */
  RATE_LIMIT_PER_MINUTE: positive(6_000),
  RATE_LIMIT_TENANT_PER_MINUTE: positive(60_000),
  RATE_LIMIT_ADDRESS_PER_MINUTE: positive(60_000),
  /** Whose X-Forwarded-For is believed: addresses and networks, with commas between. */
  TRUSTED_PROXIES: z.string().default('127.0.0.0/8,::1').transform((text) => text.split(',').map((proxy) => proxy.trim()).filter((proxy) => proxy !== '')),
  /** Bounds of one operation: words and signs, fields inside fields, aliases, directives, objects asked for. */
  MAX_QUERY_TOKENS: positive(5_000),
  MAX_QUERY_DEPTH: positive(12),
  MAX_QUERY_ALIASES: positive(100),
  MAX_QUERY_DIRECTIVES: positive(50),
  MAX_QUERY_COST: positive(100_000),
  /** WebSockets of one replica, and of one user (or address without a token) on it. */
  MAX_SOCKETS: positive(20_000),
  MAX_SOCKETS_PER_USER: positive(1_000),
  /** Operations under way on one socket, and of one user on one replica. */
  MAX_SUBSCRIPTIONS_PER_SOCKET: positive(100),
  MAX_SUBSCRIPTIONS_PER_USER: positive(1_000),
  /** Calls to billing under way at once, at most, per process. */
  SAGA_CONCURRENCY: positive(64),
  /** Where traces go (OTLP over HTTP, the base URL); without it there are none, and nothing of it is loaded. */
  OTEL_EXPORTER_OTLP_ENDPOINT: http.optional(),
  /** How long a replica that is told to stop still takes connections, for balancers to notice, in milliseconds. */
  DRAIN_GRACE_MS: z.coerce.number().int().min(0).max(5_000).default(2_000),
  /** Renewals whose payment is being asked for at once, at most, per process: of a backlog no more are begun. */
  RENEWAL_CONCURRENCY: positive(16),
  /** How often subscriptions whose period has ended are looked for, in milliseconds. */
  RENEWAL_POLL_MS: positive(1_000),
  /** Days after the period's end on which a softly declined renewal is tried again. */
  DUNNING_RETRY_DAYS: z.string().default('1,3,5,7').transform((text) => text.split(',').map(Number)).pipe(z.array(z.number().int().positive()).max(30)),
  /** Days after the period's end until which an unpaid subscription gives access. */
  GRACE_DAYS: positive(7),
  /** Days after the period's end after which an unpaid subscription expires. */
  SUSPENSION_DAYS: positive(14),
});

export type Config = z.infer<typeof schema>;

/** The configuration from the environment; every setting that is missing or wrong is named at once. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const result = schema.safeParse(environment);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${environment[String(issue.path[0])] === undefined ? 'is missing' : issue.message}`);
  throw new Error(`the configuration is not complete\n  ${problems.join('\n  ')}`);
}

/** Before every key in Redis: keeps databases apart that share one. */
export function redisNamespace({ DATABASE_URL }: Config): string {
  return `marketplace:${new URL(DATABASE_URL).pathname.slice(1)}`;
}
