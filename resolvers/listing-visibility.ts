import { hasRole } from '../src/application/actor';
import type { Caller } from '../src/application/actor';
import type { ListingFilter } from '../src/application/ports/readers';
import type { TenantId } from '../src/domain/ids';
import type { Listing } from '../src/domain/listing/listing';
import { filterId, filterOf } from './ids';
import type { ListingFilter as ListingFilterInput } from './types/listing';

/** Reasons, history and plans no longer sold are for the listing's provider and platform admins. */
export function seesBehind(caller: Caller, { providerTenantId }: Pick<Listing, 'providerTenantId'>): boolean {
  return hasRole(caller, 'platform_admin') || (caller.kind === 'user' && hasRole(caller, 'provider') && caller.tenantId === providerTenantId);
}

/** `Query.listings`: live ones, unless the caller may see others and asks for them. Null: nothing can match. */
export function catalogueFilter(caller: Caller, input: ListingFilterInput | null | undefined): ListingFilter | null {
  const providerTenantId = filterId<TenantId>(input?.providerId);
  const mayChoose = hasRole(caller, 'platform_admin') || (providerTenantId != null && seesBehind(caller, { providerTenantId }));
  const statuses = (mayChoose ? input?.statuses : null) ?? ['LIVE'];
  return withCourse(input, { providerTenantId, statuses });
}

/** `Query.providerListings`: the caller's own in every status; a platform admin's are everybody's. Null: nothing can match. */
export function providerFilter(caller: Caller, input: ListingFilterInput | null | undefined): ListingFilter | null {
  const wanted = filterId<TenantId>(input?.providerId);
  const statuses = input?.statuses ?? undefined;
  if (hasRole(caller, 'platform_admin')) return withCourse(input, { providerTenantId: wanted, statuses });
  if (caller.kind !== 'user' || (wanted !== undefined && wanted !== caller.tenantId)) return null;
  return withCourse(input, { providerTenantId: caller.tenantId, statuses });
}

function withCourse(input: ListingFilterInput | null | undefined, rest: Omit<Parameters<typeof filterOf<ListingFilter>>[0], 'courseIds'>): ListingFilter | null {
  const courseId = filterId(input?.courseId);
  return filterOf<ListingFilter>({ ...rest, courseIds: courseId == null ? courseId : [courseId] } as Parameters<typeof filterOf<ListingFilter>>[0]);
}
