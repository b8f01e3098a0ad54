import { randomUUID } from 'node:crypto';
import { AssignSeatsDocument, CancelOrderDocument, OrderOutlineDocument, ReleaseSeatsDocument, RequestRefundDocument } from '../../e2e/operations/generated';
import type { Journey } from '../plan/journeys';
import { waitFor } from '../../support/wait';
import { envelope, publish } from '../faults/messages';
import type { ChaosWorld } from '../world/chaos-world';
import type { Patron } from './marketplace-client';

interface Follower {
  readonly world: ChaosWorld;
  readonly buyer: Patron;
  readonly orderId: string;
  readonly journey: Journey;
  /** Whether the run is over: what has not happened by now is let go. */
  readonly over: () => boolean;
}

/** What a buyer, or a neighbour, does once the order has been placed. */
export async function afterwards(follower: Follower): Promise<void> {
  const { journey } = follower;
  if (journey.contradiction) await contradict(follower);
  if (journey.cancel) await follower.buyer.insist(CancelOrderDocument, { id: follower.orderId });
  if (journey.behaviour.paymentHttp) await comeToItsSenses(follower);
  if ((journey.refund || journey.seats) && (await untilKept(follower))) {
    if (journey.refund) await follower.buyer.insist(RequestRefundDocument, { orderId: follower.orderId });
    if (journey.seats) await moveSeats(follower);
  }
}

/** Billing says that the payment failed, while it is about to succeed. */
async function contradict({ world, orderId, over }: Follower): Promise<void> {
  const [payment] = await waitFor(async () => {
    const payments = await world.sandbox.payments(orderId);
    return (payments.length > 0 || over()) && payments;
  }, { withinMs: 600_000, what: 'a payment', everyMs: 200 });
  if (!payment) return;
  const data = { paymentId: payment.paymentId, orderId, code: 'contradiction', declineKind: 'soft' };
  await publish({ world }, [{ subject: 'billing.payment.failed.v1', payload: envelope('billing.payment.failed.v1', data) }]);
}

/** Billing answers as it should once a call of the order has gone unanswered, or late. */
async function comeToItsSenses({ world, orderId, buyer, over }: Follower): Promise<void> {
  await waitFor(async () => over() || (await world.sql('select 1 from marketplace.saga_transition t join marketplace.saga s on s.id = t.saga_id where s.correlation_id = $1 and t.version > 1', [orderId])).length > 0,
    { withinMs: 600_000, what: 'an answer, or none', everyMs: 200 });
  await world.sandbox.behaviour(buyer.tid, { paymentHttp: 'ok' });
}

/** False where it ended otherwise. */
async function untilKept({ buyer, orderId, over }: Follower): Promise<boolean> {
  const { status } = await waitFor(async () => {
    const { order } = await buyer.insist(OrderOutlineDocument, { id: orderId });
    return order && (over() || ['FULFILLED', 'FAILED', 'CANCELLED'].includes(order.status)) && order;
  }, { withinMs: 600_000, what: `order ${orderId} to end`, everyMs: 300 });
  return status === 'FULFILLED';
}

async function moveSeats({ buyer, orderId }: Follower): Promise<void> {
  const { order } = await buyer.insist(OrderOutlineDocument, { id: orderId });
  const license = order?.licenses[0];
  if (!license) return;
  const { assignSeats } = await buyer.insist(AssignSeatsDocument, { licenseId: license.id, learnerIds: [randomUUID(), randomUUID()] });
  const [seat] = assignSeats.seats;
  if (seat) await buyer.insist(ReleaseSeatsDocument, { seatIds: [seat.id] });
}
