import { hasRole } from '../src/application/actor';
import type { Caller } from '../src/application/actor';
import type { ListingFilter, PlanFilter } from '../src/application/ports/readers';
import type { CourseId, TenantId } from '../src/domain/ids';
import type { Listing } from '../src/domain/listing/listing';
import { fromDecimal, parseCurrency } from '../src/domain/money';
import { badInput } from './errors';
import { filterId, filterOf, filterText } from './ids';
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
  return withRest(input, { providerTenantId, statuses });
}

/** `Query.providerListings`: the caller's own in every status; a platform admin's are everybody's. Null: nothing can match. */
export function providerFilter(caller: Caller, input: ListingFilterInput | null | undefined): ListingFilter | null {
  const wanted = filterId<TenantId>(input?.providerId);
  const statuses = input?.statuses ?? undefined;
  if (hasRole(caller, 'platform_admin')) return withRest(input, { providerTenantId: wanted, statuses });
  if (caller.kind !== 'user' || (wanted !== undefined && wanted !== caller.tenantId)) return null;
  return withRest(input, { providerTenantId: caller.tenantId, statuses });
}

interface Whose {
  readonly providerTenantId: TenantId | null | undefined;
  readonly statuses: ListingFilter['statuses'] | undefined;
}

function withRest(input: ListingFilterInput | null | undefined, whose: Whose): ListingFilter | null {
  const courseId = filterId<CourseId>(input?.courseId);
  return filterOf<ListingFilter>({
    ...whose,
    courseIds: courseId == null ? courseId : [courseId],
    tags: input?.tags == null ? undefined : tagsOf(input.tags),
    featured: input?.featured ?? undefined,
    plan: planFilter(input),
    words: filterText(input?.search?.trim() === '' ? undefined : input?.search),
    hits: undefined,
  });
}

/** As they are kept. One that cannot be stored is a tag of nothing. */
function tagsOf(tags: readonly string[]): string[] | null {
  const texts = tags.map((tag) => filterText(tag.trim().toLowerCase()));
  return texts.every((text) => text != null) ? texts : null;
}

/** @throws GraphQLError BAD_USER_INPUT for a ceiling without its currency. Null: a currency that is none. */
function planFilter(input: ListingFilterInput | null | undefined): PlanFilter | null | undefined {
  const { kinds, currency: code, maxPrice } = input ?? {};
  if (maxPrice && maxPrice.currency !== code) throw badInput('“maxPrice” needs “currency”, and in the same currency.');
  if (kinds == null && code == null) return undefined;
  const currency = code == null ? undefined : parseCurrency(code);
  if (currency === null) return null;
  const ceiling = maxPrice && currency ? fromDecimal(maxPrice.amount, currency) : undefined;
  if (ceiling === null) throw badInput('“maxPrice” has more digits than its currency.');
  return filterOf<PlanFilter>({ kinds: kinds ?? undefined, currency, maxMinor: ceiling?.amountMinor });
}
