import type { SubjectRequest } from '../../domain/gdpr/subject-request';
import type { LicenseId, OrderId, SeatId, UserId } from '../../domain/ids';
import type { OrderStatus } from '../../domain/order/order-status';
import type { SubjectRecord } from '../events/event-data.generated';
import type { Tx } from './unit-of-work';

export interface SubjectOutcome {
  readonly ordersAnonymised: number;
  readonly seatsReleased: number;
}

/** Requests about persons. Done ones stay, without the person, to show that they were done. */
export interface SubjectRequestStore {
  /** One that is known by its `requestId` is left as it is. */
  add(tx: Tx, request: SubjectRequest): Promise<void>;
  /** Those to be looked at now, oldest first. */
  due(tx: Tx, limit: number): Promise<readonly string[]>;
  /** Locks one that is not done; null: it is, or another replica is at it. */
  lock(tx: Tx, id: string): Promise<SubjectRequest | null>;
  /** It is looked at again, the later the longer it has waited. Answers whether somebody should be told of it now: once a day. */
  postpone(tx: Tx, id: string, stuck: boolean): Promise<boolean>;
  /** Done; the person is no longer kept. */
  complete(tx: Tx, id: string, outcome: SubjectOutcome): Promise<void>;
  /** Erasures whose answer has been published, or is gone from the outbox: it still names the person there. */
  answered(tx: Tx, limit: number): Promise<readonly string[]>;
  /** Takes the person out of those answers. */
  forgetAnswers(tx: Tx, ids: readonly string[], pseudonym: UserId): Promise<void>;
}

export interface OrderOfSubject {
  readonly id: OrderId;
  readonly status: OrderStatus;
  /** Whether its saga is at work: on a resting order too, where money that came late goes back. */
  readonly underWay: boolean;
  /** False: somebody else bought it for them. */
  readonly asBuyer: boolean;
  /** One of its sagas waits for an operator. */
  readonly stuck: boolean;
}

/** All that is stored about one person, wherever it is. */
export interface SubjectRecords {
  /** Orders that they placed, or that name them as a learner. */
  orders(tx: Tx, subjectId: UserId): Promise<readonly OrderOfSubject[]>;
  /** Licences that they bought or hold a seat of. */
  licenses(tx: Tx, subjectId: UserId): Promise<readonly LicenseId[]>;
  /** Seats that they hold now. */
  heldSeats(tx: Tx, subjectId: UserId): Promise<readonly SeatId[]>;
  /** Puts the pseudonym in their place everywhere; answers with how many orders were theirs. */
  replace(tx: Tx, subjectId: UserId, pseudonym: UserId): Promise<number>;
  /** Their rows, without the ids of other people. */
  export(tx: Tx, subjectId: UserId): Promise<readonly SubjectRecord[]>;
}
