import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import type { SubscriptionState as State } from '../../src/domain/subscription/subscription';
import { connectionTypes } from './connection';
import { SubscriptionState } from './enums';
import { DateTimeScalar } from './scalars';
import { payloadType } from './user-error';

@Directive('@key(fields: "id")')
@ObjectType('SubscriptionContract', { description: 'A plan that is paid again at each period’s end, at the terms of when it was begun. Its licence is valid while it is paid.' })
export class SubscriptionContractType {
  @Field(() => ID, { description: 'The id of the subscription.' })
  id!: string;

  @Field(() => SubscriptionState, { description: 'How it is doing.' })
  state!: State;

  @Field(() => Int, { description: 'How many units of the plan.' })
  quantity!: number;

  @Field(() => DateTimeScalar, { description: 'When the current period began.' })
  currentPeriodStart!: Date;

  @Field(() => DateTimeScalar, { description: 'When the current period ends: the last one that is paid, or the trial.' })
  currentPeriodEnd!: Date;

  @Field(() => Boolean, { description: 'Whether it ends with the current period.' })
  cancelAtPeriodEnd!: boolean;

  @Field(() => DateTimeScalar, { nullable: true, description: 'While PAST_DUE: when the payment is tried again by itself; null: it is not.' })
  nextRetryAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'While PAST_DUE: until when there is access without payment.' })
  graceEndsAt!: Date | null;
}

export const { Connection: SubscriptionContractConnection, Edge: SubscriptionContractEdge } = connectionTypes('SubscriptionContract', 'subscriptions', () => SubscriptionContractType);
export const SubscriptionPayload = payloadType('Subscription', 'subscription', 'a subscription', () => SubscriptionContractType);
