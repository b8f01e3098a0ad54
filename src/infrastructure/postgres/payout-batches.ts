import type { BatchLease, PayoutBatches } from '../../application/ports/payouts';
import type { Tx } from '../../application/ports/unit-of-work';
import { inside } from './transaction';

const UNTIL = `clock_timestamp() + $3::integer * interval '1 millisecond'`;
const OPEN = `insert into marketplace.payout_batch as b (scheduled_for, requested_at, lease_token, lease_until) values ($1, marketplace.clock(), $2, ${UNTIL})
  on conflict (scheduled_for) do update set lease_token = $2, lease_until = ${UNTIL}, finished_at = null
    where b.lease_token is null or b.lease_until < clock_timestamp()
  returning 1`;
const CLAIM = `update marketplace.payout_batch set lease_token = $1, lease_until = clock_timestamp() + $2::integer * interval '1 millisecond'
  where scheduled_for = (
    select scheduled_for from marketplace.payout_batch
    where finished_at is null and scheduled_for <= (marketplace.clock() at time zone 'UTC')::date and (lease_until is null or lease_until < clock_timestamp())
    order by scheduled_for limit 1 for update skip locked)
  returning to_char(scheduled_for, 'YYYY-MM-DD') as day`;

export class PostgresPayoutBatches implements PayoutBatches {
  async open(tx: Tx, scheduledFor: string, { token, durationMs }: BatchLease): Promise<boolean> {
    return (await inside(tx).query(OPEN, [scheduledFor, token, durationMs])).length > 0;
  }

  async plan(tx: Tx, scheduledFor: string): Promise<void> {
    await inside(tx).prepared('payout-batch-plan', 'insert into marketplace.payout_batch (scheduled_for, requested_at) values ($1, marketplace.clock()) on conflict do nothing', [scheduledFor]);
  }

  async claim(tx: Tx, { token, durationMs }: BatchLease): Promise<string | null> {
    const [row] = await inside(tx).prepared<{ day: string }>('payout-batch-claim', CLAIM, [token, durationMs]);
    return row?.day ?? null;
  }

  async hold(tx: Tx, scheduledFor: string, { token, durationMs }: BatchLease): Promise<boolean> {
    const text = `update marketplace.payout_batch set lease_until = ${UNTIL} where scheduled_for = $1 and lease_token = $2 returning 1`;
    return (await inside(tx).prepared('payout-batch-hold', text, [scheduledFor, token, durationMs])).length > 0;
  }

  /** One that is to be gone on with later keeps its lease until it ends: a pause before the next try. */
  async release(tx: Tx, scheduledFor: string, token: string, finished: boolean): Promise<void> {
    const text = `update marketplace.payout_batch set finished_at = case when $3 then marketplace.clock() end, lease_token = null,
      lease_until = case when $3 then null else lease_until end where scheduled_for = $1 and lease_token = $2`;
    await inside(tx).prepared('payout-batch-release', text, [scheduledFor, token, finished]);
  }
}
