import type { EventDataByType, EventType, ListingSnapshot } from '../../src/application/events/event-data.generated';
import { dataSchemaOf, type EventEnvelope, MARKETPLACE_SOURCE } from '../../src/application/events/event-envelope';

/** Ids that read as what they are for: the last group tells the kind. */
const id = (kind: number): string => `01935c2e-7a00-7000-8000-${kind.toString(16).padStart(12, '0')}`;

const listingId = id(1);
const planId = id(2);
const courseId = id(3);
const courseVersionId = id(4);
const providerTenantId = id(5);
const tenantId = id(6);
const buyerId = id(7);
const orderId = id(8);
const lineId = id(9);
const licenseId = id(10);
const seatId = id(11);
const assignmentId = id(12);
const sagaId = id(13);
const refundKey = id(14);

const number = 'GE-7K3M-9QXA';
const at = '2026-01-31T09:30:00.000Z';
const price = { amountMinor: '4900', currency: 'EUR' };
const order = { orderId, number, tenantId, buyerId };
const assignment = { assignmentId, seatId, learnerId: buyerId };
const earning = { entryId: id(15), orderId, lineId, providerTenantId, availableAt: at };
const seat = { licenseId, ...assignment };

const listing = (status: ListingSnapshot['status'], more: Partial<ListingSnapshot> = {}): ListingSnapshot => ({
  listingId,
  providerTenantId,
  courseId,
  courseVersionId,
  title: 'Fire safety in twenty minutes',
  status,
  purchasable: status === 'LIVE',
  prices: [{ planId, kind: 'ONE_TIME', ...price }],
  tags: ['safety'],
  ...more,
});

const license = { licenseId, tenantId, courseId, state: 'REVOKED', reason: 'PAYMENT_REVERSED' } as const;
const subscription = { subscriptionId: id(16), licenseId, tenantId, planId, currentPeriodEnd: at };
const seatChange = { ...seat, tenantId, courseId, courseVersionId, playPackageId: 'pkg-77' };

const payout = {
  payoutId: id(16), providerTenantId, amount: { amountMinor: '8012', currency: 'EUR' },
  sources: [
    { balance: { amountMinor: '4165', currency: 'EUR' }, rate: '1', rateAsOf: at, converted: { amountMinor: '4165', currency: 'EUR' } },
    { balance: { amountMinor: '4165', currency: 'USD' }, rate: '0.92378752', rateAsOf: at, converted: { amountMinor: '3847', currency: 'EUR' } },
  ],
};
const couponUse = { couponId: id(15), code: 'SPRING', orderId, discount: { amountMinor: '490', currency: 'EUR' } };

