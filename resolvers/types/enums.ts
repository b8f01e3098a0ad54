import type { UserErrorCode as UserErrorCodeValue } from '../../src/application/user-error';
import type { SagaOutcome as SagaOutcomeValue } from '../../src/application/saga/operation';
import type { SagaState as SagaStateValue } from '../../src/application/saga/records';
import type { OrderStepState as OrderStepStateValue } from '../../src/application/order/order-progress';
import type { CouponFunding as CouponFundingValue } from '../../src/domain/coupon/coupon';
import type { LicenseSource as LicenseSourceValue, LicenseState as LicenseStateValue, SeatState as SeatStateValue } from '../../src/domain/license/license';
import type { LedgerEntryKind as LedgerEntryKindValue } from '../../src/domain/ledger/journal';
import type { PayoutStatus as PayoutStatusValue } from '../../src/domain/payout/payout';
import type { ListingSort as ListingSortValue } from '../../src/application/ports/readers';
import type { ListingBlocker as ListingBlockerValue } from '../../src/domain/listing/blockers';
import type { ListingStatus as ListingStatusValue, PackageFormat as PackageFormatValue } from '../../src/domain/listing/listing';
import type {
  OrderFailureReason as OrderFailureReasonValue, OrderSource as OrderSourceValue, OrderStepName as OrderStepNameValue,
  RefundInitiator as RefundInitiatorValue, RefundStatus as RefundStatusValue,
} from '../../src/domain/order/order';
import type { OrderStatus as OrderStatusValue } from '../../src/domain/order/order-status';
import type { RefundBlocker as RefundBlockerValue } from '../../src/domain/refund/refundability';
import type { BillingInterval as BillingIntervalValue, PlanKind as PlanKindValue } from '../../src/domain/pricing/plan';
import type { SubscriptionState as SubscriptionStateValue } from '../../src/domain/subscription/subscription';
import { enumeration } from './enumeration';

/*
 * What nothing here leads to yet (renewals, operators' decisions) is excluded, and comes
 * into the graph with what leads to it: the report of schema coordinates fails on a value that no test has seen.
 */

export const ListingStatus = enumeration<ListingStatusValue>('ListingStatus', 'Where a listing is on its way to being sold.', {
  DRAFT: 'Being written; only its provider and platform administrators see it.',
  SUBMITTED: 'Waiting for review; it cannot be edited meanwhile.',
  APPROVED: 'Reviewed and accepted; its provider may publish it.',
  LIVE: 'Shown to everyone. It is sold while `purchasable` is true.',
  SUSPENDED: 'Taken off sale by a platform administrator. Licences that were sold stay valid.',
  ARCHIVED: 'Ended for good by its provider. Licences that were sold stay valid.',
});

export const ListingSort = enumeration<ListingSortValue>('ListingSort', 'In which order listings come.', {
  RELEVANCE: 'As the search finds them, best first; without a search, newest first.',
  NEWEST: 'Newest first: by when they went live, or were created where others than live ones are asked for.',
  PRICE_ASC: 'By their `lowestPrice` in the filter’s currency, cheapest first.',
  PRICE_DESC: 'By their `lowestPrice` in the filter’s currency, dearest first.',
  TITLE: 'By their title, A to Z.',
});

export const ListingBlocker = enumeration<ListingBlockerValue>('ListingBlocker', 'What still keeps a listing from going live.', {
  COURSE_VERSION_NOT_PUBLISHED: 'The course version is not published in the catalog.',
  PLAY_PACKAGE_NOT_BUILT: 'The course version’s play package is not built yet.',
  KYC_NOT_VERIFIED: 'The provider’s identity is not verified; it is asked for at approval.',
  NO_ACTIVE_PLAN: 'It has no active pricing plan.',
  NOT_APPROVED: 'It has not been reviewed and accepted, or is suspended or archived.',
});

export const PackageFormat = enumeration<PackageFormatValue>('PackageFormat', 'The format of a course version’s play package.', {
  SCORM_1_2: 'SCORM 1.2.',
  SCORM_2004: 'SCORM 2004, any edition.',
  CMI5: 'cmi5, the xAPI profile for courses.',
  OTHER: 'Another format, playable by the platform’s own player.',
});

