import type { TenantId } from '../../domain/ids';
import { NeighbourUnavailable } from '../ports/neighbour-unavailable';
import { ok, refused, type Result, userError } from '../user-error';
import type { ListingDependencies } from './dependencies';

/** Whether tenant-service says, now, that the provider's identity is verified. */
export function providerVerified({ tenants }: Pick<ListingDependencies, 'tenants'>) {
  return async (providerTenantId: TenantId): Promise<Result<boolean>> => {
    try {
      return ok((await tenants.kycStatus(providerTenantId)) === 'verified');
    } catch (error) {
      if (!(error instanceof NeighbourUnavailable)) throw error;
      return refused(userError('TEMPORARILY_UNAVAILABLE', 'Whether the provider is verified cannot be asked right now. Please try again in a minute.', [], { service: 'tenant' }));
    }
  };
}
