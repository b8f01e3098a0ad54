import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { OrderId } from '../../domain/ids';
import type { IdempotencyAnswers, PlacedAnswer } from '../../application/ports/idempotency-answers';
import type { PlacedKey } from '../../application/ports/orders';
import type { BestEffortRedis } from './redis';

const TTL_SECONDS = 24 * 60 * 60;
const stored = z.object({ orderId: z.string(), requestHash: z.string() });

/** Answers of finished idempotency keys, kept a day. Written after the commit only, so what is found here is true. */
export class RedisIdempotencyAnswers implements IdempotencyAnswers {
  constructor(
    private readonly redis: BestEffortRedis,
    /** Keeps databases apart that share one Redis. */
    private readonly namespace: string,
  ) {}

  async find(key: PlacedKey): Promise<PlacedAnswer | null> {
    const text = await this.redis.get(this.nameOf(key));
    const answer = text === null ? null : stored.safeParse(JSON.parse(text));
    return answer?.success ? { orderId: answer.data.orderId as OrderId, requestHash: answer.data.requestHash } : null;
  }

  remember(key: PlacedKey, answer: PlacedAnswer): void {
    void this.redis.set(this.nameOf(key), JSON.stringify(answer), TTL_SECONDS);
  }

  private nameOf({ tenantId, buyerId, idempotencyKey }: PlacedKey): string {
    const digest = createHash('sha256').update(JSON.stringify([tenantId, buyerId, idempotencyKey])).digest('base64url');
    return `${this.namespace}:idempotency:${digest}`;
  }
}

/** Without Redis every answer comes from the database. */
export const NO_ANSWERS: IdempotencyAnswers = { find: () => Promise.resolve(null), remember: () => undefined };