export const PricingPlanKind = enumeration<PlanKindValue>('PricingPlanKind', 'What a buyer gets for one purchase of a plan.', {
  ONE_TIME: 'A single payment for `seatsIncluded` seats, one by default.',
  SUBSCRIPTION: 'Seats for as long as they are paid for, period by period; one seat by default.',
  SEAT_PACK: 'A single payment for a pack of seats, to be assigned to learners.',
  SITE_LICENSE: 'A single payment for as many seats as the organisation needs.',
});

export const BillingInterval = enumeration<BillingIntervalValue>('BillingInterval', 'How the periods of a subscription are counted.', {
  MONTH: 'By calendar months; the day of the month is kept where the month has it.',
  YEAR: 'By calendar years.',
});

export const CouponFunding = enumeration<CouponFundingValue>('CouponFunding', 'Who bears the discount of a coupon.', {
  PROVIDER: 'The provider who gave it; it works on that provider’s own listings only.',
  PLATFORM: 'The platform; the providers earn as if there were no discount.',
});

export const OrderStatus = enumeration<OrderStatusValue>('OrderStatus', 'Where an order stands. Each change raises the order’s `version` by one.', {
  PLACED: 'Stored, with its prices; version 1 of every order.',
  AWAITING_PAYMENT: 'Billing has been asked; the payment’s outcome is awaited. The order can still be cancelled.',
  LICENSING: 'Paid, or nothing to pay: the licences are being issued.',
  ENROLLING: 'The licences are issued; the learners named at purchase are being enrolled.',
  FULFILLED: 'Everything that was bought is there.',
  COMPENSATING: 'Being taken back: payment, licences and reservations are undone.',
  FAILED: 'Taken back; `failureReason` says why. Money that was taken has been returned.',
  CANCELLED: 'Taken back at the buyer’s wish, before it was paid.',
  REFUND_PENDING: 'Fulfilled; money of it is on its way back, and the seats that go with it are frozen.',
  PARTIALLY_REFUNDED: 'Fulfilled; a part of the money has been returned.',
  REFUNDED: 'Everything that was paid has been returned after fulfilment.',
});

export const OrderSource = enumeration<OrderSourceValue>('OrderSource', 'What made an order.', {
  CHECKOUT: 'A buyer’s checkout.',
  RENEWAL: 'A subscription’s next period.',
});

export const OrderFailureReason = enumeration<OrderFailureReasonValue>('OrderFailureReason', 'Why an order failed.', {
  PAYMENT_DECLINED: 'The bank or card issuer declined the payment.',
  PAYMENT_TIMEOUT: 'The payment was not completed in time.',
  PAYMENT_REJECTED: 'Billing refused to take on the payment.',
  PAYMENT_UNAVAILABLE: 'Billing could not be reached for ten minutes.',
  PAYMENT_AMOUNT_MISMATCH: 'What was paid is not the order’s total; it is returned in full.',
  PAYMENT_REVERSED: 'The payment was taken back before the order was fulfilled, for example by a dispute.',
  LICENSING_FAILED: 'The licences could not be issued.',
  ENROLLMENT_TIMEOUT: 'None of the learners was enrolled in time.',
  ENROLLMENT_REJECTED: 'None of the learners could be enrolled.',
  OPERATOR_DECISION: 'The marketplace’s staff took it back.',
});

export const OrderStepName = enumeration<OrderStepNameValue>('OrderStepName', 'A step of a purchase, in the order in which they happen.', {
  RESERVE: 'The price is fixed and the order stored.',
  PAYMENT: 'Billing takes the payment.',
  LICENSING: 'Licences and seats are issued.',
  ENROLLMENT: 'The learners named at purchase are enrolled.',
  FULFILMENT: 'The order is completed.',
});

export const OrderStepState = enumeration<OrderStepStateValue>('OrderStepState', 'How far a step of a purchase is.', {
  PENDING: 'Not begun yet.',
  RUNNING: 'Under way.',
  DONE: 'Completed.',
  FAILED: 'Failed; it is why the order is taken back.',
  COMPENSATING: 'Being undone.',
  COMPENSATED: 'Undone.',
  SKIPPED: 'Not needed, or no longer: there was nothing to do, or the order failed before.',
});

