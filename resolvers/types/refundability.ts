import { Field, Int, ObjectType } from 'type-graphql';
import type { OrderLine } from '../../src/domain/order/order';
import type { RefundBlocker as Blocker } from '../../src/domain/refund/refundability';
import { RefundBlocker } from './enums';
import { MoneyType } from './money';
import { OrderLineType } from './order';
import { DateTimeScalar } from './scalars';

@ObjectType('LineRefundability', { description: 'What of an order’s line can be given back at this instant.' })
export class LineRefundabilityType {
  @Field(() => OrderLineType, { description: 'The line.' })
  line!: OrderLine;

  @Field(() => Boolean, { description: 'Whether any of it can be given back.' })
  eligible!: boolean;

  @Field(() => MoneyType, { description: 'How much would be returned; zero where it is not eligible.' })
  amount!: MoneyType;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Until when it can be given back; null while it is not fulfilled, and where its terms allow no refund.' })
  deadline!: Date | null;

  @Field(() => Int, { description: 'How many of its seats were ever used.' })
  seatsConsumed!: number;

  @Field(() => [RefundBlocker], { description: 'What keeps it from being given back; empty where it is eligible.' })
  reasons!: Blocker[];
}

@ObjectType('Refundability', { description: 'What of an order can be given back at this instant: what `requestRefund` would do.' })
export class RefundabilityType {
  @Field(() => Boolean, { description: 'Whether any of it can be given back.' })
  eligible!: boolean;

  @Field(() => MoneyType, { description: 'How much would be returned for all lines together.' })
  amount!: MoneyType;

  @Field(() => [LineRefundabilityType], { description: 'The same for each line, in the order of the checkout.' })
  lines!: LineRefundabilityType[];

  @Field(() => String, { description: 'The answer in words, for the buyer.' })
  explanation!: string;
}
