import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql';
import type { LicenseId, SeatId } from '../src/domain/ids';
import type { License, Seat } from '../src/domain/license/license';
import type { Result } from '../src/application/user-error';
import { Authenticated } from './authenticated';
import type { OperationContext } from './operation-context';
import { AssignSeatsPayload, GrantLicenseInput, LicensePayload, ReleaseSeatsPayload } from './types/license';
import { OPERATOR } from './types/saga';
import { payload, userErrorViews } from './types/user-error';
import type { Payload, UserErrorView } from './types/user-error';

interface SeatsAnswer {
  readonly license: License | null;
  readonly seats: readonly Seat[];
  readonly userErrors: readonly UserErrorView[];
}

@Resolver()
export class LicenseMutations {
  @Authenticated()
  @Mutation(() => AssignSeatsPayload, { description: 'Gives free seats of a licence to learners: to all of them or to none. Possible once the order is fulfilled and while the licence gives access. For an organisation’s administrators.' })
  async assignSeats(
    @Ctx() context: OperationContext,
    @Arg('licenseId', () => ID, { description: 'The licence.' }) licenseId: string,
    @Arg('learnerIds', () => [ID], { description: 'Who gets a seat: 1 to 1,000 learners, each once.' }) learnerIds: string[],
  ): Promise<SeatsAnswer> {
    const result = await context.application.licenses.assignSeats(context.caller, { licenseId, learnerIds });
    if (!result.ok) return { license: null, seats: [], userErrors: userErrorViews(result.errors) };
    const { value } = result;
    return { license: await context.loaders.license.clear(value.licenseId).load(value.licenseId), seats: await seatsOf(context, value.seatIds), userErrors: [] };
  }

  @Authenticated()
  @Mutation(() => ReleaseSeatsPayload, { description: 'Takes seats back from their learners: all of them or none. They are free for others at once. Seats that were started count against the plan’s `seatReassignmentLimit`. For an organisation’s administrators.' })
  async releaseSeats(@Ctx() context: OperationContext, @Arg('seatIds', () => [ID], { description: '1 to 1,000 seats, each once.' }) seatIds: string[]): Promise<Omit<SeatsAnswer, 'license'>> {
    const result = await context.application.licenses.releaseSeats(context.caller, seatIds);
    return result.ok ? { seats: await seatsOf(context, result.value), userErrors: [] } : { seats: [], userErrors: userErrorViews(result.errors) };
  }

  @Authenticated()
  @Directive(OPERATOR)
  @Mutation(() => LicensePayload, { description: 'Gives an organisation a licence without an order. For platform administrators.' })
  grantLicense(@Ctx() context: OperationContext, @Arg('input', () => GrantLicenseInput, { description: 'The licence.' }) input: GrantLicenseInput): Promise<Payload<'license', License>> {
    return answer(context, context.application.licenses.grantLicense(context.caller, input));
  }

  @Authenticated()
  @Directive(OPERATOR)
  @Mutation(() => LicensePayload, { description: 'Takes a licence back for good, with all of its seats. No money moves by it. For platform administrators.' })
  revokeLicense(
    @Ctx() context: OperationContext,
    @Arg('id', () => ID, { description: 'The licence.' }) id: string,
    @Arg('reason', () => String, { description: 'Why, for its holder to read: 1 to 1,000 characters.' }) reason: string,
  ): Promise<Payload<'license', License>> {
    return answer(context, context.application.licenses.revokeLicense(context.caller, { id, reason }));
  }
}

async function answer({ loaders }: OperationContext, result: Promise<Result<LicenseId>>): Promise<Payload<'license', License>> {
  return payload('license', await result, (id) => loaders.license.clear(id).load(id));
}

async function seatsOf({ loaders }: OperationContext, ids: readonly SeatId[]): Promise<Seat[]> {
  const seats = await Promise.all(ids.map((id) => loaders.seat.clear(id).load(id)));
  return seats.filter((seat) => seat !== null);
}
