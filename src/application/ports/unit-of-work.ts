import type { Actor } from '../actor';
import type { Ids } from './ids';

declare const opaque: unique symbol;

/**
 * An open transaction, handed on explicitly: whoever takes a `Tx` shares the caller's fate.
 * Only infrastructure/postgres knows what is inside.
 */
export interface Tx {
  readonly [opaque]: 'Tx';
  /** Business time at the transaction's start (`marketplace.clock()`), millisecond precision. @throws before it is known, see `RunOptions.ahead` */
  readonly now: Date;
  readonly ids: Ids;
  /** Runs after the commit, never after a rollback; not awaited by the transaction's caller. */
  afterCommit(action: () => void): void;
}

/** Every commit that writes. A unit of work without one of these names is read-only, so this list is complete. */
export const COMMITS = [
  'course-version.remember', 'listing.create', 'listing.update', 'listing.submit', 'listing.withdraw', 'listing.approve', 'listing.reject',
  'listing.publish', 'listing.suspend', 'listing.reinstate', 'pricing-plan.create', 'coupon.create', 'coupon.deactivate',
  'listing.retarget', 'listing.feature', 'listing.archive', 'pricing-plan.revise', 'pricing-plan.retire',
  'refund.request', 'storefront.save', 'storefront.choose',
  'order.place', 'order.cancel', 'saga.claim', 'saga.reply', 'saga.timer',
  'consume.billing', 'consume.enrollment', 'consume.content', 'consume.catalog', 'inbox.count-try', 'inbox.bury',
  'seat.assign', 'seat.release', 'license.grant', 'license.revoke', 'license.schedule',
  'saga.retry', 'saga.compensate', 'saga.resolve', 'dead-letter.fail',
  'payout.account', 'payout.batch', 'payout.schedule', 'payout.batch-end',
  'consume.gdpr', 'subject-request.answer', 'subject-request.forget',
  'subscription.schedule', 'subscription.cancel', 'subscription.resume', 'subscription.pay',
  'outbox.hold', 'outbox.mark', 'outbox.release', 'outbox.maintain',
] as const;
export type CommitName = (typeof COMMITS)[number];

export interface RunOptions {
  /** Which commit this is. Absent: the transaction only reads, and the database holds it to that. */
  readonly commit?: CommitName;
  /** The first statement goes to the database together with the transaction's beginning: `work` asks what time it is only after that one's answer. */
  readonly ahead?: boolean;
}

export interface UnitOfWork {
  /**
   * Runs `work` in one transaction in the actor's name (row level security) and commits. A serialization failure or
   * a deadlock (40001, 40P01) runs it again in a new transaction, so `work` has no outside effect but through `tx`.
   */
  run<T>(actor: Actor, work: (tx: Tx) => Promise<T>, options?: RunOptions): Promise<T>;
}