/** A payload of each type that keeps its schema. */
export const eventExamples: EventDataByType = {
  'marketplace.listing.submitted.v1': listing('SUBMITTED'),
  'marketplace.listing.withdrawn.v1': listing('DRAFT'),
  'marketplace.listing.approved.v1': listing('APPROVED'),
  'marketplace.listing.rejected.v1': listing('DRAFT', { reason: 'The screenshots show another course.' }),
  'marketplace.listing.live.v1': listing('LIVE'),
  'marketplace.listing.updated.v1': listing('LIVE', { tags: [] }),
  'marketplace.listing.suspended.v1': listing('SUSPENDED', { reason: 'Copyright claim' }),
  'marketplace.listing.reinstated.v1': listing('LIVE'),
  'marketplace.listing.retargeted.v1': listing('LIVE'),
  'marketplace.listing.archived.v1': listing('ARCHIVED'),
  'marketplace.pricing_plan.revised.v1': { planId, listingId, revision: 2, prices: [{ planId, kind: 'ONE_TIME', ...price }] },
  'marketplace.order.placed.v1': {
    ...order,
    source: 'CHECKOUT',
    currency: 'EUR',
    subtotal: price,
    discount: { amountMinor: '0', currency: 'EUR' },
    total: price,
    lines: [
      { lineId, listingId, planId, planRevision: 1, courseId, courseVersionId, providerTenantId, quantity: 1, unitPrice: price, total: price },
    ],
  },
  'marketplace.order.status_changed.v1': {
    orderId,
    tenantId,
    version: 2,
    from: 'PLACED',
    to: 'AWAITING_PAYMENT',
    step: 'PAYMENT',
    at,
  },
  'marketplace.order.fulfilled.v1': {
    ...order,
    total: price,
    licenseIds: [licenseId],
    fulfilledAt: at,
    refundDeadlines: [{ lineId, at: '2026-02-14T09:30:00.000Z' }],
  },
  'marketplace.order.failed.v1': { ...order, reason: 'PAYMENT_DECLINED', failedStep: 'PAYMENT', refunded: false },
  'marketplace.order.cancelled.v1': order,
  'marketplace.earning.accrued.v1': { ...earning, gross: price, platformFee: { amountMinor: '735', currency: 'EUR' }, net: { amountMinor: '4165', currency: 'EUR' } },
  'marketplace.earning.reversed.v1': {
    ...earning, gross: { amountMinor: '-4900', currency: 'EUR' }, platformFee: { amountMinor: '-735', currency: 'EUR' }, net: { amountMinor: '-4165', currency: 'EUR' },
  },
  'marketplace.payout.scheduled.v1': payout,
  'marketplace.payout.paid.v1': payout,
  'marketplace.payout.failed.v1': { ...payout, failureMessage: 'The destination account cannot receive transfers.' },
  'marketplace.order.refunded.v1': { ...order, refundId: refundKey, amount: price, full: true, initiatedBy: 'BUYER', lines: [{ lineId, amount: price }] },
  'marketplace.license.granted.v1': {
    licenseId,
    orderId,
    tenantId,
    courseId,
    courseVersionId,
    packageFormat: 'CMI5',
    playPackageId: 'pkg-77',
    source: 'PURCHASE',
    perpetualOffline: false,
    validFrom: at,
    validUntil: '2027-01-31T09:30:00.000Z',
    seatsTotal: 1,
    assignments: [assignment],
  },
  'marketplace.license.renewed.v1': { licenseId, tenantId, courseId, state: 'ACTIVE', validUntil: at, revokedSeats: [] },
  'marketplace.license.grace_started.v1': { licenseId, tenantId, courseId, state: 'GRACE', validUntil: at, graceEndsAt: at, revokedSeats: [] },
  'marketplace.license.suspended.v1': { licenseId, tenantId, courseId, state: 'SUSPENDED', validUntil: at, revokedSeats: [] },
  'marketplace.license.reinstated.v1': { licenseId, tenantId, courseId, state: 'ACTIVE', validUntil: at, revokedSeats: [] },
  'marketplace.subscription.started.v1': subscription,
  'marketplace.subscription.renewed.v1': subscription,
  'marketplace.subscription.past_due.v1': { ...subscription, nextRetryAt: at, graceEndsAt: at },
  'marketplace.subscription.cancelled.v1': subscription,
  'marketplace.subscription.expired.v1': subscription,
  'marketplace.license.revoked.v1': { ...license, revokedSeats: [{ ...assignment, enrollmentId: 'enr-5' }] },
  'marketplace.license.seats_revoked.v1': { ...license, state: 'ACTIVE', revokedSeats: [{ seatId }] },
  'marketplace.enrollment.requested.v1': { licenseId, attempt: 1, assignments: [assignment] },
  'marketplace.license.expired.v1': { ...license, state: 'EXPIRED', validUntil: at, revokedSeats: [] },
  'marketplace.license.expiring.v1': { ...license, state: 'ACTIVE', validUntil: at, revokedSeats: [] },
  'marketplace.seat.assigned.v1': seatChange,
  'marketplace.seat.released.v1': { ...seatChange, enrollmentId: 'enr-5' },
  'marketplace.seat.rejected.v1': { ...seatChange, code: 'LEARNER_SUSPENDED' },
  'marketplace.coupon.redeemed.v1': couponUse,
  'marketplace.coupon.released.v1': couponUse,
  'marketplace.saga.stuck.v1': { sagaId, orderId, step: 'payment', lastError: 'billing answered 503', attempts: 12 },
  'marketplace.gdpr.subject_request.completed.v1': {
    requestId: 'request-1', subjectId: buyerId, kind: 'access', ordersAnonymised: 0, seatsReleased: 0, completedAt: at,
    export: { part: 1, parts: 1, records: [{ kind: 'seat', data: { id: seatId, state: 'ENROLLED' } }] },
  },
  'billing.payment.succeeded.v1': { paymentId: 'pay-1', orderId, netAmount: price, taxRecordId: 'tax-1' },
  'billing.payment.failed.v1': { paymentId: 'pay-1', orderId, code: 'insufficient_funds', declineKind: 'soft' },
  'billing.payment.refunded.v1': { paymentId: 'pay-1', orderId, refundId: 'ref-1', refundKey, netAmount: price, reason: 'requested' },
  'billing.payment.refund_failed.v1': { paymentId: 'pay-1', orderId, refundKey, code: 'account_closed' },
  'enrollment.created.v1': { enrollmentId: 'enr-5', ...seat },
  'enrollment.rejected.v1': { ...seat, code: 'LEARNER_SUSPENDED' },
  'enrollment.started.v1': { enrollmentId: 'enr-5', ...seat, startedAt: '2026-02-01T08:00:00+01:00' },
  'content.play_package.built.v1': { courseVersionId, playPackageId: 'pkg-77', format: 'SCORM_2004' },
  'gdpr.subject_request.received.v1': { requestId: 'request-1', subjectId: buyerId, kind: 'erasure' },
  'catalog.course_version.published.v1': { courseId, courseVersionId, ownerTenantId: providerTenantId, title: 'Fire safety' },
};

/** A whole event of a type, from the service that publishes it. */
export function exampleEnvelope<T extends EventType>(type: T): EventEnvelope<T> {
  const service = type.slice(0, type.indexOf('.'));
  return {
    specversion: '1.0',
    id: id(100),
    type,
    source: service === 'marketplace' ? MARKETPLACE_SOURCE : `/${service}-service`,
    subject: orderId,
    time: at,
    datacontenttype: 'application/json',
    dataschema: dataSchemaOf(type),
    tenantid: tenantId,
    correlationid: orderId,
    causationid: id(101),
    aggregateversion: '1',
    data: eventExamples[type],
  };
}
