import { Field, ObjectType } from 'type-graphql';
import type { ClassType } from 'type-graphql';
import type { Result, UserError } from '../../src/application/user-error';
import { UserErrorCode } from './enums';

@ObjectType({ description: 'A fact in an error’s message, for programs.' })
export class ErrorParam {
  @Field(() => String, { description: 'What the fact is called, for example "max".' })
  name!: string;

  @Field(() => String, { description: 'Its value, as text.' })
  value!: string;
}

@ObjectType('UserError', { description: 'Why something that was asked for is refused. Expected, and up to the caller to mend.' })
export class UserErrorType {
  @Field(() => UserErrorCode, { description: 'What is wrong, for programs.' })
  code!: UserError['code'];

  @Field(() => String, { description: 'What is wrong, for people.' })
  message!: string;

  @Field(() => [String], { description: 'Where in the arguments: names and list positions from the outside in, such as ["input", "lines", "0", "quantity"]. Empty when it concerns the whole.' })
  path!: string[];

  @Field(() => [ErrorParam], { description: 'The facts in the message.' })
  params!: ErrorParam[];
}

export type UserErrorView = Omit<UserError, 'params'> & { readonly params: readonly ErrorParam[] };

export function userErrorViews(errors: readonly UserError[]): UserErrorView[] {
  return errors.map((error) => ({ ...error, params: Object.entries(error.params).map(([name, value]) => ({ name, value })) }));
}

/** A mutation's answer: the object under `key`, or the reasons for which there is none. */
export type Payload<Key extends string, Value> = { readonly [K in Key]: Value | null } & { readonly userErrors: readonly UserErrorView[] };

export async function payload<Key extends string, Id, Value>(key: Key, result: Result<Id>, load: (id: Id) => Promise<Value | null>): Promise<Payload<Key, Value>> {
  const value = result.ok ? await load(result.value) : null;
  return { [key]: value, userErrors: result.ok ? [] : userErrorViews(result.errors) } as Payload<Key, Value>;
}

/** `<Name>Payload` with its object in the field `key`. */
export function payloadType(name: string, key: string, what: string, valueType: () => ClassType): ClassType {
  @ObjectType(`${name}Payload`, { description: `What became of a mutation of ${what}.` })
  class PayloadType {
    @Field(valueType, { name: key, nullable: true, description: 'As it is after the mutation; null when it was refused.' })
    value!: unknown;

    @Field(() => [UserErrorType], { description: 'Why it was refused, all reasons at once; empty when it was done.' })
    userErrors!: UserErrorType[];
  }
  return PayloadType;
}
