import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { AS_PARENT } from '../cached';

/** What other subgraphs own: here only an id, which the gateway resolves there. Not in the schema itself. */
@ObjectType({ description: 'Something that another service owns.' })
abstract class Reference {
  @Field(() => ID, { description: 'The id by which its own service knows it.' })
  id!: string;
}

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('User', { description: 'A person: a buyer, a learner or somebody who acted.' })
export class UserType extends Reference {}

@Directive(AS_PARENT)
@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('Tenant', { description: 'An organisation: one that buys or one that provides courses.' })
export class TenantType extends Reference {}

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('Payment', { description: 'A payment, held by billing. Nothing about cards or methods is kept here.' })
export class PaymentType extends Reference {}

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('TaxRecord', { description: 'The tax of a payment, held by billing.' })
export class TaxRecordType extends Reference {}

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('Enrollment', { description: 'A learner’s enrollment in a course, held by the enrollment service.' })
export class EnrollmentType extends Reference {}

/** A reference to what another subgraph owns, or null where there is none. */
export function reference(id: string | null | undefined): { readonly id: string } | null {
  return id == null ? null : { id };
}
