import type { License } from '../../domain/license/license';
import type { Subscription } from '../../domain/subscription/subscription';
import type { NewEvent } from '../events/event-envelope';

export function subscriptionStarted(subscription: Subscription): NewEvent {
  return { type: 'marketplace.subscription.started.v1', ...changeOf(subscription) };
}
export function subscriptionRenewed(subscription: Subscription): NewEvent {
  return { type: 'marketplace.subscription.renewed.v1', ...changeOf(subscription) };
}
export function subscriptionPastDue(subscription: Subscription): NewEvent {
  return { type: 'marketplace.subscription.past_due.v1', ...changeOf(subscription) };
}
/** Over for good, in the word of how. */
export function subscriptionEnded(subscription: Subscription): NewEvent {
  return { type: `marketplace.subscription.${subscription.state === 'CANCELLED' ? 'cancelled' : 'expired'}.v1`, ...changeOf(subscription) };
}

export function licenseRenewed(license: License): NewEvent {
  return { type: 'marketplace.license.renewed.v1', ...licenseChangeOf(license) };
}
export function licenseReinstated(license: License): NewEvent {
  return { type: 'marketplace.license.reinstated.v1', ...licenseChangeOf(license) };
}
export function licenseSuspended(license: License): NewEvent {
  return { type: 'marketplace.license.suspended.v1', ...licenseChangeOf(license) };
}
export function licenseGraceStarted(license: License, graceEndsAt: Date): NewEvent {
  const { data, ...about } = licenseChangeOf(license);
  return { type: 'marketplace.license.grace_started.v1', ...about, data: { ...data, graceEndsAt: graceEndsAt.toISOString() } };
}

function changeOf({ id, licenseId, tenantId, planId, currentPeriodEnd, nextRetryAt, graceEndsAt }: Subscription) {
  return {
    subject: id, tenantId,
    data: {
      subscriptionId: id, licenseId, tenantId, planId, currentPeriodEnd: currentPeriodEnd.toISOString(),
      ...(nextRetryAt ? { nextRetryAt: nextRetryAt.toISOString() } : {}), ...(graceEndsAt ? { graceEndsAt: graceEndsAt.toISOString() } : {}),
    },
  };
}

function licenseChangeOf({ id, tenantId, courseId, state, validUntil }: License) {
  return { subject: id, tenantId, data: { licenseId: id, tenantId, courseId, state, ...(validUntil ? { validUntil: validUntil.toISOString() } : {}), revokedSeats: [] } };
}
