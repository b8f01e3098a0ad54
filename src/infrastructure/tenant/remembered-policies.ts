import { z } from 'zod';
import { NeighbourUnavailable } from '../../application/ports/neighbour-unavailable';
import type { TenantPolicies } from '../../application/ports/tenant-policies';
import type { TenantId } from '../../domain/ids';
import type { PurchasePolicy } from '../../domain/pricing/purchase-policy';
import type { BestEffortRedis } from '../redis/redis';

const FRESH_MS = 60_000;
/** How old an answer may be while tenant-service is down. */
const STALE_MS = 60 * 60_000;

const minor = z.string().transform((text) => BigInt(text)).nullable();
const stored = z.object({
  at: z.number(),
  policy: z.object({
    allowedCurrencies: z.array(z.string()).nullable(),
    purchaseCaps: z.array(z.object({ currency: z.string(), perOrderMinor: minor, perMonthMinor: minor })),
  }),
});

/** Policies remembered in Redis: a minute as they are, up to an hour while tenant-service does not answer (contract: neighbours). */
export class RememberedPolicies implements TenantPolicies {
  constructor(
    private readonly source: TenantPolicies,
    private readonly redis: Pick<BestEffortRedis, 'get' | 'set'>,
    /** Keeps databases apart that share one Redis. */
    private readonly namespace: string,
    private readonly nowMs: () => number = Date.now,
  ) {}

  async of(tenantId: TenantId): Promise<PurchasePolicy> {
    const key = `${this.namespace}:purchase-policy:${tenantId}`;
    const remembered = await this.remembered(key);
    const ageMs = remembered ? this.nowMs() - remembered.at : Infinity;
    if (remembered && ageMs < FRESH_MS) return remembered.policy;
    try {
      const policy = await this.source.of(tenantId);
      await this.redis.set(key, JSON.stringify({ at: this.nowMs(), policy }, minorAsText), STALE_MS / 1_000);
      return policy;
    } catch (error) {
      if (error instanceof NeighbourUnavailable && remembered && ageMs < STALE_MS) return remembered.policy;
      throw error;
    }
  }

  private async remembered(key: string): Promise<z.output<typeof stored> | null> {
    const text = await this.redis.get(key);
    const parsed = text === null ? null : stored.safeParse(JSON.parse(text));
    return parsed?.success ? parsed.data : null;
  }
}

function minorAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
