import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { connectionTypes } from './connection';
import { OPERATOR } from './saga';
import { DateTimeScalar } from './scalars';
import { payloadType } from './user-error';

@Directive(OPERATOR)
@ObjectType('DeadLetter', { description: 'A message from another service that could not be taken in: unreadable, or failed too often.' })
export class DeadLetterType {
  @Field(() => ID, { description: 'The id of the dead letter.' })
  id!: string;

  @Field(() => String, { description: 'Where it was sent to, for example "billing.payment.succeeded.v1".' })
  subject!: string;

  @Field(() => ID, { nullable: true, description: 'The event’s own id; null where none can be read.' })
  eventId!: string | null;

  @Field(() => String, { description: 'Who could not take it in.' })
  consumer!: string;

  @Field(() => String, { description: 'What went wrong the last time.' })
  error!: string;

  @Field(() => Int, { description: 'How often it was delivered, replays that failed included.' })
  deliveries!: number;

  @Field(() => String, { description: 'The message as it came; "base64:" and its bytes where they are no text.' })
  payload!: string;

  @Field(() => DateTimeScalar, { description: 'When it was given up.' })
  at!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was replayed and taken in; null: it still waits.' })
  replayedAt!: Date | null;
}

export const { Connection: DeadLetterConnection, Edge: DeadLetterEdge } = connectionTypes('DeadLetter', 'dead letters', () => DeadLetterType);
export const DeadLetterPayload = payloadType('DeadLetter', 'deadLetter', 'a dead letter', () => DeadLetterType);
for (const type of [DeadLetterConnection, DeadLetterEdge, DeadLetterPayload]) Directive(OPERATOR)(type);
