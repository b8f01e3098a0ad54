import { Directive, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { CouponFunding as Funding } from '../../src/domain/coupon/coupon';
import { connectionTypes } from './connection';
import { CouponFunding } from './enums';
import { MoneyInput, MoneyType } from './money';
import { DateTimeScalar, DecimalScalar } from './scalars';
import { payloadType } from './user-error';

const TEXTS = {
  code: 'What buyers write; told apart without regard to case.',
  percentOff: 'Percent off the lines that it works on, with up to two decimals; null: an amount is taken off.',
  amountOff: 'The amount off, at most the lines that it works on, in orders of its currency only; null: a percentage is taken off.',
  startsAt: 'From when it works; null: from its creation.',
  endsAt: 'From when it no longer works; null: it has no end.',
  maxRedemptions: 'How many orders may use it; null: any number.',
  maxRedemptionsPerTenant: 'How many orders of one organisation may use it; null: any number.',
  maxRedemptionsPerBuyer: 'How many orders of one buyer may use it; null: any number.',
  minimumSubtotal: 'What the lines that it works on have to come to, in the order’s currency; null: nothing.',
  listingIds: 'The listings that it works on; empty: any.',
  tenantIds: 'The organisations that may use it; empty: any.',
} as const;

@Directive('@key(fields: "id")')
@ObjectType('Coupon', { description: 'A discount for whoever knows its code. The provider who gave it and platform administrators see it. It never changes, but can be deactivated.' })
export class CouponType {
  @Field(() => ID, { description: 'The id of the coupon.' })
  id!: string;

  @Field(() => String, { description: TEXTS.code })
  code!: string;

  @Field(() => CouponFunding, { description: 'Who bears the discount.' })
  funding!: Funding;

  @Field(() => DateTimeScalar, { nullable: true, description: TEXTS.startsAt })
  startsAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: TEXTS.endsAt })
  endsAt!: Date | null;

  @Field(() => Boolean, { description: 'False once it has been deactivated.' })
  active!: boolean;

  @Field(() => Int, { nullable: true, description: TEXTS.maxRedemptions })
  maxRedemptions!: number | null;

  @Field(() => Int, { nullable: true, description: TEXTS.maxRedemptionsPerTenant })
  maxRedemptionsPerTenant!: number | null;

  @Field(() => Int, { nullable: true, description: TEXTS.maxRedemptionsPerBuyer })
  maxRedemptionsPerBuyer!: number | null;

  @Field(() => Int, { description: 'How many orders have been paid with it.' })
  redemptions!: number;

  @Field(() => Int, { description: 'How many orders that are not paid yet hold it; with `redemptions`, never more than `maxRedemptions`.' })
  reserved!: number;

  @Field(() => MoneyType, { nullable: true, description: TEXTS.minimumSubtotal })
  minimumSubtotal!: MoneyType | null;

  @Field(() => [ID], { description: TEXTS.listingIds })
  listingIds!: string[];

  @Field(() => [ID], { description: TEXTS.tenantIds })
  tenantIds!: string[];
}

@InputType({ description: 'A new coupon. It takes either a percentage or an amount off.' })
export class CreateCouponInput {
  @Field(() => String, { description: `${TEXTS.code} 1 to 64 visible characters without blanks.` })
  code!: string;

  @Field(() => CouponFunding, { nullable: true, defaultValue: 'PROVIDER', description: 'Who bears the discount. PROVIDER is for providers, PLATFORM for platform administrators.' })
  funding?: Funding | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'Percent off the lines that it works on: above 0, at most 100, with up to two decimals.' })
  percentOff?: string | null;

  @Field(() => MoneyInput, { nullable: true, description: 'The amount off, at most the lines that it works on, in orders of its currency only.' })
  amountOff?: MoneyInput | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'From when it works; left out: at once.' })
  startsAt?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'From when it no longer works; left out: it has no end.' })
  endsAt?: Date | null;

  @Field(() => Int, { nullable: true, description: 'How many orders may use it; left out: any number.' })
  maxRedemptions?: number | null;

  @Field(() => Int, { nullable: true, description: 'How many orders of one organisation may use it; left out: any number.' })
  maxRedemptionsPerTenant?: number | null;

  @Field(() => Int, { nullable: true, description: 'How many orders of one buyer may use it; left out: any number.' })
  maxRedemptionsPerBuyer?: number | null;

  @Field(() => MoneyInput, { nullable: true, description: 'What the lines that it works on have to come to, in the order’s currency; left out: nothing.' })
  minimumSubtotal?: MoneyInput | null;

  @Field(() => [ID], { nullable: true, defaultValue: [], description: 'The listings that it works on, of a provider its own; empty: any.' })
  listingIds?: string[] | null;

  @Field(() => [ID], { nullable: true, defaultValue: [], description: TEXTS.tenantIds })
  tenantIds?: string[] | null;
}

export const COUPON_TEXTS = TEXTS;
export const { Connection: CouponConnection, Edge: CouponEdge } = connectionTypes('Coupon', 'coupons', () => CouponType);
export const CouponPayload = payloadType('Coupon', 'coupon', 'a coupon', () => CouponType);
