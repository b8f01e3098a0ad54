import { Directive, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { PackageFormat as Format } from '../../src/domain/listing/listing';
import type { LicenseSource as Source, LicenseState as State, SeatState as SeatStateValue } from '../../src/domain/license/license';
import { connectionTypes } from './connection';
import { LicenseSource, LicenseState, PackageFormat, SeatState } from './enums';
import { PlanTermsType } from './plan';
import { DateTimeScalar } from './scalars';
import { payloadType, UserErrorType } from './user-error';

@Directive('@key(fields: "id")')
@ObjectType('License', { description: 'What a purchase brings: who may use which course version, until when, with how many seats. One line of an order is one licence.' })
export class LicenseType {
  @Field(() => ID, { description: 'The id of the licence.' })
  id!: string;

  @Field(() => LicenseState, { description: 'Whether it gives access.' })
  state!: State;

  @Field(() => String, { nullable: true, description: 'Why it is in this state, where there is something to say.' })
  stateReason!: string | null;

  @Field(() => LicenseSource, { description: 'What it comes from.' })
  source!: Source;

  @Field(() => ID, { description: 'The exact course version that it is for.' })
  courseVersionId!: string;

  @Field(() => PackageFormat, { nullable: true, description: 'The format of that version’s play package.' })
  packageFormat!: Format | null;

  @Field(() => PlanTermsType, { description: 'What was agreed to.' })
  terms!: PlanTermsType;

  @Field(() => Boolean, { description: 'Whether a downloaded course stays playable without ever going online again.' })
  perpetualOffline!: boolean;

  @Field(() => DateTimeScalar, { description: 'From when it is valid.' })
  validFrom!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Until when it is valid; null: perpetual.' })
  validUntil!: Date | null;
}

@ObjectType('SeatUsage', { description: 'How the seats of a licence are used. At every instant, assigned + enrolled + consumed ≤ total.' })
export class SeatUsageType {
  @Field(() => Int, { nullable: true, description: 'How many seats there are; null: unlimited.' })
  total!: number | null;

  @Field(() => Int, { nullable: true, description: 'How many can be assigned; null: unlimited.' })
  available!: number | null;

  @Field(() => Int, { description: 'How many are given to learners who are being enrolled.' })
  assigned!: number;

  @Field(() => Int, { description: 'How many have learners who are enrolled and have not started.' })
  enrolled!: number;

  @Field(() => Int, { description: 'How many have learners who have started.' })
  consumed!: number;

  @Field(() => Int, { nullable: true, description: 'How often seats that were started may still be given to somebody else; null: no limit.' })
  reassignmentsLeft!: number | null;
}

@Directive('@key(fields: "id")')
@ObjectType('Seat', { description: 'A place for one learner.' })
export class SeatType {
  @Field(() => ID, { description: 'The id of the seat.' })
  id!: string;

  @Field(() => SeatState, { description: 'What has become of it.' })
  state!: SeatStateValue;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was given to its learner; null: it is nobody’s.' })
  assignedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When its learner started the course; null: not yet.' })
  consumedAt!: Date | null;
}

@InputType({ description: 'Which licences to show. What is given must all be true.' })
export class LicenseFilter {
  @Field(() => [LicenseState], { nullable: true, description: 'Only licences in one of these states.' })
  states?: State[] | null;

  @Field(() => ID, { nullable: true, description: 'Only licences for this course.' })
  courseId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only licences with a seat of this learner.' })
  learnerId?: string | null;
}

export const { Connection: LicenseConnection, Edge: LicenseEdge } = connectionTypes('License', 'licences', () => LicenseType);
export const { Connection: SeatConnection, Edge: SeatEdge } = connectionTypes('Seat', 'seats', () => SeatType);

@InputType({ description: 'A licence for an organisation, given without an order.' })
export class GrantLicenseInput {
  @Field(() => ID, { description: 'The organisation that gets it.' })
  tenantId!: string;

  @Field(() => ID, { description: 'The listing whose course version it is for.' })
  listingId!: string;

  @Field(() => ID, { description: 'The plan of the listing whose present terms it has.' })
  pricingPlanId!: string;

  @Field(() => Int, { nullable: true, description: 'How many seats; left out: as many as the plan includes.' })
  seats?: number | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Until when it is valid; left out: as the plan says.' })
  validUntil?: Date | null;

  @Field(() => String, { description: 'Why it is given: 1 to 1,000 characters, shown as its `stateReason`.' })
  reason!: string;
}

export const LicensePayload = payloadType('License', 'license', 'a licence', () => LicenseType);

@ObjectType('AssignSeatsPayload', { description: 'What became of giving seats to learners.' })
export class AssignSeatsPayload {
  @Field(() => LicenseType, { nullable: true, description: 'The licence as it is afterwards; null when it was refused.' })
  license!: LicenseType | null;

  @Field(() => [SeatType], { description: 'The seats that were given, in the order of the learners; empty when it was refused.' })
  seats!: SeatType[];

  @Field(() => [UserErrorType], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: UserErrorType[];
}

@ObjectType('ReleaseSeatsPayload', { description: 'What became of taking seats back.' })
export class ReleaseSeatsPayload {
  @Field(() => [SeatType], { description: 'The seats as they are afterwards, in the order of the request; empty when it was refused.' })
  seats!: SeatType[];

  @Field(() => [UserErrorType], { description: 'Why it was refused, all reasons at once; empty when it was done.' })
  userErrors!: UserErrorType[];
}