export const RefundStatus = enumeration<RefundStatusValue>('RefundStatus', 'How far a refund is.', {
  REQUESTED: 'Billing has been asked to return the money.',
  SUCCEEDED: 'The money has been returned.',
  FAILED: 'The money could not be returned.',
});

export const RefundInitiator = enumeration<RefundInitiatorValue>('RefundInitiator', 'Who set a refund off.', {
  BUYER: 'The buyer, or an administrator of the buyer’s organisation.',
  OPERATOR: 'A platform administrator.',
  BILLING: 'Billing, unasked: for example after a dispute.',
  SYSTEM: 'The marketplace, because the order failed after it was paid.',
});

export const RefundBlocker = enumeration<RefundBlockerValue>('RefundBlocker', 'What keeps a line from being given back.', {
  NOT_FULFILLED: 'The order was not completed.',
  DEADLINE_PASSED: 'The time for giving it back is over.',
  SEATS_CONSUMED: 'Seats have been used, and its terms allow no refund of the others, or none are left.',
  ALREADY_REFUNDED: 'All of it has been returned, or is on its way back.',
  REFUND_IN_PROGRESS: 'A refund of the order is under way.',
  PLAN_NOT_REFUNDABLE: 'Its terms allow no refund, or it cost nothing.',
});

export const LicenseState = enumeration<LicenseStateValue>('LicenseState', 'Whether a licence gives access.', {
  ACTIVE: 'Its learners have access.',
  GRACE: 'Its subscription could not be renewed; its learners keep access for a few days.',
  SUSPENDED: 'Its subscription is still unpaid: no access, until it is paid or expires.',
  EXPIRED: 'Its validity has ended; its learners no longer have access.',
  REVOKED: 'Taken back; nobody has access through it any more.',
});

export const LicenseSource = enumeration<LicenseSourceValue>('LicenseSource', 'What a licence comes from.', {
  PURCHASE: 'An order that was paid.',
  SUBSCRIPTION: 'A subscription; valid until the end of the period that is paid.',
  GRANT: 'Given by a platform administrator, without an order.',
});

export const SubscriptionState = enumeration<SubscriptionStateValue>('SubscriptionState', 'How a subscription is doing.', {
  TRIALING: 'In its trial: nothing has been paid yet.',
  ACTIVE: 'Its current period is paid.',
  PAST_DUE: 'The next period could not be paid: it is tried again, and can be paid by hand.',
  CANCELLED: 'Over by wish, or by a refund, a dispute or a revocation.',
  EXPIRED: 'Over, because the next period was not paid in time.',
});

export const SeatState = enumeration<SeatStateValue>('SeatState', 'What has become of a seat.', {
  AVAILABLE: 'Nobody’s; it can be assigned.',
  ASSIGNED: 'Given to a learner, who is being enrolled.',
  ENROLLED: 'Its learner is enrolled and has not started.',
  CONSUMED: 'Its learner has started the course.',
  REVOKED: 'Taken back with its licence.',
});

export const SagaState = enumeration<SagaStateValue>('SagaState', 'How a saga is doing.', {
  RUNNING: 'A call to another service is to be made or answered.',
  WAITING: 'An event or a timer is awaited.',
  COMPENSATING: 'What was done is being undone.',
  COMPLETED: 'Ended well.',
  COMPENSATED: 'Everything was undone.',
  STUCK: 'Undoing kept failing; an operator has to look. The awaited event, should it come, still moves it on.',
  RESOLVED: 'Ended by an operator’s decision.',
});

export const SagaOutcome = enumeration<SagaOutcomeValue>('SagaOutcome', 'How a stuck saga is ended by decision.', {
  FULFIL: 'What was asked for is kept: a purchase that is paid in full, a refund whose money has gone back.',
  FAIL: 'It is given up; what money is still owed is settled outside.',
});

