import { Directive, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { SagaState as State } from '../../src/application/saga/records';
import { connectionTypes } from './connection';
import { SagaState } from './enums';
import { DateTimeScalar } from './scalars';
import { payloadType } from './user-error';

/** What is for platform administrators: contract variants without it can be built from the tag. */
export const OPERATOR = '@tag(name: "operator")';

@Directive(OPERATOR)
@ObjectType('Saga', { description: 'A process over several services, as its operators see it: for a purchase, payment, licences and enrollment as one outcome.' })
export class SagaType {
  @Field(() => ID, { description: 'The id of the saga.' })
  id!: string;

  @Field(() => String, { description: 'Which process it is, for example "marketplace.purchase".' })
  name!: string;

  @Field(() => Int, { description: 'The version of the process’s definition that it follows to its end.' })
  definitionVersion!: number;

  @Field(() => SagaState, { description: 'How it is doing.' })
  state!: State;

  @Field(() => String, { description: 'The step it is at.' })
  step!: string;

  @Field(() => Int, { description: 'Which try of the step’s work this is, from 1.' })
  attempt!: number;

  @Field(() => String, { nullable: true, description: 'What went wrong with the last try; null: nothing.' })
  lastError!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Until when the step’s outcome is waited for.' })
  deadline!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it next does something by itself.' })
  nextWakeAt!: Date | null;

  @Field(() => DateTimeScalar, { description: 'When it started.' })
  startedAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it last changed.' })
  updatedAt!: Date;
}

@Directive(OPERATOR)
@ObjectType('SagaTransition', { description: 'A stored change of a saga.' })
export class SagaTransitionType {
  @Field(() => Int, { description: 'The saga’s version with this change, from 1.' })
  version!: number;

  @Field(() => String, { description: 'The event, reply, timer or command behind it.' })
  cause!: string;

  @Field(() => DateTimeScalar, { description: 'When it happened.' })
  at!: Date;
}

@Directive(OPERATOR)
@InputType({ description: 'Which sagas to show. What is given must all be true.' })
export class SagaFilter {
  @Field(() => [SagaState], { nullable: true, description: 'Only sagas in one of these states.' })
  states?: State[] | null;

  @Field(() => String, { nullable: true, description: 'Only sagas at this step.' })
  step?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Only sagas whose deadline has passed.' })
  overdueOnly?: boolean | null;
}

export const { Connection: SagaConnection, Edge: SagaEdge } = connectionTypes('Saga', 'sagas', () => SagaType);
for (const type of [SagaConnection, SagaEdge]) Directive(OPERATOR)(type);

export const SagaPayload = payloadType('Saga', 'saga', 'a saga', () => SagaType);
Directive(OPERATOR)(SagaPayload);
