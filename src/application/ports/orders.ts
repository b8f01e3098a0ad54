import type { CourseId, OrderId, TenantId, UserId } from '../../domain/ids';
import type { Order, OrderFailureReason, OrderLine, OrderStepName, OrderTransition } from '../../domain/order/order';
import type { OrderStatus } from '../../domain/order/order-status';
import type { Tx } from './unit-of-work';

export interface CourseClaim {
  readonly tenantId: TenantId;
  readonly learnerId: UserId;
  readonly courseId: CourseId;
}

export interface PlacedKey {
  readonly tenantId: TenantId;
  readonly buyerId: UserId;
  readonly idempotencyKey: string;
}

export interface StatusChange {
  readonly orderId: OrderId;
  readonly statuses: readonly OrderStatus[];
  readonly step: OrderStepName;
  readonly failureReason?: OrderFailureReason;
  readonly fulfilledAt?: Date;
}

export interface WithdrawnLine {
  readonly position: number;
  /** The listing is still LIVE: it is the plan that was retired. */
  readonly live: boolean;
}

export interface OrderStore {
  /** The order that was placed with this key, and what its request hashed to. */
  findByKey(tx: Tx, key: PlacedKey): Promise<{ readonly orderId: OrderId; readonly requestHash: string } | null>;
  /** Stores a new order (PLACED, version 1) with its lines; false when the key has placed one before. */
  place(tx: Tx, order: Order, lines: readonly OrderLine[], idempotencyKey: string, requestHash: string): Promise<boolean>;
  /**
   * Which of a placed order's lines, by position, are no longer for sale. Storing the lines keeps their listings and plans
   * from changing until the transaction ends; what had changed before that is seen here, and nowhere else.
   */
  withdrawnLines(tx: Tx, orderId: OrderId): Promise<readonly WithdrawnLine[]>;
  /** Claims the courses for the order; answers with those that another order or a live seat holds already. */
  claimCourses(tx: Tx, orderId: OrderId, buyerId: UserId, claims: readonly CourseClaim[]): Promise<CourseClaim[]>;
  /** Which of these are held already. */
  heldClaims(tx: Tx, claims: readonly CourseClaim[]): Promise<CourseClaim[]>;
  releaseClaims(tx: Tx, orderId: OrderId): Promise<void>;
  /** Moves the order through the statuses, each a version of its own; the database refuses an illegal one. */
  become(tx: Tx, change: StatusChange): Promise<readonly OrderTransition[]>;
  withLines(tx: Tx, orderId: OrderId): Promise<{ readonly order: Order; readonly lines: readonly OrderLine[] }>;
  /** Locks the order's row in the caller's name; null: no such order for the caller. */
  lock(tx: Tx, orderId: OrderId): Promise<Order | null>;
}
