import { parseId } from '../../domain/ids';
import type { AssignmentId, LicenseId, SeatId, UserId } from '../../domain/ids';
import type { EventDataByType } from '../events/event-data.generated';
import type { NewEvent } from '../events/event-envelope';
import { revokedSeat, seatRejected, seatReleased } from '../order/order-events';
import type { PurchaseProtocol } from '../order/purchase-protocol';
import type { EnrollmentWord, FormerAssignment, LicenseStore, SeatOfLicense } from '../ports/licenses';
import type { Outbox } from '../ports/outbox';
import type { Tx } from '../ports/unit-of-work';
import type { SagaEngine, StorageFailure } from '../saga/engine';
import type { EventHandlers } from './event-handler';

export interface EnrollmentEventParts {
  readonly purchases: SagaEngine<PurchaseProtocol>;
  readonly licenses: LicenseStore;
  readonly outbox: Outbox;
  /** Told after the commit whose seats have changed: those who watch a licence hear of it. */
  readonly onSeatsChanged?: (licenseIds: readonly LicenseId[]) => void;
}

/**
 * Enrollment's words about seats. Seats change set-based; the purchases they were assigned with are told how many of
 * theirs were answered. A word about a former assignment changes no seat, and the neighbour is told again how it ended.
 */
export function enrollmentEventHandlers(parts: EnrollmentEventParts): EventHandlers {
  return {
    'enrollment.created.v1': (tx, events, failing) => take(tx, parts, events.map(({ data }) => wordOf(data, data.enrollmentId)), failing, async (words) => {
      const enrolled = await parts.licenses.enroll(tx, words);
      return { enrolled, rejected: [], changed: enrolled };
    }),
    'enrollment.started.v1': (tx, events, failing) => take(tx, parts, events.map(({ data }) => ({ ...wordOf(data, data.enrollmentId), startedAt: new Date(data.startedAt) })), failing, async (words) => {
      const consumed = await parts.licenses.consume(tx, words);
      return { enrolled: consumed.filter((seat) => seat.from === 'ASSIGNED'), rejected: [], changed: consumed };
    }),
    'enrollment.rejected.v1': (tx, events, failing) => {
      const codes = new Map(events.map(({ data }) => [data.seatId, data.code]));
      return take(tx, parts, events.map(({ data }) => wordOf(data, null)), failing, async (words) => {
        const rejected = await parts.licenses.reject(tx, words);
        await parts.outbox.append(tx, rejected.map((seat) => seatRejected(seat, codes.get(seat.seatId))), rejected[0]?.orderId ?? undefined);
        return { enrolled: [], rejected, changed: rejected };
      });
    },
  };
}

interface Answered {
  readonly enrolled: readonly SeatOfLicense[];
  readonly rejected: readonly SeatOfLicense[];
  /** All that changed, whether a purchase waits for it or not. */
  readonly changed: readonly SeatOfLicense[];
}

async function take<W extends EnrollmentWord>(tx: Tx, { purchases, licenses, outbox, onSeatsChanged }: EnrollmentEventParts, words: readonly W[], failing: StorageFailure | undefined, change: (words: readonly W[]) => Promise<Answered>): Promise<void> {
  const locked = await purchases.lock(tx, ...(await licenses.ordersOfSeats(tx, words.map((word) => word.seatId))));
  const answered = await change(words);
  if (onSeatsChanged && answered.changed.length > 0) {
    const licenseIds = [...new Set(answered.changed.map((seat) => seat.licenseId))];
    tx.afterCommit(() => { onSeatsChanged(licenseIds); });
  }
  const late = await licenses.lateWords(tx, words.filter((word) => word.enrollmentId !== null));
  await outbox.append(tx, late.map(toldAgain));
  await purchases.deliverTo(tx, locked, answersByOrder(answered), { failing });
}

function answersByOrder({ enrolled, rejected }: Pick<Answered, 'enrolled' | 'rejected'>) {
  const atPurchase = (seat: SeatOfLicense) => (seat.atPurchase && seat.orderId ? [seat.orderId] : []);
  const enrolledOrders = enrolled.flatMap(atPurchase);
  const rejectedOrders = rejected.flatMap(atPurchase);
  return [...new Set([...enrolledOrders, ...rejectedOrders])].map((orderId) => ({
    correlationId: orderId,
    input: {
      name: 'enrollment.answered' as const,
      payload: { enrolled: enrolledOrders.filter((id) => id === orderId).length, rejected: rejectedOrders.filter((id) => id === orderId).length },
    },
  }));
}

function toldAgain(former: FormerAssignment): NewEvent {
  if (former.endedAs !== 'REVOKED') return seatReleased(former);
  return {
    type: 'marketplace.license.seats_revoked.v1', subject: former.licenseId, tenantId: former.tenantId,
    data: { licenseId: former.licenseId, tenantId: former.tenantId, courseId: former.courseId, state: former.licenseState, revokedSeats: [revokedSeat(former)] },
  };
}

type SeatData = Pick<EventDataByType['enrollment.rejected.v1'], 'seatId' | 'learnerId' | 'assignmentId'>;

function wordOf({ seatId, learnerId, assignmentId }: SeatData, enrollmentId: string | null): EnrollmentWord {
  return { seatId: seatId as SeatId, learnerId: learnerId as UserId, assignmentId: assignmentId === undefined ? null : parseId<AssignmentId>(assignmentId), enrollmentId };
}