export const UserErrorCode = enumeration<UserErrorCodeValue>('UserErrorCode', 'Why a mutation was refused, for programs.', {
  INVALID_INPUT: 'A value does not fit; `path` names it and the message says what would.',
  NOT_FOUND: 'There is no such thing, or none that the caller may see.',
  FORBIDDEN: 'The caller may not do this.',
  VERSION_CONFLICT: 'It has changed since the caller read it: read it again and decide anew.',
  ILLEGAL_TRANSITION: 'Its present status does not allow this; `possible` lists what it does.',
  TEMPORARILY_UNAVAILABLE: 'Another service that is needed cannot be reached. Nothing was changed; try again.',
  LISTING_NOT_PURCHASABLE: 'The listing is not on sale.',
  PLAN_NOT_ACTIVE: 'The plan is no longer sold.',
  CURRENCY_NOT_OFFERED: 'The plan has no price in this currency; `offered` lists those it has.',
  CURRENCY_NOT_ALLOWED: 'The buyer’s organisation does not buy in this currency; `allowed` lists those it does.',
  QUANTITY_OUT_OF_RANGE: 'The quantity, or the number of seats or learners, is too small or too large.',
  IDEMPOTENCY_KEY_REUSED: 'The idempotency key has placed another order.',
  PRICE_CHANGED: 'The total differs from `expectedTotal`; nothing was placed.',
  PURCHASE_CAP_EXCEEDED: 'The order would pass the organisation’s cap; `per` says whether that of one order or of the calendar month.',
  ALREADY_LICENSED: 'A learner has a seat for the course, or an order under way.',
  COUPON_UNKNOWN: 'There is no coupon with this code.',
  COUPON_EXPIRED: 'The coupon has not begun, has ended or was deactivated.',
  COUPON_EXHAUSTED: 'The coupon has been used as often as it may be: in all, by the organisation or by the buyer.',
  COUPON_NOT_APPLICABLE: 'The coupon works on none of the lines, or not in this currency.',
  COUPON_TENANT_RESTRICTED: 'The coupon is for other organisations.',
  COUPON_MINIMUM_NOT_MET: 'The lines that the coupon works on do not reach its `minimumSubtotal`.',
  KYC_NOT_VERIFIED: 'The provider’s identity is not verified.',
  COURSE_VERSION_NOT_PUBLISHED: 'The course version is not published in the catalog.',
  PLAY_PACKAGE_NOT_BUILT: 'The course version’s play package is not built yet.',
  NO_ACTIVE_PLAN: 'The listing has no active pricing plan.',
  NO_SEATS_AVAILABLE: 'The licence has too few free seats; `missing` says how many more it would take. Nothing was assigned.',
  SEAT_ALREADY_ASSIGNED: 'A learner holds a seat of this licence already.',
  SEAT_REASSIGNMENT_LIMIT: 'Seats that were started can be given to somebody else only so often; `left` says how often still.',
  LICENSE_NOT_ACTIVE: 'The licence gives no access at the moment, or its order is not fulfilled yet.',
  PAYOUT_ACCOUNT_MISSING: 'Nobody who has earnings to be paid has an account that Stripe has verified; `providers` says how many there are.',
  ORDER_NOT_CANCELLABLE: 'The order is past the point where it can be cancelled.',
  SAGA_NOT_STUCK: 'Only a saga that is STUCK can be ended by decision; `state` says how it is doing.',
  REFUND_DEADLINE_PASSED: 'The time for giving it back is over; `deadline` says when it ended.',
  REFUND_SEATS_CONSUMED: 'Seats have been used, and nothing else is left to give back; `seatsConsumed` says how many.',
  REFUND_NOT_ELIGIBLE: 'It cannot be given back; `reasons` lists the blockers.',
});

export const LedgerEntryKind = enumeration<LedgerEntryKindValue>('LedgerEntryKind', 'What was booked on a provider’s earnings.', {
  SALE: 'A sale was fulfilled.',
  REFUND: 'Money went back to the buyer.',
  DISPUTE: 'The buyer’s bank took money back.',
  PAYOUT: 'Paid out.',
  FX: 'Exchanged for a payout in another currency: out of the one, into the other.',
  ADJUSTMENT: 'A payout that failed, put back.',
});

export const PayoutStatus = enumeration<PayoutStatusValue>('PayoutStatus', 'How far a payout is.', {
  SCHEDULED: 'Its day has not come, or its transfer is about to begin.',
  PROCESSING: 'Being transferred. It stays so until it is certain what became of the transfer.',
  PAID: 'Transferred to the provider’s account.',
  FAILED: 'Stripe refused it; its money is available again, and part of the next payout.',
});
