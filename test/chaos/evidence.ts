import { statSync, readFileSync } from 'node:fs';
import { POISON } from './faults/messages';
import type { PlacedOrder } from './load/load';
import type { JourneyName } from './plan/journeys';
import { NeighbourStreams } from './neighbour-streams';
import type { ChaosWorld } from './world/chaos-world';

/** What shows that the faults of the neighbours, the clocks and the messages took effect, by name; 0: it did not. */
export async function evidenceOf(world: ChaosWorld, placed: readonly PlacedOrder[]): Promise<Record<string, number>> {
  const streams = await NeighbourStreams.read(world.nats.url);
  const of = (journey: JourneyName) => placed.filter((order) => order.journey === journey);
  const ids = (journey: JourneyName) => of(journey).map((order) => order.orderId);
  const tids = (journey: JourneyName) => new Set(of(journey).map((order) => order.tid));
  const rows = async (text: string, params: readonly unknown[] = []) => (await world.sql(text, params)).length;
  const unanswered = (journey: JourneyName) => rows(`select distinct s.id from marketplace.saga s join marketplace.saga_transition t on t.saga_id = s.id where s.correlation_id = any ($1) and t.cause like '%unanswered%'`, [ids(journey)]);
  const failedFor = (journey: JourneyName, reason: string) => rows('select 1 from marketplace.orders where id = any ($1) and failure_reason = $2', [ids(journey), reason]);
  const overtakenAnswers = (journey: JourneyName) => rows(`select 1 from marketplace.saga s join marketplace.saga_transition paid on paid.saga_id = s.id and paid.cause = 'billing.payment.succeeded.v1'
    where s.correlation_id = any ($1) and not exists (select 1 from marketplace.saga_transition t where t.saga_id = s.id and t.cause = 'process-payment.replied' and t.version < paid.version)`, [ids(journey)]);
  return {
    'billing declines': await failedFor('billing declines', 'PAYMENT_DECLINED'),
    'billing takes a wrong amount': await failedFor('billing takes a wrong amount', 'PAYMENT_AMOUNT_MISMATCH'),
    'billing answers 500': await unanswered('billing answers 500'),
    'billing times out after the effect': await overtakenAnswers('billing times out after the effect'),
    'billing is slow': await overtakenAnswers('billing is slow'),
    'billing settles late': await rows(`select 1 from marketplace.orders o join marketplace.payment p on p.order_id = o.id where o.id = any ($1) and o.status in ('FAILED', 'CANCELLED') and p.paid_minor > 0`, [ids('billing settles late')]),
    'billing is processing': await rows('select 1 from marketplace.payment where order_id = any ($1)', [ids('billing is processing')]),
    'events are duplicated': streams.repeated(tids('events are duplicated')),
    'events are reordered': streams.overtaken(tids('events are reordered')),
    'events contradict each other': streams.contradicted(),
    'refunds are refused': await rows(`select 1 from marketplace.refund where order_id = any ($1) and status = 'FAILED'`, [ids('refunds are refused')]),
    'refunds are silent': await silentRefunds(world, ids('refunds are silent')),
    'enrollment is silent': await rows(`select 1 from marketplace.outbox where type = 'marketplace.enrollment.requested.v1' and correlation_id = any ($1)`, [ids('enrollment is silent')]),
    'enrollment is partial': await rows(`select distinct s.license_id from marketplace.seat s where s.order_id = any ($1) and s.state = 'AVAILABLE'`, [ids('enrollment is partial')]),
    'poison in the dead letters': await rows('select 1 from marketplace.dead_letter where payload like $1', [`%${POISON}%`]),
    'skewed clocks': skewedReplicas(world),
    'definition versions alive': await rows(`select distinct definition_version from marketplace.saga where name = 'marketplace.purchase' and definition_version in (1, 2)`) === 2 ? 2 : 0,
    'subscribers that began again': placed.reduce((sum, { watcher }) => sum + (watcher?.resumed ?? 0), 0),
  };
}

async function silentRefunds(world: ChaosWorld, orderIds: readonly string[]): Promise<number> {
  const payments = (await Promise.all(orderIds.map((orderId) => world.sandbox.payments(orderId)))).flat();
  return payments.flatMap((payment) => payment.refunds).filter((refund) => refund.status === 'pending').length;
}

/** Replicas whose log tells another time than the file system, by minutes. */
function skewedReplicas(world: ChaosWorld): number {
  return world.replicas.filter((replica) => {
    const told = [...readFileSync(replica.logFile, 'utf8').matchAll(/"time":(?:"([^"]+)"|(\d+))/g)].at(-1);
    const at = told?.[1] ? Date.parse(told[1]) : Number(told?.[2]);
    return Math.abs(at - statSync(replica.logFile).mtimeMs) > 120_000;
  }).length;
}
