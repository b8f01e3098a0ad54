import { AggregateVersionRow } from './aggregate-version';
import { ClockOffsetRow } from './clock-offset';
import { CouponRow } from './coupon';
import { CouponBuyerUseRow, CouponTenantUseRow } from './coupon-use';
import { CouponRedemptionRow } from './coupon-redemption';
import { CourseClaimRow } from './course-claim';
import { CourseVersionRow } from './course-version';
import { DeadLetterRow } from './dead-letter';
import { EventTryRow } from './event-try';
import { FormerAssignmentRow } from './former-assignment';
import { InboxEventRow } from './inbox-event';
import { JournalEntryRow } from './journal-entry';
import { JournalPostingRow } from './journal-posting';
import { LicenseRow } from './license';
import { ListingRow } from './listing';
import { ListingTransitionRow } from './listing-transition';
import { OperatorActionRow } from './operator-action';
import { OrderRow } from './order';
import { OrderLineRow } from './order-line';
import { OrderTransitionRow } from './order-transition';
import { OutboxEventRow } from './outbox-event';
import { OutboxLeaseRow } from './outbox-lease';
import { PaymentRow } from './payment';
import { PayoutRow } from './payout';
import { PayoutAccountRow } from './payout-account';
import { PayoutBatchRow } from './payout-batch';
import { PayoutEntryRow } from './payout-entry';
import { PayoutSourceRow } from './payout-source';
import { PricingPlanRow } from './pricing-plan';
import { PricingPlanPriceRow } from './pricing-plan-price';
import { PricingPlanRevisionRow } from './pricing-plan-revision';
import { ProviderSaleRow } from './provider-sale';
import { PurchaseSpendRow } from './purchase-spend';
import { RefundRow } from './refund';
import { RefundLineRow } from './refund-line';
import { RefundSeatRow } from './refund-seat';
import { ReplicaRow } from './replica';
import { SagaRow } from './saga';
import { SagaTransitionRow } from './saga-transition';
import { SeatRow } from './seat';
import { StorefrontRow } from './storefront';
import { StorefrontListingRow } from './storefront-listing';
import { SubjectRequestRow } from './subject-request';
import { SubscriptionRow } from './subscription';
import { SubscriptionPeriodRow } from './subscription-period';
import { SubscriptionTrialRow } from './subscription-trial';

/** Every TypeORM entity: one for each table of the schema, which test/integration/entities compares with the catalog. */
export const ENTITIES = [
  CourseVersionRow,
  ListingRow,
  ListingTransitionRow,
  PricingPlanRow,
  PricingPlanRevisionRow,
  PricingPlanPriceRow,
  OrderRow,
  OrderLineRow,
  OrderTransitionRow,
  CourseClaimRow,
  StorefrontRow,
  StorefrontListingRow,
  CouponRow,
  CouponRedemptionRow,
  CouponTenantUseRow,
  CouponBuyerUseRow,
  PurchaseSpendRow,
  PaymentRow,
  RefundRow,
  ProviderSaleRow,
  JournalEntryRow,
  JournalPostingRow,
  PayoutAccountRow,
  PayoutBatchRow,
  PayoutRow,
  PayoutSourceRow,
  PayoutEntryRow,
  RefundLineRow,
  RefundSeatRow,
  LicenseRow,
  SeatRow,
  FormerAssignmentRow,
  SubscriptionRow,
  SubscriptionPeriodRow,
  SubscriptionTrialRow,
  SagaRow,
  SagaTransitionRow,
  AggregateVersionRow,
  OutboxEventRow,
  InboxEventRow,
  EventTryRow,
  DeadLetterRow,
  OperatorActionRow,
  SubjectRequestRow,
  ReplicaRow,
  OutboxLeaseRow,
  ClockOffsetRow,
];
