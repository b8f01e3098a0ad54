import type { SubjectRequest } from '../../domain/gdpr/subject-request';
import type { UserId } from '../../domain/ids';
import { isResting } from '../../domain/order/order-status';
import { seatReleased } from '../order/order-events';
import type { PurchaseProtocol } from '../order/purchase-protocol';
import type { Outbox } from '../ports/outbox';
import type { SeatStore } from '../ports/seats';
import type { OrderOfSubject, SubjectOutcome, SubjectRecords } from '../ports/subject-requests';
import type { Tx } from '../ports/unit-of-work';
import type { SagaEngine } from '../saga/engine';
import type { SubscriptionEnding } from '../subscription/subscription-ending';

export interface ErasureParts {
  readonly purchases: SagaEngine<PurchaseProtocol>;
  readonly records: SubjectRecords;
  readonly seats: SeatStore;
  readonly ending: SubscriptionEnding;
  readonly outbox: Outbox;
}

export type Erasure = { readonly kind: 'done'; readonly outcome: SubjectOutcome } | { readonly kind: 'waits'; readonly open: readonly OrderOfSubject[] };

/**
 * Forgets a person (domain-rules, "GDPR"). Their subscriptions end and open orders of theirs are taken back first, others
 * that name them as a learner come to their end by themselves; until then nothing is erased. The locks are those of
 * everybody: sagas, subscriptions, licences, seats.
 */
export async function eraseSubject(tx: Tx, parts: ErasureParts, request: SubjectRequest): Promise<Erasure> {
  const { purchases, records, ending, outbox } = parts;
  const { subjectId } = request;
  await purchases.lock(tx, ...(await records.orders(tx, subjectId)).map((order) => order.id));
  await outbox.append(tx, await ending.ofBuyer(tx, subjectId));
  const open = (await records.orders(tx, subjectId)).filter((order) => !isResting(order.status) || order.underWay);
  if (open.length > 0) {
    for (const order of open) if (order.asBuyer) await purchases.operate(tx, order.id, { kind: 'compensate' }, null);
    return { kind: 'waits', open };
  }
  const seatsReleased = await releaseSeats(tx, parts, subjectId);
  const ordersAnonymised = await records.replace(tx, subjectId, tx.ids.next<UserId>());
  return { kind: 'done', outcome: { ordersAnonymised, seatsReleased } };
}

/** The events say who was released; they are in the outbox before the person is taken out of it. */
async function releaseSeats(tx: Tx, { records, seats, outbox }: ErasureParts, subjectId: UserId): Promise<number> {
  await seats.lockLicenses(tx, await records.licenses(tx, subjectId), 'alone');
  const released = await seats.release(tx, await records.heldSeats(tx, subjectId));
  for (const seat of released) await outbox.append(tx, [seatReleased(seat)], seat.orderId ?? undefined);
  return released.length;
}
