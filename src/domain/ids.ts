/**
 * Branded identities (freeze F03): the compiler keeps a listing's id from being passed for an order's.
 * At run time each is a UUID in lower case; those made here are version 7.
 */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type TenantId = Branded<'TenantId'>;
export type UserId = Branded<'UserId'>;
export type CourseId = Branded<'CourseId'>;
export type CourseVersionId = Branded<'CourseVersionId'>;
export type ListingId = Branded<'ListingId'>;
export type PricingPlanId = Branded<'PricingPlanId'>;
export type OrderId = Branded<'OrderId'>;
export type OrderLineId = Branded<'OrderLineId'>;
export type LicenseId = Branded<'LicenseId'>;
export type SeatId = Branded<'SeatId'>;
export type AssignmentId = Branded<'AssignmentId'>;
export type JournalEntryId = Branded<'JournalEntryId'>;
export type RefundId = Branded<'RefundId'>;
export type PayoutId = Branded<'PayoutId'>;
export type CouponId = Branded<'CouponId'>;
export type StorefrontId = Branded<'StorefrontId'>;
export type SubscriptionId = Branded<'SubscriptionId'>;
export type SagaId = Branded<'SagaId'>;
export type DeadLetterId = Branded<'DeadLetterId'>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The id in its one form (lower case), or null when the text is no UUID and so cannot name anything of ours. */
export function parseId<Id extends string>(text: string): Id | null {
  return UUID.test(text) ? (text.toLowerCase() as Id) : null;
}
