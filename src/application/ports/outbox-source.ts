import type { PublishedEnvelope } from '../events/event-envelope';

/** Aggregates are spread over this many shards, as many as `outbox_lease` has rows; each is relayed by one replica at a time, in order. */
export const OUTBOX_SHARDS = 8;

/** An event that waits to be published. */
export interface Unpublished {
  readonly envelope: PublishedEnvelope;
  readonly aggregateId: string;
  readonly shard: number;
  readonly createdAt: Date;
}

/** What the relay reads from. Shards are leased, so that one replica publishes an aggregate's events at a time. */
export interface OutboxSource {
  /** Says that this replica lives, takes its share of the shards, gives back what is over; answers with those it holds. */
  holdShards(): Promise<readonly number[]>;
  /** Of each of these shards the oldest unpublished events, in order, but for those with these ids; at most `ofEach`. */
  unpublished(shards: readonly number[], ofEach: number, but: readonly string[]): Promise<readonly Unpublished[]>;
  markPublished(events: readonly Unpublished[]): Promise<void>;
  /** Makes room for the coming days, drops days that are published and longer ago than the stream keeps them. */
  maintain(): Promise<void>;
  /** Gives all shards back at once, for the others to take. */
  release(): Promise<void>;
}
