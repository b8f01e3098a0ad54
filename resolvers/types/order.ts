import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import type { OrderStepState as StepState } from '../../src/application/order/order-progress';
import type { OrderFailureReason as FailureReason, OrderSource as Source, OrderStepName as StepName, RefundInitiator as Initiator, RefundStatus as RefundState } from '../../src/domain/order/order';
import type { OrderStatus as Status } from '../../src/domain/order/order-status';
import { connectionTypes } from './connection';
import { OrderFailureReason, OrderSource, OrderStatus, OrderStepName, OrderStepState, RefundInitiator, RefundStatus } from './enums';
import { MoneyType } from './money';
import { PlanTermsType } from './plan';
import { DateTimeScalar } from './scalars';
import { payloadType } from './user-error';

@Directive('@key(fields: "id")')
@ObjectType('Order', { description: 'A purchase, from the moment it is placed. Its buyer, the administrators of the buyer’s organisation and platform administrators see it.' })
export class OrderType {
  @Field(() => ID, { description: 'The id of the order.' })
  id!: string;

  @Field(() => String, { description: 'A short number for people, unique: "GE-7K3M-9QXA".' })
  number!: string;

  @Field(() => OrderSource, { description: 'What made the order.' })
  source!: Source;

  @Field(() => OrderStatus, { description: 'Where it stands.' })
  status!: Status;

  @Field(() => OrderFailureReason, { nullable: true, description: 'Why it failed; null unless it did.' })
  failureReason!: FailureReason | null;

  @Field(() => String, { nullable: true, description: 'The code of the coupon that was applied; null: none was.' })
  couponCode!: string | null;

  @Field(() => String, { nullable: true, description: 'The buyer’s own purchase order number.' })
  purchaseReference!: string | null;

  @Field(() => MoneyType, { description: 'The sum of the lines’ subtotals.' })
  subtotal!: MoneyType;

  @Field(() => MoneyType, { description: 'The sum of the lines’ discounts.' })
  discount!: MoneyType;

  @Field(() => MoneyType, { description: 'What is to be paid, before tax, which billing adds.' })
  total!: MoneyType;

  @Field(() => Int, { description: 'Grows by one with each change of status, from 1.' })
  version!: number;

  @Field(() => DateTimeScalar, { description: 'When it was placed.' })
  placedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When everything that was bought was there; null: not yet, or never.' })
  fulfilledAt!: Date | null;
}

@ObjectType('OrderLine', { description: 'One plan that was bought. It keeps what was agreed to, whatever becomes of the plan.' })
export class OrderLineType {
  @Field(() => ID, { description: 'The id of the line.' })
  id!: string;

  @Field(() => String, { description: 'The listing’s title at the time.' })
  title!: string;

  @Field(() => Int, { description: 'The revision of the plan that was bought.' })
  planRevision!: number;

  @Field(() => PlanTermsType, { description: 'What was agreed to.' })
  terms!: PlanTermsType;

  @Field(() => ID, { description: 'The exact course version that was bought.' })
  courseVersionId!: string;

  @Field(() => Int, { description: 'How many units of the plan.' })
  quantity!: number;

  @Field(() => MoneyType, { description: 'The price of one unit.' })
  unitPrice!: MoneyType;

  @Field(() => MoneyType, { description: 'Unit price × quantity.' })
  subtotal!: MoneyType;

  @Field(() => MoneyType, { description: 'What is taken off.' })
  discount!: MoneyType;

  @Field(() => MoneyType, { description: 'Subtotal − discount.' })
  total!: MoneyType;
}

@ObjectType('OrderStep', { description: 'A step of a purchase, as its buyer may see it.' })
export class OrderStepType {
  @Field(() => OrderStepName, { description: 'Which step it is.' })
  name!: StepName;

  @Field(() => OrderStepState, { description: 'How far it is.' })
  state!: StepState;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it began; null: it has not.' })
  startedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was done, failed or was undone; null: it is none of these.' })
  finishedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Until when its outcome is waited for, while it runs.' })
  deadline!: Date | null;
}

@ObjectType('Refund', { description: 'Money that goes back to the buyer.' })
export class RefundType {
  @Field(() => ID, { description: 'The id of the refund.' })
  id!: string;

  @Field(() => RefundStatus, { description: 'How far it is.' })
  status!: RefundState;

  @Field(() => RefundInitiator, { description: 'Who set it off.' })
  initiatedBy!: Initiator;

  @Field(() => MoneyType, { description: 'How much goes back, before tax.' })
  amount!: MoneyType;

  @Field(() => String, { nullable: true, description: 'Why.' })
  reason!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was asked for.' })
  requestedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it succeeded or failed; null: it is under way.' })
  completedAt!: Date | null;
}

@ObjectType('OrderStatusUpdate', { description: 'A change of an order’s status.' })
export class OrderStatusUpdateType {
  @Field(() => OrderStepName, { description: 'The step of the purchase that it belongs to.' })
  step!: StepName;

  @Field(() => Int, { description: 'The order’s version with this change: the `afterVersion` of whoever comes back later.' })
  version!: number;

  @Field(() => DateTimeScalar, { description: 'When it happened.' })
  at!: Date;
}

export const { Connection: OrderConnection, Edge: OrderEdge } = connectionTypes('Order', 'orders', () => OrderType);
export const OrderPayload = payloadType('Order', 'order', 'an order', () => OrderType);
