import { Field, ID, InputType, Int } from 'type-graphql';
import type { OrderStatus as Status } from '../../src/domain/order/order-status';
import { OrderStatus } from './enums';
import { MoneyInput } from './money';
import { CurrencyCodeScalar, DateTimeScalar, UrlScalar } from './scalars';

@InputType({ description: 'One plan to buy.' })
export class OrderLineInput {
  @Field(() => ID, { description: 'The plan to buy.' })
  pricingPlanId!: string;

  @Field(() => Int, { defaultValue: 1, description: 'How many units of the plan, 1 to 1,000.' })
  quantity!: number;

  @Field(() => [ID], { nullable: true, description: 'Learners to seat at once. Left out: the buyer, where the line has one seat; []: nobody yet. Others than oneself take an organisation’s administrator.' })
  learnerIds?: string[] | null;
}

@InputType({ description: 'A checkout.' })
export class PlaceOrderInput {
  @Field(() => String, { description: 'Chosen by the client for this checkout, 1 to 200 characters. The same key with the same body answers with the same order, for ever; with another body it is IDEMPOTENCY_KEY_REUSED.' })
  idempotencyKey!: string;

  @Field(() => [OrderLineInput], { description: 'From 1 to 50 lines; each becomes one licence.' })
  lines!: OrderLineInput[];

  @Field(() => CurrencyCodeScalar, { description: 'The currency to pay in; every plan has to offer it.' })
  currency!: string;

  @Field(() => String, { nullable: true, description: 'The code of a coupon to apply, without regard to case. One that does not work is refused, and nothing is placed.' })
  couponCode?: string | null;

  @Field(() => String, { nullable: true, description: 'The slug of the storefront that it is bought in: its currencies and, where it is curated, its listings only.' })
  storefrontSlug?: string | null;

  @Field(() => UrlScalar, { nullable: true, description: 'Where billing’s payment page sends the buyer afterwards.' })
  paymentReturnUrl?: string | null;

  @Field(() => String, { nullable: true, description: 'The buyer’s own purchase order number, 1 to 100 characters.' })
  purchaseReference?: string | null;

  @Field(() => MoneyInput, { nullable: true, description: 'The total that the buyer was shown. Where it has changed since: PRICE_CHANGED, and nothing is placed.' })
  expectedTotal?: MoneyInput | null;
}

@InputType({ description: 'Which orders to show. What is given must all be true.' })
export class OrderFilter {
  @Field(() => [OrderStatus], { nullable: true, description: 'Only orders with one of these statuses.' })
  statuses?: Status[] | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only orders placed after this instant.' })
  placedAfter?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only orders placed before this instant.' })
  placedBefore?: Date | null;

  @Field(() => ID, { nullable: true, description: 'Only orders with a line of this listing.' })
  listingId?: string | null;

  @Field(() => String, { nullable: true, description: 'Only the order with this number, such as "GE-7K3M-9QXA".' })
  number?: string | null;

  @Field(() => String, { nullable: true, description: 'Only orders with this purchase order number.' })
  purchaseReference?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only orders of this buyer.' })
  buyerId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only orders of this organisation.' })
  tenantId?: string | null;
}
