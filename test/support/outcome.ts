import { OrderByIdDocument, OrderStatusChangedDocument } from '../e2e/operations/generated';
import type { OrderByIdQuery } from '../e2e/operations/generated';
import type { Person } from './shop';
import { waitFor } from './wait';
import type { World } from './world';

/** What became of an order, told by everyone who can tell. */
export interface Outcome {
  /** Statuses in the order in which a subscriber saw them. */
  readonly statuses: readonly string[];
  readonly versions: readonly number[];
  readonly order: NonNullable<OrderByIdQuery['order']>;
  /** Billing's witness: "succeeded 4900 EUR, refunded 4900" for each payment. */
  readonly money: readonly string[];
  /** Types of the events about the order, its licences and seats, without repetition, sorted. */
  readonly events: readonly string[];
  readonly seats: Readonly<Record<string, number>>;
}

/** Watches the order through the supergraph until the stream ends by itself, and asks the witnesses. */
export async function outcomeOf(world: World, buyer: Person, orderId: string, withinMs = 20_000): Promise<Outcome> {
  const updates = await watchToTheEnd(buyer, orderId, withinMs);
  const events = await settledEvents(world, orderId);
  const { order } = await buyer.http.data(OrderByIdDocument, { id: orderId });
  if (!order) throw new Error(`order ${orderId} is not there`);
  const payments = await world.sandbox.payments(orderId);
  const seats = order.licenses.flatMap((license) => license.seats.edges.map((edge) => edge.node.state));
  return {
    statuses: updates.map((update) => update.status), versions: updates.map((update) => update.version), order, events,
    money: payments.map(moneyText), seats: countBy(seats),
  };
}

export async function watchToTheEnd(buyer: Person, orderId: string, withinMs: number, afterVersion: number | null = 0) {
  const client = buyer.ws();
  const updates: { readonly status: string; readonly version: number; readonly step: string; readonly message: string }[] = [];
  const watch = async () => {
    for await (const { data, errors } of client.subscribe(OrderStatusChangedDocument, { orderId, ...(afterVersion === null ? {} : { afterVersion }) })) {
      if (errors) throw new Error(JSON.stringify(errors));
      if (data) updates.push(data.orderStatusChanged);
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => { reject(new Error(`order ${orderId} did not end within ${withinMs} ms; seen: ${updates.map((update) => update.status).join(' ')}`)); }, withinMs);
  });
  try {
    await Promise.race([watch(), bound]);
  } finally {
    clearTimeout(timer);
    await client.dispose();
  }
  return updates;
}

/** Until nothing of the order waits to be published any more. */
async function settledEvents(world: World, orderId: string): Promise<string[]> {
  const types = await waitFor(async () => {
    const rows = await world.sql<{ type: string; pending: number; total: number }>(
      `select type, count(*) filter (where published_at is null)::int as pending, count(*)::int as total from marketplace.outbox where correlation_id = $1 group by type`, [orderId]);
    return rows.every((row) => row.pending === 0) && rows.map((row) => row.type);
  }, { withinMs: 10_000, what: `the events of order ${orderId} to be published` });
  return types.map((type) => type.replace(/^marketplace\.|\.v1$/g, '')).sort();
}

function moneyText({ status, netAmountMinor, currency, refunds }: { status: string; netAmountMinor: string; currency: string; refunds: readonly { status: string; netAmountMinor: string }[] }): string {
  return [`${status} ${netAmountMinor} ${currency}`, ...refunds.map((refund) => `refund ${refund.status} ${refund.netAmountMinor}`)].join(', ');
}

function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
