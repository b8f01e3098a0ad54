import { parseId } from '../../domain/ids';
import type { ListingId, StorefrontId } from '../../domain/ids';
import { under } from '../../domain/problem';
import { readChoice } from '../../domain/storefront/new-storefront';
import type { Caller } from '../actor';
import { inRole, roleMissing } from '../listing/authorise';
import type { Tx } from '../ports/unit-of-work';
import { ok, refused, userError } from '../user-error';
import type { Result, UserError } from '../user-error';
import type { StorefrontDependencies } from './dependencies';
import type { SetStorefrontListingsRequest } from './requests';
import { noSuchStorefront } from './save-storefront';

/** Chooses what a curated storefront sells, in its order: all of the list in the place of all that was chosen, or nothing. */
export function setStorefrontListings(dependencies: StorefrontDependencies) {
  return async (caller: Caller, { storefrontId, listingIds }: SetStorefrontListingsRequest): Promise<Result<StorefrontId>> => {
    if (!inRole(caller, 'org_admin')) return refused(roleMissing('org_admin'));
    const id = parseId<StorefrontId>(storefrontId);
    if (id === null) return refused(noSuchStorefront(['storefrontId']));
    const { ids, problems } = readChoice(listingIds);
    const { unitOfWork, storefronts } = dependencies;
    return unitOfWork.run(caller, async (tx) => {
      if (!(await storefronts.lock(tx, id, caller.tenantId))) return refused(noSuchStorefront(['storefrontId']));
      const missing = await notToBeHad(dependencies, tx, id, ids);
      if (problems.length + missing.length > 0) return refused(...under<UserError>(['listingIds'], [...problems, ...missing]));
      await storefronts.choose(tx, id, caller.tenantId, ids.filter((listingId) => listingId !== null));
      return ok(id);
    }, { commit: 'storefront.choose' });
  };
}

/** What is on sale can be chosen. What was chosen already may stay, for it may come back on sale. */
async function notToBeHad({ readers }: StorefrontDependencies, tx: Tx, id: StorefrontId, ids: readonly (ListingId | null)[]): Promise<UserError[]> {
  const before = new Set((await readers.storefronts.chosen(tx, [id])).map(({ listingId }) => listingId));
  const added = ids.filter((listingId) => listingId !== null && !before.has(listingId)) as ListingId[];
  const found = added.length > 0 ? await readers.listings.byIds(tx, added) : [];
  const known = new Set([...before, ...found.filter(({ status }) => status === 'LIVE').map((listing) => listing.id)]);
  return ids.flatMap((listingId, i) => (listingId !== null && known.has(listingId) ? [] : [userError('NOT_FOUND', 'There is no such listing on sale.', [`${i}`])]));
}
