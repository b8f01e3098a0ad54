import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { UserErrorCode as UserErrorCodeValue } from '../../src/application/user-error';
import { UserErrorCode } from './enums';
import { MoneyType } from './money';
import { OrderLineInput } from './order-inputs';
import { PricingPlanType } from './plan';
import { CurrencyCodeScalar } from './scalars';
import { UserErrorType } from './user-error';

@InputType({ description: 'What would be bought.' })
export class QuoteInput {
  @Field(() => [OrderLineInput], { description: 'From 1 to 50 lines.' })
  lines!: OrderLineInput[];

  @Field(() => CurrencyCodeScalar, { description: 'The currency to pay in; every plan has to offer it.' })
  currency!: string;

  @Field(() => String, { nullable: true, description: 'The code of a coupon to apply, without regard to case.' })
  couponCode?: string | null;

  @Field(() => String, { nullable: true, description: 'The slug of the storefront that it would be bought in: its currencies and, where it is curated, its listings only.' })
  storefrontSlug?: string | null;
}

@ObjectType('QuoteLine', { description: 'The price of one line.' })
export class QuoteLineType {
  @Field(() => Int, { description: 'Its position in the input, from 0.' })
  index!: number;

  @Field(() => PricingPlanType, { nullable: true, description: 'The plan; null when there is none by this id for the caller.' })
  plan!: PricingPlanType | null;

  @Field(() => Int, { description: 'How many units of the plan.' })
  quantity!: number;

  @Field(() => MoneyType, { nullable: true, description: 'The price of one unit; null while problems keep the line from being priced.' })
  unitPrice!: MoneyType | null;

  @Field(() => MoneyType, { nullable: true, description: 'Unit price × quantity; null while problems keep the line from being priced.' })
  subtotal!: MoneyType | null;

  @Field(() => MoneyType, { nullable: true, description: 'What is taken off; null while problems keep the line from being priced.' })
  discount!: MoneyType | null;

  @Field(() => MoneyType, { nullable: true, description: 'Subtotal − discount; null while problems keep the line from being priced.' })
  total!: MoneyType | null;
}

@ObjectType('CouponOutcome', { description: 'What becomes of a coupon in a purchase.' })
export class CouponOutcomeType {
  @Field(() => String, { description: 'Its code.' })
  code!: string;

  @Field(() => Boolean, { description: 'Whether it takes something off.' })
  applied!: boolean;

  @Field(() => UserErrorCode, { nullable: true, description: 'Why it does not; null where it does.' })
  reason!: UserErrorCodeValue | null;

  @Field(() => MoneyType, { description: 'What it takes off in all.' })
  discount!: MoneyType;
}

@ObjectType('RefundTerms', { description: 'How a purchase of a plan could be given back.' })
export class RefundTermsType {
  @Field(() => ID, { description: 'The plan.' })
  planId!: string;

  @Field(() => Int, { description: 'Days from fulfilment within which a refund may be asked for; 0: not refundable.' })
  windowDays!: number;

  @Field(() => Boolean, { description: 'Whether the unused seats can be given back when others have been started.' })
  partial!: boolean;

  @Field(() => String, { description: 'The same in a sentence, for buyers.' })
  summary!: string;
}

@ObjectType('Quote', { description: 'The price as `placeOrder` would make it, and everything that would keep it from doing so. Nothing is stored or reserved.' })
export class QuoteType {
  @Field(() => [QuoteLineType], { description: 'A line for each of the input, in its order.' })
  lines!: QuoteLineType[];

  @Field(() => MoneyType, { nullable: true, description: 'The sum of the lines’ subtotals; null while problems keep it from being computed.' })
  subtotal!: MoneyType | null;

  @Field(() => MoneyType, { nullable: true, description: 'The sum of the lines’ discounts; null while problems keep it from being computed.' })
  discount!: MoneyType | null;

  @Field(() => MoneyType, { nullable: true, description: 'What would be paid, before tax, which billing adds; null while problems keep it from being computed.' })
  total!: MoneyType | null;

  @Field(() => CouponOutcomeType, { nullable: true, description: 'What becomes of the coupon; null without one, and while problems keep it from being judged.' })
  coupon!: CouponOutcomeType | null;

  @Field(() => [RefundTermsType], { description: 'How the purchase could be given back, one entry for each plan in it.' })
  refundTerms!: RefundTermsType[];

  @Field(() => [UserErrorType], { description: 'What `placeOrder` would refuse, all at once; empty: it would place the order.' })
  problems!: UserErrorType[];
}
