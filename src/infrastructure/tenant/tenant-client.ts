import { z } from 'zod';
import type { KycStatus, Tenants } from '../../application/ports/tenants';
import type { TenantId } from '../../domain/ids';
import { getJson, type NeighbourAddress } from '../neighbours/get-json';

const kycAnswer = z.object({ status: z.enum(['verified', 'pending', 'rejected']) });

/** tenant-service over HTTP (contract: neighbours). Nothing is cached here. */
export class TenantClient implements Tenants {
  private readonly address: NeighbourAddress;

  /** @param baseUrl `TENANT_URL` */
  constructor(baseUrl: string, timeoutMs?: number) {
    this.address = { name: 'tenant-service', baseUrl, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
  }

  async kycStatus(tenantId: TenantId): Promise<KycStatus | null> {
    return (await getJson(this.address, `/api/v1/tenants/${tenantId}/kyc`, kycAnswer))?.status ?? null;
  }
}
