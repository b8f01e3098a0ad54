import type { Listing } from '../../domain/listing/listing';
import type { AuthenticatedUser, Caller, Role } from '../actor';
import { userError, type UserError } from '../user-error';

const MAY: Readonly<Record<Role, string>> = {
  buyer: 'buyers', org_admin: 'administrators of an organisation', provider: 'providers', platform_admin: 'platform administrators',
};

/** Whether the caller acts in the role; FORBIDDEN otherwise, before anything is looked up. */
export function inRole(caller: Caller, role: Role): caller is AuthenticatedUser {
  return caller.kind === 'user' && caller.roles.has(role);
}

export function roleMissing(role: Role): UserError {
  return userError('FORBIDDEN', `Only ${MAY[role]} may do this.`, [], { role });
}

export function noSuchListing(path: readonly string[]): UserError {
  return userError('NOT_FOUND', 'There is no such listing.', path);
}

export function notYourListing(path: readonly string[]): UserError {
  return userError('FORBIDDEN', 'The listing belongs to another provider.', path);
}

/** The same for what does not exist and for what is another tenant's: what one may not see does not exist. */
export function noSuchVersion(path: readonly string[]): UserError {
  return userError('NOT_FOUND', 'Your organisation has no such version of this course.', path);
}

export function isOwnedBy(listing: Pick<Listing, 'providerTenantId'>, caller: AuthenticatedUser): boolean {
  return listing.providerTenantId === caller.tenantId;
}
