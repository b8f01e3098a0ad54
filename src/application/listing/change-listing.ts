import { decideListing, type ListingCommand, type ListingFacts } from '../../domain/listing/decide';
import type { ListingId } from '../../domain/ids';
import type { Listing } from '../../domain/listing/listing';
import { under } from '../../domain/problem';
import type { AuthenticatedUser, Caller } from '../actor';
import type { Tx } from '../ports/unit-of-work';
import { ok, refused, type Result, userError, type UserError } from '../user-error';
import { inRole, roleMissing } from './authorise';
import type { ListingDependencies } from './dependencies';
import { type ChangingRole, lockListing } from './find-listing';
import { listingEvents } from './listing-events';

export interface ListingChangeRequest {
  readonly id: string;
  readonly expectedVersion?: number | null | undefined;
  readonly role: ChangingRole;
  readonly command: ListingCommand;
  /** Where the arguments stand in the mutation: [] or ['input']. */
  readonly argumentsAt?: readonly string[];
}

/**
 * The way of every change to a listing that exists: lock it, compare versions, decide, then store the listing, its
 * history and its events in one transaction.
 */
export async function changeListing(dependencies: ListingDependencies, caller: Caller, request: ListingChangeRequest): Promise<Result<ListingId>> {
  if (!inRole(caller, request.role)) return refused(roleMissing(request.role));
  return dependencies.unitOfWork.run(caller, (tx) => changeIn(dependencies, tx, caller, request), { commit: `listing.${request.command.type}` });
}

async function changeIn(dependencies: ListingDependencies, tx: Tx, caller: AuthenticatedUser, request: ListingChangeRequest): Promise<Result<ListingId>> {
  const { id, role, command, argumentsAt = [] } = request;
  const found = await lockListing(dependencies, tx, caller, role, id, [...argumentsAt, 'id']);
  if (!found.ok) return found;
  const conflict = versionConflict(found.value, request);
  if (conflict) return refused(conflict);
  const facts = await factsOf(dependencies, tx, found.value);
  const decision = decideListing(found.value, command, facts, { actorId: caller.userId, now: tx.now });
  if (!decision.ok) return refused(...under(argumentsAt, decision.problems));
  const { listing, transition } = decision;
  await dependencies.listings.save(tx, { listing, transition });
  await dependencies.outbox.append(tx, listingEvents(command.type, listing, command.type === 'retarget' ? { ...facts, courseVersion: command.courseVersion } : facts));
  return ok(listing.id);
}

/** VERSION_CONFLICT when the caller saw another version than the one that would change. */
export function versionConflict(listing: Listing, { expectedVersion, argumentsAt = [] }: Pick<ListingChangeRequest, 'expectedVersion' | 'argumentsAt'>): UserError | null {
  if (expectedVersion == null || expectedVersion === listing.version) return null;
  return userError(
    'VERSION_CONFLICT',
    `The listing has changed meanwhile: it is at version ${listing.version}, not ${expectedVersion}. Read it again and decide anew.`,
    [...argumentsAt, 'expectedVersion'],
    { expected: `${expectedVersion}`, current: `${listing.version}` },
  );
}

export async function factsOf({ readers }: Pick<ListingDependencies, 'readers'>, tx: Tx, listing: Listing): Promise<ListingFacts> {
  const [courseVersion = null] = await readers.listings.courseVersions(tx, [listing.courseVersionId]);
  return { courseVersion, plans: await readers.plans.ofListings(tx, [listing.id]) };
}
