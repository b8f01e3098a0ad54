import { type ListingId, parseId } from '../../domain/ids';
import { targetOf } from '../../domain/listing/lifecycle';
import type { Listing } from '../../domain/listing/listing';
import type { Caller } from '../actor';
import { ok, refused, type Result } from '../user-error';
import { inRole, roleMissing } from './authorise';
import { changeListing, versionConflict } from './change-listing';
import type { ListingDependencies } from './dependencies';
import { providerVerified } from './provider-verified';
import type { ApproveListingInput } from './requests';

/**
 * Approves what was reviewed: SUBMITTED → APPROVED, in exactly the version that the reviewer names, and only while
 * tenant-service says that the provider's identity is verified. It is asked now, before the transaction.
 */
export function approveListing(dependencies: ListingDependencies) {
  return async (caller: Caller, { id, expectedVersion }: ApproveListingInput): Promise<Result<ListingId>> => {
    if (!inRole(caller, 'platform_admin')) return refused(roleMissing('platform_admin'));
    const listing = await read(dependencies, caller, id);
    // Where the change will be refused anyway it says why itself, and nobody needs to be asked.
    const approvable = listing !== null && targetOf(listing, 'approve') !== null && versionConflict(listing, { expectedVersion }) === null;
    const kyc = approvable ? await providerVerified(dependencies)(listing.providerTenantId) : ok(false);
    if (!kyc.ok) return kyc;
    return changeListing(dependencies, caller, { id, expectedVersion, role: 'platform_admin', command: { type: 'approve', kycVerified: kyc.value } });
  };
}

async function read({ unitOfWork, readers }: ListingDependencies, caller: Caller, id: string): Promise<Listing | null> {
  const listingId = parseId<ListingId>(id);
  if (listingId === null) return null;
  const [listing = null] = await unitOfWork.run(caller, (tx) => readers.listings.byIds(tx, [listingId]));
  return listing;
}
