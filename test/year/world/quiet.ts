import { waitFor } from '../../support/wait';
import type { YearWorld } from './year-world';

/** For hangs: a killed replica's leases end after half a minute. */
const WITHIN_MS = 240_000;

/* A renewal rests while it waits for a day of dunning, or for its buyer at billing's page; every other saga has to have ended. */
const GOING_ON = `select
    (select count(*) from marketplace.subscription where state in ('TRIALING', 'ACTIVE') and renewal_order_id is null and current_period_end <= marketplace.clock())::int as due,
    (select count(*) from marketplace.saga where call_due_at is not null)::int as calls,
    (select count(*) from marketplace.saga where wake_at <= marketplace.clock())::int as timers,
    (select count(*) from marketplace.saga where state not in ('COMPLETED', 'COMPENSATED') and not (name = 'marketplace.renewal' and state = 'WAITING'
      and ((data ->> 'attemptFailed')::boolean or (data ->> 'mode' = 'checkout' and data ->> 'paymentId' is not null))))::int as sagas,
    (select count(*) from marketplace.outbox where published_at is null)::int as unpublished,
    (select count(*) from marketplace.payout_batch where finished_at is null and scheduled_for <= (marketplace.clock() at time zone 'UTC')::date)::int as batches`;

const READERS = [['BILLING', 'marketplace-billing'], ['ENROLLMENT', 'marketplace-enrollment'], ['MARKETPLACE', 'sandbox-enrollment']] as const;

/**
 * Waits until nothing is under way: no due row, no call or timer, nothing to publish; no neighbour has anything left to
 * say; every reader is level with its stream; and the rows still say so after that.
 */
export async function untilQuiet(world: YearWorld): Promise<void> {
  await waitFor(async () => {
    for (const look of [() => stored(world), () => unsaid(world), () => unread(world), () => stored(world)]) {
      const busy = await look();
      if (busy !== null) throw new Error(busy);
    }
    return true;
  }, { withinMs: WITHIN_MS, what: 'the world to be quiet', everyMs: 20 });
}

/** How much is going on, or null. */
async function stored({ sql }: YearWorld): Promise<string | null> {
  const [row] = await sql<Record<string, number>>(GOING_ON);
  return row && Object.values(row).every((count) => count === 0) ? null : JSON.stringify(row);
}

async function unsaid({ sandboxUrl }: YearWorld): Promise<string | null> {
  const { undelivered } = (await (await fetch(`${sandboxUrl}/healthz`)).json()) as { readonly undelivered: number };
  return undelivered === 0 ? null : `${undelivered} events of neighbours are not yet delivered`;
}

async function unread({ streams }: YearWorld): Promise<string | null> {
  const left = await Promise.all(READERS.map(async ([stream, consumer]) => {
    const { num_pending, num_ack_pending } = await streams.consumers.info(stream, consumer);
    return num_pending + num_ack_pending;
  }));
  return left.every((count) => count === 0) ? null : `unread: ${left.join(', ')}`;
}
