import { Directive, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { AS_PARENT } from '../cached';
import type { BillingInterval as Interval, PlanKind } from '../../src/domain/pricing/plan';
import { BillingInterval, PricingPlanKind } from './enums';
import { MoneyInput } from './money';
import { DateTimeScalar } from './scalars';
import { payloadType } from './user-error';

const TEXTS = {
  name: 'What the plan is called, for buyers.',
  kind: 'What one purchase of the plan brings.',
  seatsIncluded: 'Seats of the licence for one unit of the plan; null: unlimited (SITE_LICENSE).',
  accessDays: 'How many days a licence is valid from its grant; null: perpetual.',
  billingInterval: 'How a subscription’s periods are counted; null for a single payment.',
  intervalCount: 'How many of these intervals a period of a subscription has; null for a single payment.',
  trialDays: 'Days of a subscription before its first payment, once for a buyer and listing; 0: none.',
  perpetualOffline: 'Whether a downloaded course stays playable without ever going online again.',
  refundPolicy: 'Until when and how a purchase can be given back.',
  seatReassignmentLimit: 'How often seats that were started may be given to somebody else, per licence; null: no limit.',
};

@Directive(AS_PARENT)
@ObjectType('RefundPolicy', { description: 'Until when and how a purchase can be given back.' })
export class RefundPolicyType {
  @Field(() => Int, { description: 'Days from fulfilment within which a refund may be asked for; 0: not refundable.' })
  windowDays!: number;

  @Field(() => Boolean, { description: 'Whether the unused seats of a purchase can be given back when others have been started.' })
  partial!: boolean;
}

@InputType({ description: 'Until when and how a purchase can be given back.' })
export class RefundPolicyInput {
  @Field(() => Int, { defaultValue: 14, description: 'Days from fulfilment within which a refund may be asked for, 0 to 365; 0: not refundable.' })
  windowDays!: number;

  @Field(() => Boolean, { defaultValue: true, description: 'Whether the unused seats of a purchase can be given back when others have been started.' })
  partial!: boolean;
}

@Directive(AS_PARENT)
@ObjectType('PlanTerms', { description: 'What is agreed to with a purchase: a snapshot that nothing changes afterwards.' })
export class PlanTermsType {
  @Field(() => String, { description: TEXTS.name })
  name!: string;

  @Field(() => PricingPlanKind, { description: TEXTS.kind })
  kind!: PlanKind;

  @Field(() => Int, { nullable: true, description: TEXTS.seatsIncluded })
  seatsIncluded!: number | null;

  @Field(() => Int, { nullable: true, description: TEXTS.accessDays })
  accessDays!: number | null;

  @Field(() => Boolean, { description: TEXTS.perpetualOffline })
  perpetualOffline!: boolean;

  @Field(() => BillingInterval, { nullable: true, description: TEXTS.billingInterval })
  billingInterval!: Interval | null;

  @Field(() => Int, { nullable: true, description: TEXTS.intervalCount })
  intervalCount!: number | null;

  @Field(() => Int, { description: TEXTS.trialDays })
  trialDays!: number;

  @Field(() => RefundPolicyType, { description: TEXTS.refundPolicy })
  refundPolicy!: RefundPolicyType;

  @Field(() => Int, { nullable: true, description: TEXTS.seatReassignmentLimit })
  seatReassignmentLimit!: number | null;
}

@Directive(AS_PARENT)
@Directive('@key(fields: "id")')
@ObjectType('PricingPlan', { description: 'A way to buy a listing: what one gets, at which prices.' })
export class PricingPlanType {
  @Field(() => ID, { description: 'Stays the same when the plan is revised.' })
  id!: string;

  @Field(() => Int, { description: 'The present revision, from 1. Orders keep the one they were placed with.' })
  revision!: number;

  @Field(() => Boolean, { description: 'Whether the plan is sold.' })
  active!: boolean;
}
export const PLAN_TEXTS = TEXTS;

@Directive(AS_PARENT)
@ObjectType('PricingPlanRevision', { description: 'A plan as it was, or is, for some time.' })
export class PricingPlanRevisionType {
  @Field(() => Int, { description: 'The number of the revision, from 1.' })
  revision!: number;

  @Field(() => PlanTermsType, { description: 'What was agreed to with a purchase meanwhile.' })
  terms!: PlanTermsType;

  @Field(() => DateTimeScalar, { description: 'From when it was sold.' })
  validFrom!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Until when it was sold; null: it still is.' })
  validUntil!: Date | null;
}

@InputType({ description: 'A new plan of a listing.' })
export class CreatePricingPlanInput {
  @Field(() => ID, { description: 'The listing that the plan sells; one’s own.' })
  listingId!: string;

  @Field(() => PricingPlanKind, { description: TEXTS.kind })
  kind!: PlanKind;

  @Field(() => String, { description: `${TEXTS.name} 1 to 200 characters.` })
  name!: string;

  @Field(() => [MoneyInput], { description: 'The price of one unit, at most one per currency.' })
  prices!: MoneyInput[];

  @Field(() => Int, { nullable: true, description: 'Seats of the licence for one unit of the plan: 1 by default for ONE_TIME and SUBSCRIPTION, needed for SEAT_PACK, left out for SITE_LICENSE.' })
  seatsIncluded?: number | null;

  @Field(() => Int, { nullable: true, description: TEXTS.accessDays })
  accessDays?: number | null;

  @Field(() => Boolean, { nullable: true, defaultValue: false, description: TEXTS.perpetualOffline })
  perpetualOffline?: boolean | null;

  @Field(() => BillingInterval, { nullable: true, description: 'How the periods are counted; needed for a SUBSCRIPTION, left out otherwise.' })
  billingInterval?: Interval | null;

  @Field(() => Int, { nullable: true, defaultValue: 1, description: 'How many intervals one period of a SUBSCRIPTION has: 1 to 36 months, 1 to 3 years.' })
  intervalCount?: number | null;

  @Field(() => Int, { nullable: true, defaultValue: 0, description: 'Days of a SUBSCRIPTION before its first payment, up to 365.' })
  trialDays?: number | null;

  @Field(() => RefundPolicyInput, { nullable: true, description: `${TEXTS.refundPolicy} Left out: the marketplace’s default.` })
  refundPolicy?: RefundPolicyInput | null;

  @Field(() => Int, { nullable: true, description: TEXTS.seatReassignmentLimit })
  seatReassignmentLimit?: number | null;
}

@InputType({ description: 'Changes to a plan. What is left out stays as it is; kind, seats and validity cannot change.' })
export class RevisePricingPlanInput {
  @Field(() => ID, { description: 'The plan to revise; one’s own, and not retired.' })
  id!: string;

  @Field(() => String, { nullable: true, description: `${TEXTS.name} 1 to 200 characters.` })
  name?: string | null;

  @Field(() => [MoneyInput], { nullable: true, description: 'The price of one unit, at most one per currency: all of them, in place of those there were.' })
  prices?: MoneyInput[] | null;

  @Field(() => RefundPolicyInput, { nullable: true, description: `${TEXTS.refundPolicy} Null: the marketplace’s default.` })
  refundPolicy?: RefundPolicyInput | null;

  @Field(() => Int, { nullable: true, description: TEXTS.seatReassignmentLimit })
  seatReassignmentLimit?: number | null;
}

export const PricingPlanPayload = payloadType('PricingPlan', 'plan', 'a pricing plan', () => PricingPlanType);
