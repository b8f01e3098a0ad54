import type { TenantId } from '../../domain/ids';

export type KycStatus = 'verified' | 'pending' | 'rejected';

export interface Tenants {
  /**
   * How the tenant's identity check stands *now*, asked past every cache; null: tenant-service knows no such tenant.
   * @throws NeighbourUnavailable
   */
  kycStatus(tenantId: TenantId): Promise<KycStatus | null>;
}
