import type { TenantId } from '../../domain/ids';
import type { PurchasePolicy } from '../../domain/pricing/purchase-policy';

export interface TenantPolicies {
  /**
   * What the tenant may buy, as tenant-service says or lately said.
   * @throws NeighbourUnavailable when it does not answer and nothing recent enough is remembered
   */
  of(tenantId: TenantId): Promise<PurchasePolicy>;
}
