import type { LicenseId, ListingId, OrderId, PricingPlanId, SubscriptionId, TenantId, UserId } from '../ids';
import { times } from '../money';
import type { Money } from '../money';
import type { PlanTerms } from '../pricing/plan';

export const SUBSCRIPTION_STATES = ['TRIALING', 'ACTIVE', 'PAST_DUE', 'CANCELLED', 'EXPIRED'] as const;
export type SubscriptionState = (typeof SUBSCRIPTION_STATES)[number];

/** What is paid again at each period's end, at the terms of when it was begun. */
export interface Subscription {
  readonly id: SubscriptionId;
  readonly tenantId: TenantId;
  /** Null after erasure. */
  readonly buyerId: UserId | null;
  readonly licenseId: LicenseId;
  readonly listingId: ListingId;
  readonly planId: PricingPlanId;
  readonly planRevision: number;
  readonly terms: PlanTerms;
  readonly quantity: number;
  readonly unitPrice: Money;
  readonly state: SubscriptionState;
  /** Start of the first paid period: its day of the month is kept. */
  readonly anchorAt: Date;
  /** Period 0 is a trial. */
  readonly trial: boolean;
  /** The current one, from 0. */
  readonly period: number;
  readonly currentPeriodStart: Date;
  readonly currentPeriodEnd: Date;
  readonly cancelAtPeriodEnd: boolean;
  /** The order of the next period, while it is under way. */
  readonly renewalOrderId: OrderId | null;
  /** While PAST_DUE: when it is tried again by itself, and until when there is access. */
  readonly nextRetryAt: Date | null;
  readonly graceEndsAt: Date | null;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
}

/** Every legal change of state (domain-rules, "Subscriptions"); the database holds the same table. */
export const SUBSCRIPTION_EDGES: Readonly<Record<SubscriptionState, readonly SubscriptionState[]>> = {
  TRIALING: ['ACTIVE', 'PAST_DUE', 'CANCELLED', 'EXPIRED'],
  ACTIVE: ['PAST_DUE', 'CANCELLED', 'EXPIRED'],
  PAST_DUE: ['ACTIVE', 'CANCELLED', 'EXPIRED'],
  CANCELLED: [],
  EXPIRED: [],
};

export function isLive({ state }: Pick<Subscription, 'state'>): boolean {
  return SUBSCRIPTION_EDGES[state].length > 0;
}

/** What each period costs. */
export function priceOfPeriod({ unitPrice, quantity }: Pick<Subscription, 'unitPrice' | 'quantity'>): Money {
  return times(unitPrice, quantity);
}

/** When the next period is to be paid; null: it will not be, or is already being dunned. */
export function nextRenewalAt({ state, cancelAtPeriodEnd, currentPeriodEnd }: Subscription): Date | null {
  return (state === 'TRIALING' || state === 'ACTIVE') && !cancelAtPeriodEnd ? currentPeriodEnd : null;
}

/** The subscription at its next period, which has been paid. */
export function renewed(subscription: Subscription, currentPeriodEnd: Date): Subscription {
  const { currentPeriodEnd: currentPeriodStart, period } = subscription;
  return { ...subscription, state: 'ACTIVE', period: period + 1, currentPeriodStart, currentPeriodEnd, renewalOrderId: null, nextRetryAt: null, graceEndsAt: null };
}

/** The subscription over for good. */
export function ended(subscription: Subscription, state: 'CANCELLED' | 'EXPIRED', endedAt: Date): Subscription {
  return { ...subscription, state, endedAt, renewalOrderId: null, nextRetryAt: null, graceEndsAt: null };
}
